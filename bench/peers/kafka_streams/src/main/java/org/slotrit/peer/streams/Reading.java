package org.slotrit.peer.streams;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.slotrit.peer.Unusable;
import org.slotrit.peer.contract.Json;
import org.slotrit.peer.contract.TimingEvent;

/** Bytes of a message to a timing event. */
final class Reading {
    private static final ObjectReader EVENTS = Json.MESSAGES.readerFor(TimingEvent.class);
    private static final int LARGEST_BYTES = 1_048_576;

    private Reading() {}

    /**
     * Read an event and check that it lies under its race.
     *
     * @throws Unusable where it is none; the message says why
     */
    static TimingEvent event(byte[] key, byte[] value) throws Unusable {
        if (value == null) {
            throw new Unusable("value: must be a timing event, got none");
        }
        if (value.length > LARGEST_BYTES) {
            throw new Unusable("value: must have at most " + LARGEST_BYTES + " bytes, got " + value.length);
        }
        String group = group(key);
        TimingEvent event = parsed(value);
        if (!event.raceId().equals(group)) {
            throw new Unusable("key: must be the race_id " + event.raceId() + ", got " + group);
        }
        return event;
    }

    private static String group(byte[] key) throws Unusable {
        if (key == null) {
            throw new Unusable("key: must be the race_id, got none");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
        } catch (CharacterCodingException wrong) {
            throw new Unusable("key: must be the race_id in UTF-8");
        }
    }

    private static TimingEvent parsed(byte[] value) throws Unusable {
        TimingEvent event;
        try {
            event = EVENTS.readValue(value);
        } catch (JsonProcessingException wrong) {
            throw new Unusable(wrong.getOriginalMessage());
        } catch (IOException wrong) {
            throw new Unusable(wrong.getMessage());
        }
        if (event == null) {
            throw new Unusable("value: must be a timing event, got null");
        }
        return event;
    }
}

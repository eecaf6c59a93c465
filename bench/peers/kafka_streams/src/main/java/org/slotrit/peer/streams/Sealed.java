package org.slotrit.peer.streams;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.slotrit.peer.Unusable;
import org.slotrit.peer.contract.Json;
import org.slotrit.peer.contract.Standings;
import org.slotrit.peer.race.Sheet;

/** What is published: bytes, with CloudEvents 1.0 in headers. */
final class Sealed {
    private static final ObjectWriter STANDINGS = Json.MESSAGES.writerFor(Standings.class);
    private static final int LARGEST_BYTES = 2_150_000;
    private static final int LONGEST_REASON = 1_000;
    private static final String SOURCE = "slotrit";

    private Sealed() {}

    /**
     * Seal the standings of a row.
     *
     * @param cause the topic, partition and offset of the event behind them
     * @throws Unusable where the message has no UTF-8, or is larger than the topic takes
     */
    static Record<byte[], byte[]> standings(
            Row row, Sheet sheet, String cause, Record<byte[], byte[]> received) throws Unusable {
        String raceId = row.race().definition().raceId();
        Standings standings =
                new Standings(
                        Standings.TYPE,
                        raceId,
                        row.version(),
                        sheet.status(),
                        row.asOf(),
                        row.race().definition(),
                        sheet.entries(),
                        sheet.onIce(),
                        sheet.next(),
                        sheet.remaining());
        byte[] value = bytes(standings);
        if (value.length > LARGEST_BYTES) {
            throw new Unusable(
                    "value: makes standings of " + value.length + " bytes, more than a topic takes");
        }
        RecordHeaders headers = new RecordHeaders();
        add(headers, "ce_specversion", "1.0");
        add(headers, "ce_id", raceId + "@" + row.version() + ".0/" + Standings.TYPE);
        add(headers, "ce_source", SOURCE);
        add(headers, "ce_type", Standings.TYPE);
        add(headers, "ce_time", row.asOf().writtenWithOffset());
        add(headers, "content-type", "application/json");
        add(headers, "slotrit_cause", cause);
        return new Record<>(raceId.getBytes(StandardCharsets.UTF_8), value, received.timestamp(), headers);
    }

    /** Set a message aside as it came, with its own headers, and in ours why and whence. */
    static Record<byte[], byte[]> deadLetter(Record<byte[], byte[]> received, String reason, String cause) {
        RecordHeaders headers = new RecordHeaders();
        for (Header each : received.headers()) {
            headers.add(each);
        }
        for (String own : new String[] {"ce_specversion", "ce_id", "ce_source", "ce_type"}) {
            headers.remove(own);
        }
        headers.remove("slotrit_reason").remove("slotrit_cause");
        add(headers, "ce_specversion", "1.0");
        add(headers, "ce_id", "dead-letter@" + cause);
        add(headers, "ce_source", SOURCE);
        add(headers, "ce_type", "dead-letter");
        add(headers, "slotrit_reason", reason.substring(0, Math.min(reason.length(), LONGEST_REASON)));
        add(headers, "slotrit_cause", cause);
        byte[] value = received.value() == null ? new byte[0] : received.value();
        return new Record<>(received.key(), value, received.timestamp(), headers);
    }

    /** Half of a surrogate pair can be read from JSON, and not be written in UTF-8. */
    private static byte[] bytes(Standings standings) throws Unusable {
        try {
            return STANDINGS.writeValueAsBytes(standings);
        } catch (JsonProcessingException wrong) {
            throw new Unusable("value: cannot be written again: " + wrong.getOriginalMessage());
        }
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}

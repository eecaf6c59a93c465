package org.slotrit.peer.streams;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slotrit.peer.Unusable;
import org.slotrit.peer.contract.TimingEvent;
import org.slotrit.peer.race.Drawn;
import org.slotrit.peer.race.Fold;
import org.slotrit.peer.race.Race;

/**
 * Folds the events of a partition, and says the standings of a race whenever an event changes them.
 *
 * <p>A row has the offset that it includes. After a crash its events come again and are known by that. The
 * row may have survived where the standings did not, so when the last of its events comes again, what was
 * said last is said again, the same to the byte.
 */
final class StandingsProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    static final String STORE = "races";
    static final String STANDINGS = "standings";
    static final String DEAD_LETTERS = "dead-letters";

    private record Shown(Row row, Drawn drawn) {}

    private final Known<Shown> known = new Known<>();
    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<String, Row> rows;

    @Override
    public void init(ProcessorContext<byte[], byte[]> given) {
        context = given;
        rows = given.getStateStore(STORE);
    }

    @Override
    public void process(Record<byte[], byte[]> received) {
        RecordMetadata from = context.recordMetadata().orElseThrow();
        try {
            TimingEvent event = Reading.event(received.key(), received.value());
            handle(event, received, from);
        } catch (Unusable wrong) {
            String reason = wrong.getMessage();
            context.forward(Sealed.deadLetter(received, reason, cause(from, from.offset())), DEAD_LETTERS);
        }
    }

    private void handle(TimingEvent event, Record<byte[], byte[]> received, RecordMetadata from)
            throws Unusable {
        String raceId = event.raceId();
        Shown before = shown(raceId);
        if (before != null && from.offset() <= before.row.offset()) {
            if (from.offset() == before.row.offset()) {
                say(before, received, from);
            }
            return;
        }
        Race race = Fold.fold(before == null ? null : before.row.race(), event);
        if (before != null && race == before.row.race()) {
            return;
        }
        Drawn drawn = Drawn.of(race, before == null ? null : before.drawn);
        boolean isNew = before == null || !drawn.saysTheSameAs(before.drawn);
        Row row =
                isNew
                        ? new Row(race, from.offset(), version(before) + 1, event.occurredAt(), from.offset())
                        : before.row.with(race, from.offset());
        Shown after = new Shown(row, drawn);
        if (isNew) {
            say(after, received, from);
        }
        rows.put(raceId, row);
        known.put(raceId, after);
    }

    private void say(Shown shown, Record<byte[], byte[]> received, RecordMetadata from) throws Unusable {
        String cause = cause(from, shown.row.cause());
        context.forward(Sealed.standings(shown.row, shown.drawn.sheet(), cause, received), STANDINGS);
    }

    private Shown shown(String raceId) {
        Shown shown = known.get(raceId);
        if (shown == null) {
            Row row = rows.get(raceId);
            if (row != null) {
                shown = new Shown(row, Drawn.of(row.race(), null));
                known.put(raceId, shown);
            }
        }
        return shown;
    }

    private static int version(Shown before) {
        return before == null ? 0 : before.row.version();
    }

    /** Name the place of origin as a worker does: the topic without a prefix, partition, offset. */
    private static String cause(RecordMetadata from, long offset) {
        return StandingsTopology.TIMING + "/" + from.partition() + "/" + offset;
    }
}

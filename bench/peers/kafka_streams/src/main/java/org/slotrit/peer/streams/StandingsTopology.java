package org.slotrit.peer.streams;

import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.slotrit.peer.contract.Json;

/** Timing events to standings and dead letters, with a row a race in a store that has a changelog. */
public final class StandingsTopology {
    static final String TIMING = "skating.timing";

    /** Twice what a topic takes unless told: a race of 250 competitors is a large row. */
    private static final String LARGEST_ROW_BYTES = "2200000";

    private static final String PROCESSOR = "fold";

    private StandingsTopology() {}

    /**
     * Build it.
     *
     * @param prefix stands before every topic's name, as it is
     */
    public static Topology of(String prefix) {
        StoreBuilder<KeyValueStore<String, Row>> rows =
                Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(StandingsProcessor.STORE),
                                Serdes.String(),
                                JsonSerde.of(Row.class, Json.STORE))
                        .withLoggingEnabled(Map.of("max.message.bytes", LARGEST_ROW_BYTES))
                        .withCachingDisabled();
        ByteArrayDeserializer read = new ByteArrayDeserializer();
        ByteArraySerializer write = new ByteArraySerializer();
        return new Topology()
                .addSource("timing", read, read, prefix + TIMING)
                .addProcessor(PROCESSOR, StandingsProcessor::new, "timing")
                .addStateStore(rows, PROCESSOR)
                .addSink(
                        StandingsProcessor.STANDINGS, prefix + "skating.standings", write, write, PROCESSOR)
                .addSink(
                        StandingsProcessor.DEAD_LETTERS,
                        prefix + "skating.dead-letters",
                        write,
                        write,
                        PROCESSOR);
    }
}

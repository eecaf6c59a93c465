package org.slotrit.peer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What the command line says.
 *
 * @param prefix stands before every topic's name
 * @param stateDir a folder for the stores
 * @param sessionTimeoutS after how many seconds without a word it is given up
 * @param guarantee {@code at_least_once} unless told, or {@code exactly_once_v2}
 */
record Options(
        String brokers,
        String prefix,
        String appId,
        String stateDir,
        int threads,
        int sessionTimeoutS,
        String guarantee) {
    static final String USAGE =
            "usage: --brokers HOST:PORT[,…] --app-id ID --state-dir FOLDER [--prefix TEXT] [--threads N]"
                    + " [--session-timeout-s N] [--guarantee at_least_once|exactly_once_v2]";

    private static final List<String> NAMES =
            List.of(
                    "--brokers",
                    "--prefix",
                    "--app-id",
                    "--state-dir",
                    "--threads",
                    "--session-timeout-s",
                    "--guarantee");

    /** @throws IllegalArgumentException with a sentence for whoever typed them */
    static Options parse(String[] arguments) {
        Map<String, String> told = new HashMap<>();
        for (int place = 0; place < arguments.length; place += 2) {
            String name = arguments[place];
            if (!NAMES.contains(name) || place + 1 == arguments.length) {
                throw new IllegalArgumentException(name + ": is no option, or has no value; " + USAGE);
            }
            told.put(name, arguments[place + 1]);
        }
        for (String needed : List.of("--brokers", "--app-id", "--state-dir")) {
            if (!told.containsKey(needed)) {
                throw new IllegalArgumentException(needed + ": is missing; " + USAGE);
            }
        }
        return new Options(
                told.get("--brokers"),
                told.getOrDefault("--prefix", ""),
                told.get("--app-id"),
                told.get("--state-dir"),
                Integer.parseInt(told.getOrDefault("--threads", "1")),
                Integer.parseInt(told.getOrDefault("--session-timeout-s", "10")),
                told.getOrDefault("--guarantee", StreamsConfig.AT_LEAST_ONCE));
    }

    /** The settings of Kafka Streams: its defaults, but for what a Slotrit worker has otherwise. */
    Properties settings() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, appId);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDir);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
        // A worker commits twice a second and sends at once.
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 500);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
        settings.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
                sessionTimeoutS * 1000);
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        // Standings of 250 competitors have two million bytes, which our topics take.
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), 3_000_000);
        return settings;
    }
}

package org.slotrit.peer;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slotrit.peer.streams.StandingsTopology;

/** The standings of races, in Kafka Streams. Says {@code ready} when it runs, and ends on SIGTERM. */
public final class Main {
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(10);

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(2);
            return;
        }
        System.exit(run(options));
    }

    private static int run(Options options) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        AtomicBoolean isSaid = new AtomicBoolean();
        AtomicBoolean hasFailed = new AtomicBoolean();
        KafkaStreams streams = new KafkaStreams(StandingsTopology.of(options.prefix()), options.settings());
        streams.setUncaughtExceptionHandler(
                failure -> {
                    failure.printStackTrace();
                    hasFailed.set(true);
                    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
                });
        streams.setStateListener(
                (now, before) -> {
                    if (now == State.RUNNING && isSaid.compareAndSet(false, true)) {
                        System.out.println("ready");
                    } else if (now == State.ERROR || now == State.NOT_RUNNING) {
                        ended.countDown();
                    }
                });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(STOPS_WITHIN)));
        streams.start();
        ended.await();
        return hasFailed.get() ? 1 : 0;
    }
}

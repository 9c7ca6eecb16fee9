package io.pathkeeper.server.admin;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices when the whole process stood still (garbage collection, a stopped machine): a thread that wakes up late tells. */
public final class PauseMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PauseMonitor.class);
    private static final long SLEEP_MILLIS = 50;
    private static final long REPORT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LOG_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Consumer<Duration> listener;
    private final Thread thread = new Thread(this::watch, "pause-monitor");

    /** Begins to watch; pauses of more than 100 ms are reported, those of more than 500 ms logged, too. */
    public PauseMonitor(Consumer<Duration> listener) {
        this.listener = listener;
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        try {
            long before = System.nanoTime();
            while (true) {
                Thread.sleep(SLEEP_MILLIS);
                long now = System.nanoTime();
                report(now - before - TimeUnit.MILLISECONDS.toNanos(SLEEP_MILLIS));
                before = now;
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private void report(long nanos) {
        if (nanos > REPORT_NANOS) {
            listener.accept(Duration.ofNanos(nanos));
        }
        if (nanos > LOG_NANOS) {
            LOG.atWarn()
                    .addKeyValue("millis", TimeUnit.NANOSECONDS.toMillis(nanos))
                    .log("the process stood still");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

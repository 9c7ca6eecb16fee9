package io.pathkeeper.server.wire;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the files of all identities again and again, on the one thread {@code tls-watch}. */
public final class TlsWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TlsWatch.class);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "tls-watch");
        made.setDaemon(true);
        return made;
    });

    /**
     * Begins; looks for the first time after one interval.
     *
     * @param looked is run behind every look
     */
    public TlsWatch(List<ReloadingTls> watched, Duration interval, Runnable looked) {
        List<ReloadingTls> all = List.copyOf(watched);
        if (!all.isEmpty()) {
            thread.scheduleWithFixedDelay(
                    () -> look(all, looked), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** What it throws must not end the looking. */
    private static void look(List<ReloadingTls> all, Runnable looked) {
        try {
            all.forEach(ReloadingTls::reload);
            looked.run();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("the TLS files could not be looked at; it is tried again");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

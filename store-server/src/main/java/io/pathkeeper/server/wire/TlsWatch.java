package io.pathkeeper.server.wire;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks at the files of all identities again and again, on the one thread {@code tls-watch}. */
public final class TlsWatch implements AutoCloseable {
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "tls-watch");
        made.setDaemon(true);
        return made;
    });

    /** Begins; looks for the first time after one interval. */
    public TlsWatch(List<ReloadingTls> watched, Duration interval) {
        List<ReloadingTls> all = List.copyOf(watched);
        if (!all.isEmpty()) {
            thread.scheduleWithFixedDelay(
                    () -> all.forEach(ReloadingTls::reload),
                    interval.toMillis(),
                    interval.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

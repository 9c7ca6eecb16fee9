package io.pathkeeper.server.auth;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Counts failed sign-ins by where they come from and whom they are for, and says when there were too many within a minute. Of the least
 * recently failed ones it forgets the oldest beyond {@value #KEPT}. Any thread.
 */
final class SignInLimiter {
    private static final int KEPT = 10_000;
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Map<String, Window> failures = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Window> eldest) {
            return size() > KEPT;
        }
    };

    private record Window(long beginNanos, int count) {}

    /** Whether another try is refused. */
    synchronized boolean isOver(String key, int most, long nowNanos) {
        Window window = failures.get(key);
        return window != null && nowNanos - window.beginNanos() < WINDOW_NANOS && window.count() >= most;
    }

    synchronized void failed(String key, long nowNanos) {
        Window window = failures.get(key);
        failures.put(
                key,
                window != null && nowNanos - window.beginNanos() < WINDOW_NANOS
                        ? new Window(window.beginNanos(), window.count() + 1)
                        : new Window(nowNanos, 1));
    }
}

package io.pathkeeper.it.cluster;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** Waits on conditions, with a message that says what did not come true. */
public final class Await {
    private static final Duration POLL = Duration.ofMillis(20);

    private Await() {}

    /** Waits until a condition holds; what it throws on the way counts as false. */
    public static void until(String what, Duration patience, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(patience)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .ignoreExceptions()
                .until(condition);
    }

    /** Waits until there is a value and returns it. */
    public static <T> T value(String what, Duration patience, Callable<Optional<T>> source) {
        return Awaitility.await(what)
                .atMost(patience)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .ignoreExceptions()
                .until(source, Optional::isPresent)
                .orElseThrow();
    }
}

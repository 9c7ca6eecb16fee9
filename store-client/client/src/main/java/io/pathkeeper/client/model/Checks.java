package io.pathkeeper.client.model;

import java.time.Duration;

/** Checks of option values; each message gives the name, the value and the allowed range. */
final class Checks {
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

    private Checks() {}

    static void timeout(Duration timeout) {
        if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("timeout must be 1 ms to 5 minutes, not " + timeout);
        }
    }

    static void notNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative, but is " + value);
        }
    }

    static void range(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be " + min + " to " + max + ", not " + value);
        }
    }
}

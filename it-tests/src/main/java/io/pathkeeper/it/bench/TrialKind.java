package io.pathkeeper.it.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Workloads that are more than the same call again and again. */
enum TrialKind {
    /** Observers of one subtree that is written. */
    OBSERVE,
    /** The leader's process is killed under a load. */
    LEADER_KILL,
    /** Many sessions are opened, kept alive and left alone. */
    SESSIONS,
    /** Many znodes in a store of their own. */
    SCALE;

    static Optional<TrialKind> of(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(name.strip().toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

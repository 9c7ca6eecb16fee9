package io.pathkeeper.it.fault.nemesis;

import io.pathkeeper.it.fault.cluster.FaultCluster;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/** A kind of fault. Without state: what is in force is an {@link Injection}. */
public interface Nemesis {
    /** Shortest and longest time that a fault is in force, unless its kind says otherwise. */
    long LEAST_HOLD_MILLIS = 100;

    /** See {@link #LEAST_HOLD_MILLIS}. */
    long MOST_HOLD_MILLIS = 20_000;

    /** Its name on the command line and in reports: lower case, words joined by {@code -}. */
    String name();

    /** What it does, as half a sentence. */
    String summary();

    /** Why it cannot run on this machine; empty when it can. */
    default Optional<String> whyNot(FaultCluster cluster) {
        return Optional.empty();
    }

    /** How long a fault stays in force: short ones are as likely as long ones. */
    default Duration hold(SplittableRandom dice) {
        double range = Math.log((double) MOST_HOLD_MILLIS / LEAST_HOLD_MILLIS);
        return Duration.ofMillis(Math.round(LEAST_HOLD_MILLIS * Math.exp(dice.nextDouble() * range)));
    }

    /** Puts a fault in force on servers that are all well. */
    Injection begin(FaultCluster cluster, SplittableRandom dice) throws InterruptedException;
}

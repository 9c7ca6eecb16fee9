package io.pathkeeper.it.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;

/** A measurement that is more than the same call again and again: it tells figures of its own. Driven by the main thread. */
interface Trial {
    /** What is tried. */
    String workload();

    /** Which form of it; empty when there is one only. */
    String variant();

    /**
     * Runs once on a store that was started and loaded, and leaves it as it was: all servers run, nothing is under way.
     *
     * @param progress for what is worth a look and no figure
     * @return the figures in the order in which they are told
     */
    Map<Figure, Double> run(Store store, PrintStream progress) throws Exception;

    /** Makes a store fast at it before the first measurement, for about so long; nothing where a trial begins with that itself. */
    default void warmUp(Store store, Duration length) throws Exception {}
}

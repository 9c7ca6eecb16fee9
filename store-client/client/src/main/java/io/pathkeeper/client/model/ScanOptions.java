package io.pathkeeper.client.model;

import java.time.Duration;

/**
 * How a subtree is scanned. By default: linearizable, with stat and typed value.
 *
 * <p>Immutable: every setter returns a changed copy.
 */
public final class ScanOptions implements Cloneable {
    private static final ScanOptions DEFAULTS = new ScanOptions();

    private Consistency consistency = Consistency.LINEARIZABLE;
    private long minRevision = 0;
    private Duration maxStaleness = Duration.ZERO;
    private View view = View.FULL;
    private ValueFormat format = ValueFormat.TYPED;

    private ScanOptions() {}

    /** Returns the defaults. */
    public static ScanOptions defaults() {
        return DEFAULTS;
    }

    /** Returns the defaults with {@link Consistency#LOCAL}: the fastest read, never older than what this client has seen. */
    public static ScanOptions local() {
        return DEFAULTS.consistency(Consistency.LOCAL);
    }

    /** Returns the defaults with {@link Consistency#AT_LEAST} and the revision. */
    public static ScanOptions atLeast(long minRevision) {
        return DEFAULTS.consistency(Consistency.AT_LEAST).minRevision(minRevision);
    }

    /**
     * Sets how the read relates to the writes before it; linearizable by default.
     */
    public ScanOptions consistency(Consistency consistency) {
        ScanOptions copy = copy();
        copy.consistency = consistency;
        return copy;
    }

    /**
     * Sets a revision that the answer must have reached. With {@link Consistency#AT_LEAST} and {@link Consistency#LOCAL} the client
     * raises it to what it has seen already, unless the client was built without monotonic reads.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public ScanOptions minRevision(long minRevision) {
        Checks.notNegative("minRevision", minRevision);
        ScanOptions copy = copy();
        copy.minRevision = minRevision;
        return copy;
    }

    /**
     * With {@link Consistency#LOCAL}: refuses with {@code STALE} when the server has not heard from its leader for longer. Zero: no
     * bound.
     */
    public ScanOptions maxStaleness(Duration maxStaleness) {
        ScanOptions copy = copy();
        copy.maxStaleness = maxStaleness;
        return copy;
    }

    /**
     * Sets how much of each znode is read.
     */
    public ScanOptions view(View view) {
        ScanOptions copy = copy();
        copy.view = view;
        return copy;
    }

    /**
     * Sets the form of returned values; typed by default.
     */
    public ScanOptions format(ValueFormat format) {
        ScanOptions copy = copy();
        copy.format = format;
        return copy;
    }

    /** Returns how the read relates to the writes before it. */
    public Consistency consistency() {
        return consistency;
    }

    /** Returns the revision that the answer must have reached; 0 when none was set. */
    public long minRevision() {
        return minRevision;
    }

    /** Returns the bound of staleness; zero when there is none. */
    public Duration maxStaleness() {
        return maxStaleness;
    }

    /** Returns how much of each znode is read. */
    public View view() {
        return view;
    }

    /** Returns the form of returned values. */
    public ValueFormat format() {
        return format;
    }

    private ScanOptions copy() {
        try {
            return (ScanOptions) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}

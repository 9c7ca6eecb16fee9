package io.pathkeeper.client.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a read of znodes is made. By default: linearizable, with stat and typed value.
 *
 * <p>Immutable: every setter returns a changed copy.
 */
public final class ReadOptions implements Cloneable {
    private static final ReadOptions DEFAULTS = new ReadOptions();

    private Consistency consistency = Consistency.LINEARIZABLE;
    private long minRevision = 0;
    private Duration maxStaleness = Duration.ZERO;
    private View view = View.FULL;
    private ValueFormat format = ValueFormat.TYPED;
    private @Nullable Duration timeout;

    private ReadOptions() {}

    /** Returns the defaults. */
    public static ReadOptions defaults() {
        return DEFAULTS;
    }

    /** Returns the defaults with {@link Consistency#LOCAL}: the fastest read, never older than what this client has seen. */
    public static ReadOptions local() {
        return DEFAULTS.consistency(Consistency.LOCAL);
    }

    /** Returns the defaults with {@link Consistency#AT_LEAST} and the revision. */
    public static ReadOptions atLeast(long minRevision) {
        return DEFAULTS.consistency(Consistency.AT_LEAST).minRevision(minRevision);
    }

    /**
     * Sets how the read relates to the writes before it; linearizable by default.
     */
    public ReadOptions consistency(Consistency consistency) {
        ReadOptions copy = copy();
        copy.consistency = consistency;
        return copy;
    }

    /**
     * Sets a revision that the answer must have reached. With {@link Consistency#AT_LEAST} and {@link Consistency#LOCAL} the client
     * raises it to what it has seen already, unless the client was built without monotonic reads.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public ReadOptions minRevision(long minRevision) {
        Checks.notNegative("minRevision", minRevision);
        ReadOptions copy = copy();
        copy.minRevision = minRevision;
        return copy;
    }

    /**
     * With {@link Consistency#LOCAL}: refuses with {@code STALE} when the server has not heard from its leader for longer. Zero: no
     * bound.
     */
    public ReadOptions maxStaleness(Duration maxStaleness) {
        ReadOptions copy = copy();
        copy.maxStaleness = maxStaleness;
        return copy;
    }

    /**
     * Sets how much is read; {@link View#STAT} leaves the value out.
     */
    public ReadOptions view(View view) {
        ReadOptions copy = copy();
        copy.view = view;
        return copy;
    }

    /**
     * Sets the form of returned values; typed by default.
     */
    public ReadOptions format(ValueFormat format) {
        ReadOptions copy = copy();
        copy.format = format;
        return copy;
    }

    /**
     * Sets how long the call may take, retries included: 1 ms to 5 minutes. Without it the request timeout of the client counts.
     *
     * @throws IllegalArgumentException when it is out of range
     */
    public ReadOptions timeout(Duration timeout) {
        Checks.timeout(timeout);
        ReadOptions copy = copy();
        copy.timeout = timeout;
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

    /** Returns how much is read. */
    public View view() {
        return view;
    }

    /** Returns the form of returned values. */
    public ValueFormat format() {
        return format;
    }

    /** Returns the time limit of the call; null for the one of the client. */
    public @Nullable Duration timeout() {
        return timeout;
    }

    private ReadOptions copy() {
        try {
            return (ReadOptions) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}

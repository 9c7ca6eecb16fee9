package io.pathkeeper.client.model;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a value is patched. By default: any version will do, nothing is returned but the stat.
 *
 * <p>Immutable: every setter returns a changed copy.
 */
public final class PatchOptions implements Cloneable {
    private static final PatchOptions DEFAULTS = new PatchOptions();

    private @Nullable Long expectedVersion;
    private @Nullable Long expectedRevision;
    private boolean returnPrevious = false;
    private boolean returnValue = false;
    private ValueFormat format = ValueFormat.TYPED;
    private Guards guards = Guards.none();
    private @Nullable Duration timeout;

    private PatchOptions() {}

    /** Returns the defaults. */
    public static PatchOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Refuses with {@code VERSION_MISMATCH} unless the znode's version is this.
     */
    public PatchOptions expectedVersion(long expectedVersion) {
        PatchOptions copy = copy();
        copy.expectedVersion = expectedVersion;
        return copy;
    }

    /**
     * Refuses with {@code VERSION_MISMATCH} unless the znode's modified revision is this.
     */
    public PatchOptions expectedRevision(long expectedRevision) {
        PatchOptions copy = copy();
        copy.expectedRevision = expectedRevision;
        return copy;
    }

    /**
     * Returns the znode as it was before; off by default.
     */
    public PatchOptions returnPrevious(boolean returnPrevious) {
        PatchOptions copy = copy();
        copy.returnPrevious = returnPrevious;
        return copy;
    }

    /**
     * Returns the new value; off by default.
     */
    public PatchOptions returnValue(boolean returnValue) {
        PatchOptions copy = copy();
        copy.returnValue = returnValue;
        return copy;
    }

    /**
     * Sets the form of returned values; typed by default.
     */
    public PatchOptions format(ValueFormat format) {
        PatchOptions copy = copy();
        copy.format = format;
        return copy;
    }

    /**
     * Sets what must hold when the value is patched, or nothing is done.
     */
    public PatchOptions guards(Guards guards) {
        PatchOptions copy = copy();
        copy.guards = Objects.requireNonNull(guards, "guards");
        return copy;
    }

    /**
     * Sets how long the call may take, retries included: 1 ms to 5 minutes. Without it the request timeout of the client counts.
     *
     * @throws IllegalArgumentException when it is out of range
     */
    public PatchOptions timeout(Duration timeout) {
        Checks.timeout(timeout);
        PatchOptions copy = copy();
        copy.timeout = timeout;
        return copy;
    }

    /** Returns the expected version; null when any will do. */
    public @Nullable Long expectedVersion() {
        return expectedVersion;
    }

    /** Returns the expected modified revision; null when any will do. */
    public @Nullable Long expectedRevision() {
        return expectedRevision;
    }

    /** Returns whether the znode as it was before is returned. */
    public boolean returnPrevious() {
        return returnPrevious;
    }

    /** Returns whether the new value is returned. */
    public boolean returnValue() {
        return returnValue;
    }

    /** Returns the form of returned values. */
    public ValueFormat format() {
        return format;
    }

    /** Returns what must hold. */
    public Guards guards() {
        return guards;
    }

    /** Returns the time limit of the call; null for the one of the client. */
    public @Nullable Duration timeout() {
        return timeout;
    }

    private PatchOptions copy() {
        try {
            return (PatchOptions) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}

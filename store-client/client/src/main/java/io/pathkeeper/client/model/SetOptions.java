package io.pathkeeper.client.model;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a value is replaced. By default: the znode must exist, any version will do.
 *
 * <p>Immutable: every setter returns a changed copy.
 */
public final class SetOptions implements Cloneable {
    private static final SetOptions DEFAULTS = new SetOptions();

    private @Nullable Long expectedVersion;
    private @Nullable Long expectedRevision;
    private boolean allowMissing = false;
    private boolean ifChanged = false;
    private boolean returnPrevious = false;
    private ValueFormat format = ValueFormat.TYPED;
    private String contentType = "";
    private Guards guards = Guards.none();
    private long nextSequenceAtLeast = 0;
    private @Nullable Duration timeout;

    private SetOptions() {}

    /** Returns the defaults. */
    public static SetOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Refuses with {@code VERSION_MISMATCH} unless the znode's version is this.
     */
    public SetOptions expectedVersion(long expectedVersion) {
        SetOptions copy = copy();
        copy.expectedVersion = expectedVersion;
        return copy;
    }

    /**
     * Refuses with {@code VERSION_MISMATCH} unless the znode's modified revision is this.
     */
    public SetOptions expectedRevision(long expectedRevision) {
        SetOptions copy = copy();
        copy.expectedRevision = expectedRevision;
        return copy;
    }

    /**
     * Creates a persistent znode when there is none; its parent must exist.
     */
    public SetOptions allowMissing(boolean allowMissing) {
        SetOptions copy = copy();
        copy.allowMissing = allowMissing;
        return copy;
    }

    /**
     * Changes nothing when the value is equal already.
     */
    public SetOptions ifChanged(boolean ifChanged) {
        SetOptions copy = copy();
        copy.ifChanged = ifChanged;
        return copy;
    }

    /**
     * Returns the znode as it was before; off by default.
     */
    public SetOptions returnPrevious(boolean returnPrevious) {
        SetOptions copy = copy();
        copy.returnPrevious = returnPrevious;
        return copy;
    }

    /**
     * Sets the form of returned values; typed by default.
     */
    public SetOptions format(ValueFormat format) {
        SetOptions copy = copy();
        copy.format = format;
        return copy;
    }

    /**
     * Sets a description of the content that is stored beside the value: at most 127 bytes, none by default.
     */
    public SetOptions contentType(String contentType) {
        SetOptions copy = copy();
        copy.contentType = contentType;
        return copy;
    }

    /**
     * Sets what must hold when the value is replaced, or nothing is done.
     */
    public SetOptions guards(Guards guards) {
        SetOptions copy = copy();
        copy.guards = Objects.requireNonNull(guards, "guards");
        return copy;
    }

    /**
     * Raises the number that the next sequential child gets to this where it is below, as for a tree that comes from another store: 0 to
     * 10^18; 0, the default, leaves it. With {@link #ifChanged(boolean)}, a number that goes up counts as a change.
     */
    public SetOptions nextSequenceAtLeast(long number) {
        SetOptions copy = copy();
        copy.nextSequenceAtLeast = number;
        return copy;
    }

    /**
     * Sets how long the call may take, retries included: 1 ms to 5 minutes. Without it the request timeout of the client counts.
     *
     * @throws IllegalArgumentException when it is out of range
     */
    public SetOptions timeout(Duration timeout) {
        Checks.timeout(timeout);
        SetOptions copy = copy();
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

    /** Returns whether a missing znode is created. */
    public boolean allowMissing() {
        return allowMissing;
    }

    /** Returns whether an equal value changes nothing. */
    public boolean ifChanged() {
        return ifChanged;
    }

    /** Returns whether the znode as it was before is returned. */
    public boolean returnPrevious() {
        return returnPrevious;
    }

    /** Returns the form of returned values. */
    public ValueFormat format() {
        return format;
    }

    /** Returns the description of the content; empty when there is none. */
    public String contentType() {
        return contentType;
    }

    /** Returns what must hold. */
    public Guards guards() {
        return guards;
    }

    /** Returns what the number of the next sequential child is raised to; 0 when it is left. */
    public long nextSequenceAtLeast() {
        return nextSequenceAtLeast;
    }

    /** Returns the time limit of the call; null for the one of the client. */
    public @Nullable Duration timeout() {
        return timeout;
    }

    private SetOptions copy() {
        try {
            return (SetOptions) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}

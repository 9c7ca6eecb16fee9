package io.pathkeeper.client.model;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a znode is deleted. By default: it must have no children, any version will do.
 *
 * <p>Immutable: every setter returns a changed copy.
 */
public final class DeleteOptions implements Cloneable {
    private static final DeleteOptions DEFAULTS = new DeleteOptions();

    private boolean recursive = false;
    private @Nullable Long expectedVersion;
    private @Nullable Long expectedRevision;
    private boolean returnPrevious = false;
    private ValueFormat format = ValueFormat.TYPED;
    private Guards guards = Guards.none();
    private @Nullable Duration timeout;

    private DeleteOptions() {}

    /** Returns the defaults. */
    public static DeleteOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Deletes everything below, too, in one revision: at most 10,000 znodes in all.
     */
    public DeleteOptions recursive(boolean recursive) {
        DeleteOptions copy = copy();
        copy.recursive = recursive;
        return copy;
    }

    /**
     * Refuses with {@code VERSION_MISMATCH} unless the znode's version is this.
     */
    public DeleteOptions expectedVersion(long expectedVersion) {
        DeleteOptions copy = copy();
        copy.expectedVersion = expectedVersion;
        return copy;
    }

    /**
     * Refuses with {@code VERSION_MISMATCH} unless the znode's modified revision is this.
     */
    public DeleteOptions expectedRevision(long expectedRevision) {
        DeleteOptions copy = copy();
        copy.expectedRevision = expectedRevision;
        return copy;
    }

    /**
     * Returns the znode as it was before; off by default.
     */
    public DeleteOptions returnPrevious(boolean returnPrevious) {
        DeleteOptions copy = copy();
        copy.returnPrevious = returnPrevious;
        return copy;
    }

    /**
     * Sets the form of returned values; typed by default.
     */
    public DeleteOptions format(ValueFormat format) {
        DeleteOptions copy = copy();
        copy.format = format;
        return copy;
    }

    /**
     * Sets what must hold when the znode is deleted, or nothing is done.
     */
    public DeleteOptions guards(Guards guards) {
        DeleteOptions copy = copy();
        copy.guards = Objects.requireNonNull(guards, "guards");
        return copy;
    }

    /**
     * Sets how long the call may take, retries included: 1 ms to 5 minutes. Without it the request timeout of the client counts.
     *
     * @throws IllegalArgumentException when it is out of range
     */
    public DeleteOptions timeout(Duration timeout) {
        Checks.timeout(timeout);
        DeleteOptions copy = copy();
        copy.timeout = timeout;
        return copy;
    }

    /** Returns whether everything below is deleted, too. */
    public boolean recursive() {
        return recursive;
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

    private DeleteOptions copy() {
        try {
            return (DeleteOptions) clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}

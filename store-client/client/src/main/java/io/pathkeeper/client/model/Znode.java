package io.pathkeeper.client.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A znode as a read returned it. Immutable.
 *
 * <p>What the {@link View} of the read left out is absent: ask {@link #hasStat()} and {@link #hasValue()} when the view is
 * not known. The null value is a value: {@code hasValue()} is true and {@code value().isNull()}.
 */
public final class Znode {
    private final String path;
    private final @Nullable Stat stat;
    private final @Nullable Value value;
    private final String contentType;
    private final long revision;

    /**
     * Makes a znode; the library does this from answers, tests may do it by hand.
     *
     * @param path absolute path
     * @param stat facts, or null when the view left them out
     * @param value the value, or null when the view left it out
     * @param contentType description of the content; empty when none is stored
     * @param revision revision of the state that it was read from
     */
    public Znode(String path, @Nullable Stat stat, @Nullable Value value, String contentType, long revision) {
        this.path = Objects.requireNonNull(path, "path");
        this.stat = stat;
        this.value = value;
        this.contentType = Objects.requireNonNull(contentType, "contentType");
        this.revision = revision;
    }

    /** Returns the absolute path. */
    public String path() {
        return path;
    }

    /** Returns the last segment of the path; empty for the root. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Returns whether the stat was read. */
    public boolean hasStat() {
        return stat != null;
    }

    /**
     * Returns the facts about the znode.
     *
     * @throws IllegalStateException when the view of the read left them out
     */
    public Stat stat() {
        if (stat == null) {
            throw new IllegalStateException("the stat of " + path + " was not read: use View.STAT or View.FULL");
        }
        return stat;
    }

    /** Returns whether the value was read. */
    public boolean hasValue() {
        return value != null;
    }

    /**
     * Returns the value.
     *
     * @throws IllegalStateException when the view of the read left it out
     */
    public Value value() {
        if (value == null) {
            throw new IllegalStateException("the value of " + path + " was not read: use View.FULL");
        }
        return value;
    }

    /** Returns the description of the content that is stored beside the value; empty when there is none. */
    public String contentType() {
        return contentType;
    }

    /** Returns the revision of the state that this was read from. */
    public long revision() {
        return revision;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Znode that
                && path.equals(that.path)
                && Objects.equals(stat, that.stat)
                && Objects.equals(value, that.value)
                && contentType.equals(that.contentType)
                && revision == that.revision;
    }

    @Override
    public int hashCode() {
        return Objects.hash(path, stat, value, contentType, revision);
    }

    @Override
    public String toString() {
        return "Znode[" + path + (value == null ? "" : " = " + value) + " @" + revision + "]";
    }
}

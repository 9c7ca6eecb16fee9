package io.pathkeeper.client.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Changes of fields inside a value, carried out in order, all or none. Fields are addressed by JSON Pointers (RFC 6901):
 * {@code /servers/0/port}; the empty pointer is the whole value. 1 to 128 changes.
 *
 * <pre>{@code
 * Patch.create().set("/port", 8081).increment("/restarts", 1).append("/tags", "blue")
 * }</pre>
 *
 * <p>Immutable: every method returns a longer copy. Operands are plain Java objects or values, see {@link Value#from(Object)}.
 */
public final class Patch {
    /** What a change does. */
    public enum Type {
        /** Puts the operand at the pointer; the parent must exist. */
        SET,
        /** Puts the operand at the pointer if nothing is there. */
        SET_IF_ABSENT,
        /** Removes what is at the pointer; it must exist. */
        REMOVE,
        /** Merges the operand into what is at the pointer (RFC 7396). */
        MERGE,
        /** Appends the operand to the list at the pointer; an absent list is made. */
        LIST_APPEND,
        /** Inserts the operand into the list at the pointer before the index. */
        LIST_INSERT,
        /** Removes an item from the list at the pointer. */
        LIST_REMOVE,
        /** Adds to the integer at the pointer; an absent one counts as 0. */
        INCREMENT,
        /** Refuses the whole patch unless what is at the pointer equals the operand. */
        TEST
    }

    /**
     * One change.
     *
     * @param type what it does
     * @param pointer where
     * @param value the operand, where the type takes one
     * @param index position in a list, from 0, where the type takes one
     * @param delta what {@link Type#INCREMENT} adds
     */
    public record Change(
            Type type,
            String pointer,
            @Nullable Value value,
            @Nullable Long index,
            long delta) {}

    private static final Patch EMPTY = new Patch(List.of());

    private final List<Change> changes;

    private Patch(List<Change> changes) {
        this.changes = changes;
    }

    /** Returns a patch without changes, to start from. */
    public static Patch create() {
        return EMPTY;
    }

    /** Puts a value at the pointer; the parent must exist. */
    public Patch set(String pointer, @Nullable Object value) {
        return with(Type.SET, pointer, Value.from(value), null, 0);
    }

    /** Puts a value at the pointer if nothing is there. */
    public Patch setIfAbsent(String pointer, @Nullable Object value) {
        return with(Type.SET_IF_ABSENT, pointer, Value.from(value), null, 0);
    }

    /** Removes what is at the pointer; it must exist. */
    public Patch remove(String pointer) {
        return with(Type.REMOVE, pointer, null, null, 0);
    }

    /** Merges a map into what is at the pointer, as RFC 7396 says: null removes a key. */
    public Patch merge(String pointer, @Nullable Object value) {
        return with(Type.MERGE, pointer, Value.from(value), null, 0);
    }

    /** Appends an item to the list at the pointer; an absent list is made. */
    public Patch append(String pointer, @Nullable Object item) {
        return with(Type.LIST_APPEND, pointer, Value.from(item), null, 0);
    }

    /** Inserts an item into the list at the pointer before the index, which counts from 0. */
    public Patch insert(String pointer, long index, @Nullable Object item) {
        return with(Type.LIST_INSERT, pointer, Value.from(item), index, 0);
    }

    /** Removes the item at the index, which counts from 0, from the list at the pointer. */
    public Patch removeAt(String pointer, long index) {
        return with(Type.LIST_REMOVE, pointer, null, index, 0);
    }

    /** Removes the first item that equals the value from the list at the pointer. */
    public Patch removeItem(String pointer, @Nullable Object item) {
        return with(Type.LIST_REMOVE, pointer, Value.from(item), null, 0);
    }

    /** Adds to the integer at the pointer; an absent one counts as 0. */
    public Patch increment(String pointer, long delta) {
        return with(Type.INCREMENT, pointer, null, null, delta);
    }

    /** Refuses the whole patch unless what is at the pointer equals the value. */
    public Patch test(String pointer, @Nullable Object value) {
        return with(Type.TEST, pointer, Value.from(value), null, 0);
    }

    /** Returns the changes in order, unmodifiable. */
    public List<Change> changes() {
        return changes;
    }

    private Patch with(Type type, String pointer, @Nullable Value value, @Nullable Long index, long delta) {
        Objects.requireNonNull(pointer, "pointer");
        List<Change> longer = new ArrayList<>(changes.size() + 1);
        longer.addAll(changes);
        longer.add(new Change(type, pointer, value, index, delta));
        return new Patch(List.copyOf(longer));
    }

    @Override
    public String toString() {
        return "Patch" + changes;
    }
}

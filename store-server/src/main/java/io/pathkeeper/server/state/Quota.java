package io.pathkeeper.server.state;

import io.pathkeeper.server.tree.InvalidPathException;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.InvalidValueException;
import io.pathkeeper.server.value.Value;
import io.pathkeeper.server.value.ValueEncoding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How much a subtree may have. Immutable.
 *
 * @param name its own name
 * @param path top of the subtree, which counts, too; it need not exist
 * @param znodes most znodes, {@link #NONE} for no limit
 * @param bytes most bytes of all values, likewise
 * @param children most children of the top itself, likewise
 */
public record Quota(String name, ZnodePath path, long znodes, long bytes, long children) {
    /** Stands for no limit. */
    public static final long NONE = -1;

    private static final String PATH = "path";

    /** What is limited. */
    public enum Kind {
        /** The number of znodes of the subtree. */
        ZNODES,
        /** The bytes of all values of the subtree. */
        BYTES,
        /** The children of its top. */
        CHILDREN;

        /** As metrics and errors have it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The limit of a kind, {@link #NONE} when there is none. */
    public long limit(Kind kind) {
        return switch (kind) {
            case ZNODES -> znodes;
            case BYTES -> bytes;
            case CHILDREN -> children;
        };
    }

    /**
     * How much of it is used.
     *
     * @param top the znode at {@link #path}, null when there is none
     */
    public static long used(Kind kind, @Nullable Znode top) {
        if (top == null) {
            return 0;
        }
        return switch (kind) {
            case ZNODES -> 1 + top.descendantCount();
            case BYTES -> top.value().length + top.descendantBytes();
            case CHILDREN -> top.childCount();
        };
    }

    /** The record as it is stored, encoded. */
    public byte[] encode() {
        List<Value.Field> fields = new ArrayList<>();
        fields.add(new Value.Field(PATH, new Value.Text(path.toString())));
        for (Kind kind : Kind.values()) {
            if (limit(kind) != NONE) {
                fields.add(new Value.Field(kind.label(), new Value.Int(limit(kind))));
            }
        }
        return ValueEncoding.encode(Value.Fields.sorted(fields));
    }

    /** Reads a record; null when it is none: another type, a path or a limit that cannot be. */
    static @Nullable Quota read(byte[] name, byte[] record) {
        try {
            if (!(ValueEncoding.decode(record) instanceof Value.Fields map)) {
                return null;
            }
            Value path = field(map, PATH);
            long znodes = limit(map, Kind.ZNODES);
            long bytes = limit(map, Kind.BYTES);
            long children = limit(map, Kind.CHILDREN);
            if (!(path instanceof Value.Text text) || Math.min(znodes, Math.min(bytes, children)) < NONE) {
                return null;
            }
            return new Quota(
                    new String(name, StandardCharsets.UTF_8), ZnodePath.parse(text.value()), znodes, bytes, children);
        } catch (InvalidValueException | InvalidPathException e) {
            return null;
        }
    }

    private static @Nullable Value field(Value.Fields map, String key) {
        for (Value.Field field : map.fields()) {
            if (field.key().equals(key)) {
                return field.value();
            }
        }
        return null;
    }

    /** Below {@link #NONE} when what stands there is no limit. */
    private static long limit(Value.Fields map, Kind kind) {
        Value value = field(map, kind.label());
        if (value == null) {
            return NONE;
        }
        return value instanceof Value.Int number && number.value() >= 0 ? number.value() : Long.MIN_VALUE;
    }
}

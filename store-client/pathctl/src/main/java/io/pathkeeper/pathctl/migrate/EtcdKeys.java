package io.pathkeeper.pathctl.migrate;

import com.google.protobuf.ByteString;
import io.pathkeeper.pathctl.text.PathText;
import io.pathkeeper.pathctl.transfer.TransferSummary.LeftOut;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a tree of the flat keys of etcd, which come in the order of their bytes: a slash parts the names, and a znode with the null value stands where
 * there is no key above another one. Remembers the paths that the next key may be below, which are no more than it has characters. One walk, one thread.
 */
final class EtcdKeys {
    private static final int BATCH = 100;

    private final String prefix;
    private final String target;
    private final Source.Visitor visitor;
    private final Clash clash;
    private final Deque<String> made = new ArrayDeque<>();
    private final Deque<String> refused = new ArrayDeque<>();
    private final List<SourceEntry> batch = new ArrayList<>();
    /** The name that {@link Clash} was asked about last, and what it said. */
    private String asked = "";

    private boolean answer;

    /** Knows of keys that become the same paths as others. */
    @FunctionalInterface
    interface Clash {
        /** Returns whether a key without a slash in front, which begins with this name, would share paths with one that has a slash there. */
        boolean with(String first) throws InterruptedException;
    }

    /**
     * Begins a walk.
     *
     * @param prefix as {@link #prefix} returns it
     * @param target where the prefix goes
     * @param clash asked where the prefix is empty, once for all keys that come together and begin with one name
     */
    EtcdKeys(String prefix, String target, Source.Visitor visitor, Clash clash) {
        this.clash = clash;
        this.prefix = prefix;
        this.target = target;
        this.visitor = visitor;
    }

    /** Returns a prefix without the slash at its end; empty stands for all keys. */
    static String prefix(String text) {
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    /** Takes a key and its value. */
    void key(ByteString key, byte[] value, boolean leased) throws InterruptedException {
        String name = text(key);
        if (name == null) {
            visitor.leaveOut(LeftOut.NAME, shown(key), "its key is no UTF-8");
            return;
        }
        String below = name.substring(prefix.length());
        List<String> parts = parts(below);
        if (parts == null) {
            visitor.leaveOut(LeftOut.NAME, name, "there is nothing between two of its slashes, or behind the last one");
            return;
        }
        if (leased) {
            visitor.leaveOut(LeftOut.EPHEMERAL, name, "it goes away with its lease, whose owner stays at the source");
            return;
        }
        if (prefix.isEmpty() && !below.startsWith("/") && clashes(parts.get(0))) {
            visitor.leaveOut(
                    LeftOut.NAME,
                    name,
                    "keys with a slash in front have the same path: /" + parts.get(0)
                            + "; migrate it alone, with --to another path");
            return;
        }
        String path = target;
        forget(parts);
        for (int i = 0; i < parts.size(); i++) {
            if (!exists(path)) {
                make(name, path, null);
            }
            path = PathText.child(path, parts.get(i));
            if (refused.contains(path) || !made.contains(path) && !accepts(name, path)) {
                return;
            }
        }
        make(name, path, value);
        if (!visitor.takes(value)) {
            made.removeLastOccurrence(path); // what is below it needs a place, which is made without the value
        }
    }

    /** Gives on what is left. */
    void end() throws InterruptedException {
        visitor.entries(List.copyOf(batch));
        batch.clear();
    }

    private boolean clashes(String first) throws InterruptedException {
        if (!first.equals(asked)) {
            asked = first;
            answer = clash.with(first);
        }
        return answer;
    }

    private boolean exists(String path) {
        return path.equals("/") || made.contains(path);
    }

    private boolean accepts(String name, String path) {
        if (visitor.accepts(name, path)) {
            return true;
        }
        refused.addLast(path);
        return false;
    }

    private void make(String name, String path, byte @Nullable [] value) throws InterruptedException {
        batch.add(new SourceEntry(name, path, value, 0, false, value == null));
        made.addLast(path);
        if (batch.size() >= BATCH) {
            end();
        }
    }

    /** No key that is still to come is below a path that is no beginning of this key. */
    private void forget(List<String> parts) {
        String path = parts.isEmpty() ? target : (target.equals("/") ? "" : target) + "/" + String.join("/", parts);
        for (Deque<String> known : List.of(made, refused)) {
            while (!known.isEmpty() && !path.startsWith(known.getLast())) {
                known.removeLast();
            }
        }
    }

    /** Returns the names below the prefix, or null when there is an empty one. */
    private static @Nullable List<String> parts(String below) {
        String rest = below.startsWith("/") ? below.substring(1) : below;
        if (rest.isEmpty()) {
            return below.isEmpty() ? List.of() : null;
        }
        List<String> parts = List.of(rest.split("/", -1));
        return parts.contains("") ? null : parts;
    }

    private static @Nullable String text(ByteString key) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(key.asReadOnlyByteBuffer())
                    .toString();
        } catch (CharacterCodingException notText) {
            return null;
        }
    }

    /** A key that is no text, for people. */
    private static String shown(ByteString key) {
        StringBuilder out = new StringBuilder();
        for (byte each : key) {
            boolean plain = each > ' ' && each < 0x7f;
            out.append(plain ? String.valueOf((char) each) : String.format("\\x%02x", each));
        }
        return out.toString();
    }
}

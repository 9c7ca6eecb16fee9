package io.pathkeeper.server.tree;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The absolute path of a znode, or the prefix of a sequential one, as UTF-8. Immutable.
 *
 * <p>{@link #parse} keeps the rules; {@link #fromBytes} trusts its caller. The order is the order of a scan: parents before
 * children, siblings by the unsigned bytes of their names.
 */
public final class ZnodePath implements Comparable<ZnodePath> {
    /** Longest path in bytes. */
    public static final int MAX_BYTES = 1024;
    /** Longest name in bytes. */
    public static final int MAX_NAME_BYTES = 255;
    /** Most names in a path. */
    public static final int MAX_DEPTH = 64;
    /** The root of the tree. */
    public static final ZnodePath ROOT = new ZnodePath(new byte[] {'/'});

    /** Top of the server's own part of the tree. */
    public static final ZnodePath SYSTEM = new ZnodePath("/_sys".getBytes(StandardCharsets.UTF_8));

    private static final byte[] ZOOKEEPER = "/zookeeper".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NO_NAME = {};

    private final byte[] utf8;
    private int hash;

    private ZnodePath(byte[] utf8) {
        this.utf8 = utf8;
    }

    /**
     * Reads a path.
     *
     * @throws InvalidPathException naming the broken rule
     */
    public static ZnodePath parse(String text) {
        return text.equals("/") ? ROOT : new ZnodePath(PathRules.check(text, false));
    }

    /** Reads the prefix of a sequential path: its last name may be empty, as in {@code /queue/}. */
    public static ZnodePath parsePrefix(String text) {
        return text.equals("/") ? ROOT : new ZnodePath(PathRules.check(text, true));
    }

    /** A path whose bytes are known to keep the rules. The array must not be changed afterwards. */
    public static ZnodePath fromBytes(byte[] utf8) {
        return utf8.length == 1 ? ROOT : new ZnodePath(utf8);
    }

    /** The bytes of the path. The array must not be changed. */
    public byte[] utf8() {
        return utf8;
    }

    /** Size in bytes. */
    public int length() {
        return utf8.length;
    }

    /** Whether this is {@code /}. */
    public boolean isRoot() {
        return utf8.length == 1;
    }

    /** The parent; the root's parent is the root. Of a prefix: the znode that gets the child. */
    public ZnodePath parent() {
        int length = parentLength();
        return length == 1 ? ROOT : new ZnodePath(Arrays.copyOf(utf8, length));
    }

    /** Whether both have the same parent. The root has none. */
    public boolean isSiblingOf(ZnodePath other) {
        int length = parentLength();
        return !isRoot()
                && !other.isRoot()
                && other.parentLength() == length
                && Arrays.equals(utf8, 0, length, other.utf8, 0, length);
    }

    /** Size of the parent's path in bytes. */
    int parentLength() {
        return Math.max(1, lastSlash());
    }

    private int lastSlash() {
        int i = utf8.length - 1;
        while (utf8[i] != '/') {
            i--;
        }
        return i;
    }

    /** The last name; empty for the root. */
    public byte[] name() {
        return isRoot() ? NO_NAME : Arrays.copyOfRange(utf8, lastSlash() + 1, utf8.length);
    }

    /** Size of the last name in bytes. */
    public int nameLength() {
        return utf8.length - lastSlash() - 1;
    }

    /** The path of a child with this name, which must keep the rules. */
    public ZnodePath child(byte[] name) {
        int prefix = isRoot() ? 1 : utf8.length + 1;
        byte[] child = Arrays.copyOf(utf8, prefix + name.length);
        child[prefix - 1] = '/';
        System.arraycopy(name, 0, child, prefix, name.length);
        return new ZnodePath(child);
    }

    /** The path of a child with this name, which must keep the rules. */
    public ZnodePath child(String name) {
        return child(name.getBytes(StandardCharsets.UTF_8));
    }

    /** This prefix with a number of ten digits or more behind it. */
    public ZnodePath withSequence(long number) {
        byte[] digits = Long.toString(number).getBytes(StandardCharsets.ISO_8859_1);
        int width = Math.max(10, digits.length);
        byte[] path = Arrays.copyOf(utf8, utf8.length + width);
        Arrays.fill(path, utf8.length, path.length - digits.length, (byte) '0');
        System.arraycopy(digits, 0, path, path.length - digits.length, digits.length);
        return new ZnodePath(path);
    }

    /** Number of names; the root has none. */
    public int depth() {
        if (isRoot()) {
            return 0;
        }
        int depth = 0;
        for (byte b : utf8) {
            if (b == '/') {
                depth++;
            }
        }
        return depth;
    }

    /** Whether this is the other path or lies below it. */
    public boolean isWithin(ZnodePath ancestor) {
        return ancestor.isRoot() || isWithin(ancestor.utf8);
    }

    private boolean isWithin(byte[] ancestor) {
        return utf8.length >= ancestor.length
                && Arrays.equals(utf8, 0, ancestor.length, ancestor, 0, ancestor.length)
                && (utf8.length == ancestor.length || utf8[ancestor.length] == '/');
    }

    /** Whether clients may not write here: {@code /_sys}, {@code /zookeeper} and what is below them. */
    public boolean isReserved() {
        return utf8.length >= 5 && (utf8[1] == '_' || utf8[1] == 'z') && (isWithin(SYSTEM.utf8) || isWithin(ZOOKEEPER));
    }

    @Override
    public int compareTo(ZnodePath other) {
        byte[] a = utf8;
        byte[] b = other.utf8;
        int i = Arrays.mismatch(a, b);
        if (i < 0) {
            return 0;
        }
        if (i == a.length || i == b.length) {
            return a.length < b.length ? -1 : 1;
        }
        return rank(a[i]) < rank(b[i]) ? -1 : 1;
    }

    private static int rank(byte b) {
        return b == '/' ? 0 : b & 0xff;
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof ZnodePath path && Arrays.equals(utf8, path.utf8));
    }

    @Override
    public int hashCode() {
        int h = hash;
        if (h == 0) {
            h = Arrays.hashCode(utf8);
            hash = h;
        }
        return h;
    }

    @Override
    public String toString() {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}

package io.pathkeeper.server.observe;

import java.nio.charset.StandardCharsets;

/**
 * A pattern for the last name of a path: {@code *} any text, {@code ?} one character (a Unicode code point), {@code \} takes the
 * next one as it is. Immutable. Matching takes at most pattern times name steps and no memory beside the decoded name.
 */
public final class NameGlob {
    /** Longest pattern in bytes of UTF-8. */
    public static final int MAX_BYTES = 512;

    private static final int ANY_TEXT = -1;
    private static final int ANY_ONE = -2;

    private final int[] pattern;

    private NameGlob(int[] pattern) {
        this.pattern = pattern;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException when it is longer than {@link #MAX_BYTES} or ends with a single {@code \}
     */
    public static NameGlob parse(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "name_glob has " + bytes + " bytes; the limit is " + MAX_BYTES + ": shorten it");
        }
        int[] from = text.codePoints().toArray();
        int[] to = new int[from.length];
        int length = 0;
        for (int i = 0; i < from.length; i++) {
            int c = from[i];
            if (c == '\\') {
                if (++i == from.length) {
                    throw new IllegalArgumentException(
                            "name_glob ends with a single \\: write \\\\ for the character itself");
                }
                to[length++] = from[i];
            } else if (c == '*') {
                if (length == 0 || to[length - 1] != ANY_TEXT) {
                    to[length++] = ANY_TEXT;
                }
            } else {
                to[length++] = c == '?' ? ANY_ONE : c;
            }
        }
        return new NameGlob(java.util.Arrays.copyOf(to, length));
    }

    /** Whether a name, given as UTF-8, matches. */
    public boolean matches(byte[] name) {
        int[] text = new String(name, StandardCharsets.UTF_8).codePoints().toArray();
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length) {
            if (p < pattern.length && pattern[p] == ANY_TEXT) {
                star = p++;
                resume = t;
            } else if (p < pattern.length && (pattern[p] == ANY_ONE || pattern[p] == text[t])) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length && pattern[p] == ANY_TEXT) {
            p++;
        }
        return p == pattern.length;
    }
}

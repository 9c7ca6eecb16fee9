package io.pathkeeper.server.tree;

import java.nio.charset.StandardCharsets;

/** The rules for paths. Stateless. */
final class PathRules {
    private PathRules() {}

    /** Returns the UTF-8 of a path that keeps the rules; the root is handled by the caller. */
    static byte[] check(String text, boolean prefix) {
        if (text.isEmpty()) {
            throw broken("a path must not be empty: the root is \"/\"");
        }
        if (text.charAt(0) != '/') {
            throw broken("path \"" + shown(text) + "\" must begin with \"/\"");
        }
        checkCharacters(text);
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > ZnodePath.MAX_BYTES) {
            throw new InvalidPathException(
                    "path \"" + shown(text) + "\" has " + utf8.length + " bytes; the limit is " + ZnodePath.MAX_BYTES,
                    ZnodePath.MAX_BYTES,
                    utf8.length);
        }
        checkNames(text, utf8, prefix);
        return utf8;
    }

    private static void checkCharacters(String text) {
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            if (c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0xfff0 && c <= 0xffff)) {
                throw broken("path \"" + shown(text) + "\" holds the character " + String.format("U+%04X", c)
                        + " at position " + i + ", which is not allowed");
            }
            if (c >= 0xd800 && c <= 0xdfff) {
                throw broken("path \"" + shown(text) + "\" is not valid Unicode: half a character at position " + i);
            }
            i += Character.charCount(c);
        }
    }

    private static void checkNames(String text, byte[] utf8, boolean prefix) {
        int depth = 0;
        int start = 1;
        while (start <= utf8.length) {
            int end = start;
            while (end < utf8.length && utf8[end] != '/') {
                end++;
            }
            boolean open = prefix && end == utf8.length;
            checkName(text, utf8, start, end, open);
            depth++;
            start = end + 1;
        }
        if (depth > ZnodePath.MAX_DEPTH) {
            throw new InvalidPathException(
                    "path \"" + shown(text) + "\" has " + depth + " names; the limit is " + ZnodePath.MAX_DEPTH,
                    ZnodePath.MAX_DEPTH,
                    depth);
        }
    }

    private static void checkName(String text, byte[] utf8, int start, int end, boolean open) {
        int length = end - start;
        if (length == 0 && !open) {
            throw broken(
                    end == utf8.length
                            ? "path \"" + shown(text) + "\" must not end with \"/\""
                            : "path \"" + shown(text) + "\" has an empty name at byte " + start);
        }
        if (length > ZnodePath.MAX_NAME_BYTES) {
            throw new InvalidPathException(
                    "path \"" + shown(text) + "\" has a name of " + length + " bytes; the limit is "
                            + ZnodePath.MAX_NAME_BYTES,
                    ZnodePath.MAX_NAME_BYTES,
                    length);
        }
        boolean dots = length > 0 && length <= 2 && utf8[start] == '.' && utf8[end - 1] == '.';
        if (dots && !open) {
            throw broken("path \"" + shown(text) + "\" holds the name \"" + ".".repeat(length)
                    + "\": paths are absolute and have no \".\" or \"..\"");
        }
    }

    private static InvalidPathException broken(String message) {
        return new InvalidPathException(message, 0, 0);
    }

    /** A text as it may stand in a message: short, without control characters. */
    private static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        int length = Math.min(text.length(), 80);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            boolean plain = c >= 0x20 && (c < 0x7f || c > 0x9f) && !Character.isSurrogate(c) && c < 0xfff0;
            shown.append(plain ? c : '?');
        }
        return text.length() > length ? shown.append("...").toString() : shown.toString();
    }
}

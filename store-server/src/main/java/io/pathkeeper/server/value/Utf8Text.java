package io.pathkeeper.server.value;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Text as UTF-8: sizes, validity, and the order of the bytes without making them. Stateless. */
final class Utf8Text {
    private Utf8Text() {}

    /** Size in bytes, or -1 when the text holds half a surrogate pair. */
    static int size(String text) {
        int length = text.length();
        int size = length;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                size++;
                if (c >= 0x800) {
                    size++;
                    if (Character.isSurrogate(c)) {
                        boolean pair = Character.isHighSurrogate(c)
                                && i + 1 < length
                                && Character.isLowSurrogate(text.charAt(i + 1));
                        if (!pair) {
                            return -1;
                        }
                        i++;
                    }
                }
            }
        }
        return size;
    }

    /** Orders texts by their UTF-8 bytes, which is the order of their code points. */
    static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean xPair = Character.isSurrogate(x);
                boolean yPair = Character.isSurrogate(y);
                return xPair == yPair ? Character.compare(x, y) : xPair ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /** Decodes a range; null when it is not valid UTF-8. */
    static @Nullable String decode(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            byte[] again = text.getBytes(StandardCharsets.UTF_8);
            if (!Arrays.equals(again, 0, again.length, bytes, from, to)) {
                return null;
            }
        }
        return text;
    }
}

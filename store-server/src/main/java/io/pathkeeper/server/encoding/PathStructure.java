package io.pathkeeper.server.encoding;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Checks that stored bytes have the structure of a path: absolute, no empty name, valid UTF-8. Which characters and lengths are
 * allowed was checked when the path was first accepted, and is not checked again: what was stored once must stay readable.
 */
public final class PathStructure {
    private PathStructure() {}

    /**
     * Says what is wrong with a path.
     *
     * @param utf8 the path
     * @param prefix whether the last name may be empty
     * @return null when nothing is wrong
     */
    public static @Nullable String problemOf(byte[] utf8, boolean prefix) {
        int length = utf8.length;
        if (length == 0 || utf8[0] != '/') {
            return "a path does not begin with '/'";
        }
        boolean ascii = true;
        for (int i = 1; i < length; i++) {
            ascii &= utf8[i] >= 0;
            if (utf8[i] == '/' && (utf8[i - 1] == '/' || (i == length - 1 && !prefix))) {
                return "a path has an empty name";
            }
        }
        return ascii || isUtf8(utf8) ? null : "a path is not valid UTF-8";
    }

    private static boolean isUtf8(byte[] utf8) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}

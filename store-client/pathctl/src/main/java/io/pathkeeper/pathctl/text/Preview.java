package io.pathkeeper.pathctl.text;

import io.pathkeeper.client.model.Value;

/** A value in a few characters, for lists; never more than one line. */
public final class Preview {
    private static final int MAX_CHARS = 60;

    private Preview() {}

    /** Returns the beginning of the value as JSON; of bytes only how many. */
    public static String of(Value value) {
        if (value.type() == Value.Type.BYTES) {
            return value.asBytes().length + " bytes";
        }
        String text = PathText.printable(ExactJson.write(value));
        if (text.length() <= MAX_CHARS) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_CHARS - 1)) ? MAX_CHARS - 1 : MAX_CHARS;
        return text.substring(0, end) + "...";
    }
}

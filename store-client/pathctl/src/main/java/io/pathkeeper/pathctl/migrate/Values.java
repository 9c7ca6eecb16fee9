package io.pathkeeper.pathctl.migrate;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.text.JsonText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What the bytes of a source become. The same bytes become the same value always, so that both sides can be compared. */
enum Values {
    /** Bytes as they are. */
    BYTES,
    /** A string where they are UTF-8. */
    TEXT,
    /** A typed value where they are one JSON value. */
    JSON,
    /** A typed value where they are a JSON object or array, a string where they are UTF-8. */
    AUTO;

    /** Returns the value of these bytes; what does not fit stays bytes, no bytes at all are the null value. */
    Value of(byte @Nullable [] data) {
        if (data == null) {
            return Value.NULL;
        }
        String text = this == BYTES ? null : text(data);
        if (text == null) {
            return Value.of(data);
        }
        Value typed = this == TEXT ? null : json(text);
        return typed != null ? typed : this == JSON ? Value.of(data) : Value.of(text);
    }

    private @Nullable Value json(String text) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            return null;
        }
        char first = stripped.charAt(0);
        boolean structure = first == '{' || first == '[';
        boolean scalar = first == '"' || first == '-' || first >= '0' && first <= '9' || "tfn".indexOf(first) >= 0;
        if (!structure && (this == AUTO || !scalar)) {
            return null;
        }
        try {
            return JsonText.read("value", text);
        } catch (CommandFailure notJson) {
            return null;
        }
    }

    private static @Nullable String text(byte[] data) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString();
        } catch (CharacterCodingException notText) {
            return null;
        }
    }
}

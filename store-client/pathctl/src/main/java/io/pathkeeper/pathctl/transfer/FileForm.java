package io.pathkeeper.pathctl.transfer;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.text.ExactJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How files stand in the store. A directory is a znode with the null value, a file a znode with bytes, a symlink a znode with
 * the map {@code {"$symlink": target}}. A file that its owner may execute has the content type {@link #EXECUTABLE}; other
 * permissions, owners and times are not carried.
 *
 * <p>The way back also takes what did not come from files: a string becomes a file with its UTF-8, any other value a file with
 * its JSON.
 */
final class FileForm {
    /** Content type of a file that its owner may execute. */
    static final String EXECUTABLE = "application/octet-stream; executable";

    private static final String SYMLINK = "$symlink";

    private FileForm() {}

    /** Returns the value of a symlink. */
    static Value symlink(String target) {
        return Value.of(Map.of(SYMLINK, Value.of(target)));
    }

    /** Returns the target when the value is one of a symlink, else null. */
    static @Nullable String symlinkTarget(Value value) {
        if (value.type() != Value.Type.MAP || value.asMap().size() != 1) {
            return null;
        }
        Value target = value.find(SYMLINK);
        return target == null || target.type() != Value.Type.STRING ? null : target.asString();
    }

    /** Returns what a file with this value holds. */
    static byte[] fileBytes(Value value) {
        return switch (value.type()) {
            case BYTES -> value.asBytes();
            case STRING -> value.asString().getBytes(StandardCharsets.UTF_8);
            default -> ExactJson.write(value).getBytes(StandardCharsets.UTF_8);
        };
    }
}

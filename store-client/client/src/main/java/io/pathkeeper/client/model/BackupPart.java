package io.pathkeeper.client.model;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A part of a backup. The bytes of all parts, one behind the other, are the file.
 *
 * @param info what the backup holds; on the first part, else null
 * @param bytes the next bytes of the file, read-only; empty on the last part
 * @param end tells that the file is complete; on the last part, else null. A backup that was cut off ends with an error instead
 */
public record BackupPart(
        @Nullable BackupInfo info,
        ByteBuffer bytes,
        @Nullable BackupEnd end) {}

package io.pathkeeper.server.snapshot;

import java.nio.file.Path;

/**
 * What was written.
 *
 * @param file the finished file
 * @param header what stands at its beginning
 * @param counts what is in it
 * @param rawBytes size before compression
 * @param fileBytes size of the file
 * @param md5 MD5 of the whole file, 16 bytes, for those who transfer it
 */
public record SnapshotSummary(
        Path file, SnapshotHeader header, SnapshotCounts counts, long rawBytes, long fileBytes, byte[] md5) {}

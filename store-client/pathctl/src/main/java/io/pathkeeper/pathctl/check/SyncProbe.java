package io.pathkeeper.pathctl.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Writes as the log of a server does: a few kilobytes one behind the other into a file of its own, each made durable before the next. The
 * file is deleted at the end, whatever happens.
 */
final class SyncProbe {
    /** Space that it needs. */
    static final int FILE_BYTES = 8 << 20;
    /** More are not measured. */
    static final int MOST_WRITES = 200_000;

    private static final int WRITE_BYTES = 4 << 10;

    private SyncProbe() {}

    /**
     * Measures.
     *
     * @param directory where the file goes
     * @param nanos how long, at least one write
     * @return nanoseconds of each fsync, ascending
     */
    static long[] run(Path directory, long nanos) throws IOException {
        Path file = Files.createTempFile(directory, "pathctl-check-disk-", ".tmp");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            fill(channel);
            return measure(channel, nanos);
        } finally {
            Files.delete(file);
        }
    }

    /** As the log's files are: the space is there before it is written to. */
    private static void fill(FileChannel channel) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(1 << 20);
        for (int at = 0; at < FILE_BYTES; at += zeros.capacity()) {
            write(channel, zeros.clear(), at);
        }
        channel.force(true);
    }

    private static long[] measure(FileChannel channel, long nanos) throws IOException {
        ByteBuffer data = ByteBuffer.allocateDirect(WRITE_BYTES);
        long[] found = new long[1_024];
        int count = 0;
        long begun = System.nanoTime();
        do {
            if (count == found.length) {
                found = Arrays.copyOf(found, Math.min(MOST_WRITES, 2 * count));
            }
            data.clear();
            data.putLong(0, begun + count);
            write(channel, data, (long) count * WRITE_BYTES % FILE_BYTES);
            long before = System.nanoTime();
            channel.force(false);
            found[count++] = System.nanoTime() - before;
        } while (System.nanoTime() - begun < nanos && count < MOST_WRITES);
        long[] all = Arrays.copyOf(found, count);
        Arrays.sort(all);
        return all;
    }

    private static void write(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        long position = at;
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
    }
}

package io.pathkeeper.it.fault.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the disk of a server holds when its power fails: each file of the data directory is cut back to the length that the agent saw forced last. Names
 * of files are taken to be durable at once (as by a journal that keeps them in order), what is in files is not.
 *
 * @param files files that lost something
 * @param bytes bytes that were written and not forced; reserved space, which is zeros, does not count
 */
public record PowerLoss(int files, long bytes) {
    private static final int BLOCK = 1 << 16;

    /**
     * Cuts the files of a server that was killed.
     *
     * @param data its data directory
     * @param record what the agent wrote
     * @throws IllegalStateException when there is no record: the server ran without the agent
     */
    public static PowerLoss of(Path data, Path record) {
        try {
            Map<Long, Long> forced = forcedLengths(record);
            List<Path> all;
            try (Stream<Path> walk = Files.walk(data)) {
                all = walk.filter(Files::isRegularFile).toList();
            }
            List<Path> cut = new ArrayList<>();
            long bytes = 0;
            for (Path file : all) {
                long length = forced.getOrDefault((Long) Files.getAttribute(file, "unix:ino"), 0L);
                if (Files.size(file) > length) {
                    long lost = cut(file, length);
                    bytes += lost;
                    if (lost > 0) {
                        cut.add(file);
                    }
                }
            }
            return new PowerLoss(cut.size(), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("the loss of power in " + data + ": " + e.getMessage(), e);
        }
    }

    private static Map<Long, Long> forcedLengths(Path record) throws IOException {
        if (!Files.exists(record)) {
            throw new IllegalStateException(
                    "there is no record " + record + " of what was forced: the server ran without the agent");
        }
        Map<Long, Long> lengths = new HashMap<>();
        for (String line : Files.readAllLines(record)) {
            String[] words = line.split(" ", 3);
            lengths.put(Long.parseLong(words[0]), Long.parseLong(words[1]));
        }
        return lengths;
    }

    /** Cuts a file; how many bytes behind the length, up to the last one that is not zero, there were. */
    private static long cut(Path file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocate(BLOCK);
            long lastWritten = length - 1;
            long at = length;
            while (channel.read(block.clear(), at) > 0) {
                block.flip();
                for (int i = block.limit() - 1; i >= 0; i--) {
                    if (block.get(i) != 0) {
                        lastWritten = at + i;
                        break;
                    }
                }
                at += block.limit();
            }
            channel.truncate(length);
            return lastWritten + 1 - length;
        }
    }
}

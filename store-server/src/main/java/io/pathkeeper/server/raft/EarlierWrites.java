package io.pathkeeper.server.raft;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an earlier process has written and perhaps not forced to disk. When that process was killed, its last entries may stand in the system's cache alone: they can
 * be read, and would count as stored, until power fails.
 */
final class EarlierWrites {
    private EarlierWrites() {}

    /** Forces a directory: which files are in it. Blocks. */
    static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Forces all files below a directory, and the directories. To be called before anything is read from them that others are told of. Blocks. */
    static void force(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(directory)) {
            all = walk.toList();
        }
        for (Path path : all) {
            boolean file = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
            if (file || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                try (FileChannel channel =
                        FileChannel.open(path, file ? StandardOpenOption.WRITE : StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        }
    }
}

package io.pathkeeper.server;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Properties;

/**
 * Says whose data directory it is.
 *
 * @param clusterId name of the cluster
 * @param memberId name of the server
 * @param foundedRevision revision of the state that the cluster began with, when it took over that of another one; else 0
 */
record DataMarker(String clusterId, String memberId, long foundedRevision) {
    /** Its name in the directory. */
    static final String FILE = "pathkeeper.properties";

    private static final String FORMAT = "1";

    /** Reads the marker of a directory. */
    static DataMarker read(Path dir) throws IOException, StartException {
        Path file = dir.resolve(FILE);
        Properties marker = new Properties();
        try {
            marker.load(new StringReader(Files.readString(file)));
            String format = marker.getProperty("format", "");
            if (!format.equals(FORMAT)) {
                throw new StartException(
                        ExitCode.DATA_DIRECTORY,
                        file + " has format '" + format + "', this server knows " + FORMAT
                                + ": use a server of the version that wrote it",
                        null);
            }
            return new DataMarker(
                    marker.getProperty("cluster.id", ""),
                    marker.getProperty("member.id", ""),
                    Long.parseLong(marker.getProperty("founded.revision", "0")));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new StartException(ExitCode.CORRUPT, file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Complete and durable before it has its name: a crash leaves either no marker or a whole one. */
    void write(Path dir) throws IOException {
        String text = "# Made by Pathkeeper. Do not edit.\nformat=" + FORMAT + "\ncluster.id=" + clusterId
                + "\nmember.id=" + memberId + "\n"
                + (foundedRevision == 0 ? "" : "founded.revision=" + foundedRevision + "\n");
        Path temporary = dir.resolve(FILE + ".tmp");
        try (FileChannel out = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(temporary, dir.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        sync(dir);
    }

    /** What was renamed in a directory survives a power loss from now on. */
    static void sync(Path dir) throws IOException {
        try (FileChannel parent = FileChannel.open(dir, StandardOpenOption.READ)) {
            parent.force(true);
        }
    }
}

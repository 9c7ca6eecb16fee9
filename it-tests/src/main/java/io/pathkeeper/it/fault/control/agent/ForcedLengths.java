package io.pathkeeper.it.fault.control.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes down, in a file outside of the data directory, how far each file of the data directory was forced to disk: lines of the file's number
 * (inode), the length, and its path for people. The last line of a number counts. A line is written behind the force and before anybody is told of
 * it, so whatever was acknowledged because of a force stands in the record.
 *
 * <p>A file that is written from the start to the end, as the log is, is forced up to the place of the next write: what lies behind that are zeros
 * that reserve space. One without such a place is forced up to its size.
 *
 * <p>Any thread. Lives in the JVM's own loader, beside the class that calls it; knows the JDK alone.
 */
public final class ForcedLengths {
    /** Length that says: force nothing, note nothing. */
    private static final long LEFT_OUT = 0;

    private static final long NOT_OURS = -1;

    private static volatile String directory = "";
    private static volatile boolean leaveLogOut;
    private static boolean leftOutSaid;
    private static @Nullable FileChannel record;
    private static final Map<Long, Long> LENGTHS = new HashMap<>();

    private ForcedLengths() {}

    /**
     * Begins, before the server's own code runs.
     *
     * @param data absolute path of the data directory
     * @param file absolute path of the record, which is carried on
     * @param withoutLog whether files of the log are not forced, and so not noted
     */
    public static void begin(String data, String file, boolean withoutLog) throws IOException {
        Path path = Path.of(file);
        if (Files.exists(path)) {
            for (String line : Files.readAllLines(path)) {
                String[] words = line.split(" ", 3);
                LENGTHS.put(Long.parseLong(words[0]), Long.parseLong(words[1]));
            }
        }
        record = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        leaveLogOut = withoutLog;
        directory = data.endsWith("/") ? data : data + "/";
    }

    private static boolean isOurs(String path) {
        return !directory.isEmpty() && path.startsWith(directory);
    }

    /** Before a force: the length that it makes durable and 1, or 0 when it is to be left out. */
    public static long forcing(Object channel, @Nullable String path) {
        if (path == null || !isOurs(path)) {
            return NOT_OURS;
        }
        if (leaveLogOut && path.substring(path.lastIndexOf('/') + 1).startsWith("log_")) {
            sayLeftOut();
            return LEFT_OUT;
        }
        try {
            FileChannel file = (FileChannel) channel;
            if (Files.isDirectory(Path.of(path))) {
                return NOT_OURS;
            }
            long position = file.position();
            return 1 + (position > 0 ? position : file.size());
        } catch (IOException e) {
            return NOT_OURS; // the force itself will say it
        }
    }

    private static synchronized void sayLeftOut() {
        if (!leftOutSaid) {
            leftOutSaid = true;
            System.err.println("planted fault took effect: log-not-forced");
        }
    }

    /** After a force that succeeded, or was left out. */
    public static void forced(@Nullable String path, long length) {
        if (path != null && length > LEFT_OUT) {
            note(path, length - 1, false);
        }
    }

    /** A file was cut: it is not longer than that any more, and what is written behind it has to be forced again. */
    public static void truncated(@Nullable String path, long size) {
        if (path != null && isOurs(path)) {
            note(path, size, true);
        }
    }

    /** A file was opened: a new one has the number of a deleted one now and then. */
    public static void opened(@Nullable String path, boolean writable) {
        if (path != null && writable && isOurs(path)) {
            try {
                if (Files.isRegularFile(Path.of(path)) && Files.size(Path.of(path)) == 0) {
                    note(path, 0, true);
                }
            } catch (IOException e) {
                throw new IllegalStateException("record of forced lengths: " + path, e);
            }
        }
    }

    private static synchronized void note(String path, long length, boolean atMost) {
        FileChannel out = record;
        if (out == null) {
            return;
        }
        try {
            long number = (Long) Files.getAttribute(Path.of(path), "unix:ino");
            Long before = LENGTHS.get(number);
            if (before != null && (atMost ? before <= length : before == length) || before == null && atMost) {
                return;
            }
            LENGTHS.put(number, length);
            String line = number + " " + length + " " + path + "\n";
            out.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new IllegalStateException("record of forced lengths: " + path, e);
        }
    }
}

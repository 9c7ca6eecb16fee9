package io.pathkeeper.pathctl;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command reads and writes, and which of the three is a terminal. Text is UTF-8 whatever the locale says.
 *
 * @param in standard input, bytes
 * @param out standard output; buffered, so whoever prints for a reader who waits must flush
 * @param err standard error, flushed at every line
 * @param inTerminal whether standard input is a terminal
 * @param outTerminal whether standard output is a terminal
 * @param errTerminal whether standard error is a terminal
 */
public record Streams(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean inTerminal,
        boolean outTerminal,
        boolean errTerminal) {
    private static final int OUT_BUFFER_BYTES = 64 * 1024;

    /**
     * Returns the streams of this process. The launcher tells which are terminals by the system property {@code pathctl.tty}
     * (the digits 0, 1 and 2 as far as they are); without it the JVM's console decides for all three.
     */
    public static Streams ofProcess() {
        String known = System.getProperty("pathctl.tty");
        String terminals = known != null ? known : System.console() != null ? "012" : "";
        return new Streams(
                System.in,
                printer(OutputClosed.telling(new FileOutputStream(FileDescriptor.out)), false),
                printer(new FileOutputStream(FileDescriptor.err), true),
                terminals.contains("0"),
                terminals.contains("1"),
                terminals.contains("2"));
    }

    /** Returns a UTF-8 printer with a buffer; {@code autoFlush} flushes it at every line. */
    public static PrintStream printer(OutputStream target, boolean autoFlush) {
        return new PrintStream(new BufferedOutputStream(target, OUT_BUFFER_BYTES), autoFlush, StandardCharsets.UTF_8);
    }
}

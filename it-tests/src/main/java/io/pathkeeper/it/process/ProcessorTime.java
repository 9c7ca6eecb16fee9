package io.pathkeeper.it.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Processor time that a process has used, as Linux tells it in {@code /proc}. */
public final class ProcessorTime {
    /** Fields behind the command's closing bracket that stand before utime. */
    private static final int UTIME = 11;

    private static final double TICKS_PER_SECOND = 100;

    private ProcessorTime() {}

    /** Returns the seconds of processor time of all threads of a process, in user and in system mode. */
    public static double secondsOf(long pid) {
        return ofStat(read(Path.of("/proc", Long.toString(pid), "stat")));
    }

    /** Returns the bytes of memory that are resident for a process. */
    public static long residentBytesOf(long pid) {
        String statm = read(Path.of("/proc", Long.toString(pid), "statm"));
        return Long.parseLong(statm.strip().split(" ")[1]) * 4096;
    }

    static double ofStat(String stat) {
        // The command may have blanks and brackets in it: what follows its last bracket has none.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ");
        return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[UTIME + 1])) / TICKS_PER_SECOND;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}

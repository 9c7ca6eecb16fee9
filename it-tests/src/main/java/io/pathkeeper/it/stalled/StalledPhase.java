package io.pathkeeper.it.stalled;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What writing so many changes came to.
 *
 * @param lastRevision of the last change
 * @param writes microseconds of the writes
 * @param delays microseconds from when a write was sent until a good observer had its change
 * @param heapBytes of all living objects
 * @param residentBytes memory of the server's process
 */
record StalledPhase(long lastRevision, Histogram writes, Histogram delays, long heapBytes, long residentBytes) {
    /** Heap that a stalled observer may cost: itself, its stream and its connection. */
    private static final long HEAP_EACH = 64 << 10;

    /** Three segments of the log: how many are kept in memory depends on where it is. */
    private static final long HEAP = 24 << 20;
    /** Memory of the process: what a connection takes before it says that it takes no more, and the network library's arenas. */
    private static final long RESIDENT_EACH = 128 << 10;

    private static final long RESIDENT = 64 << 20;
    /** Of the promise that a stalled observer delays nobody else by more. */
    private static final long DELAY_MICROS = 100_000;

    /** This one, with the greater memory of two that should have the same: what is kept of the log in memory comes and goes. */
    StalledPhase withMostMemoryOf(StalledPhase other) {
        return new StalledPhase(
                lastRevision,
                writes,
                delays,
                Math.max(heapBytes, other.heapBytes),
                Math.max(residentBytes, other.residentBytes));
    }

    /** What so many stalled observers cost beside a phase without any, in a sentence. */
    String cost(StalledPhase before, int observers) {
        long heap = heapBytes - before.heapBytes;
        long resident = residentBytes - before.residentBytes;
        return String.format(
                Locale.ROOT,
                "the stalled observers cost %.1f MiB of heap, %.1f KiB each, allowed are %.1f MiB; %.1f MiB of the process, %.1f KiB each, allowed are"
                        + " %.1f MiB; %.1f ms of the good observer's p99, allowed are %.1f",
                heap / 1048576.0,
                heap / 1024.0 / observers,
                heapAllowed(observers) / 1048576.0,
                resident / 1048576.0,
                resident / 1024.0 / observers,
                residentAllowed(observers) / 1048576.0,
                later(before) / 1e3,
                DELAY_MICROS / 1e3);
    }

    /** What of it is too much; empty when nothing is. */
    List<String> tooMuch(StalledPhase before, int observers) {
        List<String> broken = new ArrayList<>();
        say(broken, "bytes of heap", heapBytes - before.heapBytes, heapAllowed(observers));
        say(broken, "bytes of the process", residentBytes - before.residentBytes, residentAllowed(observers));
        say(broken, "microseconds of the good observer's p99", later(before), DELAY_MICROS);
        return broken;
    }

    private static void say(List<String> broken, String what, long cost, long allowed) {
        if (cost > allowed) {
            broken.add("stalled observers cost " + cost + " " + what + ", allowed are " + allowed);
        }
    }

    private long later(StalledPhase before) {
        return delays.getValueAtPercentile(99) - before.delays.getValueAtPercentile(99);
    }

    private static long heapAllowed(int observers) {
        return HEAP + observers * HEAP_EACH;
    }

    private static long residentAllowed(int observers) {
        return RESIDENT + observers * RESIDENT_EACH;
    }
}

package io.pathkeeper.server.state;

import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueEncoding;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Iterator;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Measures the core alone: heap of a znode and processor time of a command, with 128-byte values. Prints; asserts nothing. Arguments: number
 * of znodes (1,000,000) and commands in one entry (100). Run it with {@code -Xmx3g -XX:+UseSerialGC}, which makes the heap
 * figures exact.
 */
public final class CoreMeasurement {
    private static final int PARENTS = 1_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final int znodes;
    private final int commandsPerEntry;
    private final SplittableRandom random = new SplittableRandom(1);
    private long clock = 1_700_000_000_000L;

    private CoreMeasurement(int znodes, int commandsPerEntry) {
        this.znodes = znodes;
        this.commandsPerEntry = commandsPerEntry;
    }

    /** Runs all measurements. */
    public static void main(String[] arguments) {
        int znodes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        int commands = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100;
        StateLimits small = StateLimits.DEFAULT.withHistory(new StateLimits.History(0, 1, 1 << 16));
        new CoreMeasurement(Math.min(znodes, 100_000), commands).run(small, false);
        System.out.println("--- measured:");
        new CoreMeasurement(znodes, commands).run(small, true);
        new CoreMeasurement(Math.min(znodes, 100_000), commands).run(StateLimits.DEFAULT, true);
    }

    private void run(StateLimits limits, boolean print) {
        StoreState state = StoreState.create(limits);
        for (int i = 0; i < PARENTS; i++) {
            single(state, create(parent(i)));
        }
        long heapBefore = usedHeap();
        long nanos = timed(state, znodes, i -> create(path(i)));
        long heap = usedHeap() - heapBefore;
        report(print, "create", nanos, znodes);
        if (print) {
            System.out.printf(
                    Locale.ROOT,
                    "%,d znodes: %.1f bytes of heap each, %.1f beside the array of the value%n",
                    state.view().znodeCount(),
                    (double) heap / znodes,
                    (double) heap / znodes - 152);
        }
        for (int round = 0; round < 3; round++) {
            report(print, "set, random znodes", timed(state, 500_000, i -> set(path(random.nextInt(znodes)))), 500_000);
        }
        report(print, "find, random znodes", finds(state.view()), 1_000_000);
        long start = cpuNanos();
        long scanned = 0;
        for (Iterator<TreeView.Entry> scan = state.view().scan(ZnodePath.ROOT); scan.hasNext(); scan.next()) {
            scanned++;
        }
        report(print, "scan", cpuNanos() - start, scanned);
    }

    private interface Source {
        Command command(int number);
    }

    /** Time of applying alone: the commands of an entry are made before. */
    private long timed(StoreState state, int count, Source source) {
        Command[] entry = new Command[commandsPerEntry];
        long nanos = 0;
        for (int done = 0; done < count; ) {
            int size = Math.min(commandsPerEntry, count - done);
            for (int i = 0; i < size; i++) {
                entry[i] = source.command(done + i);
            }
            long start = cpuNanos();
            state.beginEntry(1, clock++, clock);
            for (int i = 0; i < size; i++) {
                if (state.apply(entry[i], null) instanceof CommandResult.Rejected rejected) {
                    throw new IllegalStateException(rejected.toString());
                }
            }
            state.endEntry();
            nanos += cpuNanos() - start;
            done += size;
        }
        return nanos;
    }

    private void single(StoreState state, Command command) {
        state.beginEntry(1, clock++, clock);
        state.apply(command, null);
        state.endEntry();
    }

    private long finds(TreeView view) {
        long nanos = 0;
        ZnodePath[] paths = new ZnodePath[1_000];
        for (int batch = 0; batch < 1_000; batch++) {
            for (int i = 0; i < paths.length; i++) {
                paths[i] = path(random.nextInt(znodes));
            }
            long start = cpuNanos();
            for (ZnodePath path : paths) {
                Znode found = view.find(path);
                if (found == null) {
                    throw new IllegalStateException("not found: " + path);
                }
            }
            nanos += cpuNanos() - start;
        }
        return nanos;
    }

    private static ZnodePath parent(int number) {
        return ZnodePath.parse(String.format(Locale.ROOT, "/parent-%04d", number));
    }

    private static ZnodePath path(int number) {
        return parent(number % PARENTS).child(String.format(Locale.ROOT, "node-%07d", number));
    }

    private static Command create(ZnodePath path) {
        return new Command.Create(path, ZnodeKind.PERSISTENT, value(path), "", false, null, 0, false, null, false);
    }

    private static Command set(ZnodePath path) {
        return new Command.Set(path, value(path), "", Command.ANY, Command.ANY, false, false, false);
    }

    private static byte[] value(ZnodePath path) {
        byte[] bytes = new byte[128];
        bytes[path.hashCode() & 127] = 1;
        return ValueEncoding.ofBytes(bytes);
    }

    /** Processor time of this thread: what other programs do at the same time counts little. */
    private static long cpuNanos() {
        return THREADS.getCurrentThreadCpuTime();
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static void report(boolean print, String what, long nanos, long count) {
        if (print) {
            System.out.printf(Locale.ROOT, "%-24s %,8.0f ns%n", what, (double) nanos / count);
        }
    }
}

package io.pathkeeper.server.state;

import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueEncoding;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Applies entries of 100 sets to random ones of 100,000 znodes; the figure is of one set. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ApplyBenchmark {
    private static final int ZNODES = 100_000;
    private static final int PER_PARENT = 1_000;
    private static final int ENTRY = 100;
    private static final int ENTRIES = 256;
    private static final byte[] VALUE = ValueEncoding.ofBytes(new byte[128]);

    private final StoreState state =
            StoreState.create(StateLimits.DEFAULT.withHistory(new StateLimits.History(0, 1, 1 << 16)));
    private final Command[][] entries = new Command[ENTRIES][ENTRY];
    private long clock = 1_700_000_000_000L;
    private int next;

    /** Fills the store. */
    public ApplyBenchmark() {
        for (int i = 0; i < ZNODES; i++) {
            state.beginEntry(1, clock++, clock);
            if (i % PER_PARENT == 0) {
                requireApplied(create(parent(i)));
            }
            requireApplied(create(path(i)));
            state.endEntry();
        }
        SplittableRandom random = new SplittableRandom(1);
        for (Command[] entry : entries) {
            for (int i = 0; i < ENTRY; i++) {
                entry[i] = new Command.Set(
                        path(random.nextInt(ZNODES)), VALUE, "", Command.ANY, Command.ANY, false, false, false);
            }
        }
    }

    /** Sets. */
    @Benchmark
    @OperationsPerInvocation(ENTRY)
    public long set() {
        state.beginEntry(1, clock++, clock);
        for (Command command : entries[next++ % ENTRIES]) {
            requireApplied(command);
        }
        state.endEntry();
        return state.view().revision();
    }

    private void requireApplied(Command command) {
        if (state.apply(command, null) instanceof CommandResult.Rejected rejected) {
            throw new IllegalStateException(rejected.toString());
        }
    }

    private static ZnodePath parent(int number) {
        return ZnodePath.ROOT.child("p" + number / PER_PARENT);
    }

    private static ZnodePath path(int number) {
        return parent(number).child("n" + number);
    }

    private static Command create(ZnodePath path) {
        return new Command.Create(path, ZnodeKind.PERSISTENT, VALUE, "", false, null, 0, false, null, false);
    }
}

package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.state.StoreState;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueEncoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Writes a snapshot of 20,000 znodes with 128 random bytes each to a disk, fsync included; the figure is of one znode. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SnapshotWriteBenchmark {
    private static final int ZNODES = 20_000;
    private static final int PER_PARENT = 1_000;

    private final StoreState state = StoreState.create(StateLimits.DEFAULT);
    private final Path directory;

    /** Fills the store. */
    public SnapshotWriteBenchmark() {
        Random random = new Random(1);
        byte[] bytes = new byte[128];
        state.beginEntry(1, 1_800_000_000_000L, 1);
        for (int i = 0; i < ZNODES; i++) {
            ZnodePath parent = ZnodePath.ROOT.child("p" + i / PER_PARENT);
            random.nextBytes(bytes);
            if (i % PER_PARENT == 0) {
                create(parent, ValueEncoding.ofNull());
            }
            create(parent.child("n" + i), ValueEncoding.ofBytes(bytes));
        }
        state.endEntry();
        try {
            directory = Files.createTempDirectory("snapshot-write");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void create(ZnodePath path, byte[] value) {
        Command create = new Command.Create(path, ZnodeKind.PERSISTENT, value, "", false, null, 0, false, null, false);
        if (state.apply(create, null) instanceof CommandResult.Rejected rejected) {
            throw new IllegalStateException(rejected.toString());
        }
    }

    /** Writes it. */
    @Benchmark
    @OperationsPerInvocation(ZNODES)
    public SnapshotSummary write() throws IOException {
        return SnapshotWriter.write(
                state.pin(),
                new SnapshotOrigin("benchmark", 1, 1),
                directory.resolve("snapshot"),
                directory,
                () -> false);
    }

    /** Deletes the file. */
    @TearDown
    public void delete() throws IOException {
        Files.deleteIfExists(directory.resolve("snapshot"));
        Files.delete(directory);
    }
}

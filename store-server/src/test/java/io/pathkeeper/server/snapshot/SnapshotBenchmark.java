package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.state.StoreState;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueEncoding;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/**
 * Measures writing and reading of a snapshot. Arguments: number of znodes (1,000,000), bytes of a value (128), {@code text} or
 * {@code random} (both).
 */
public final class SnapshotBenchmark {
    private static final PrintStream OUT = System.out;

    private SnapshotBenchmark() {}

    /** Runs it. */
    public static void main(String[] arguments) throws IOException {
        int znodes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        int valueBytes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 128;
        if (arguments.length < 3 || arguments[2].equals("text")) {
            measure(znodes, valueBytes, true);
        }
        if (arguments.length < 3 || arguments[2].equals("random")) {
            measure(znodes, valueBytes, false);
        }
    }

    private static void measure(int znodes, int valueBytes, boolean text) throws IOException {
        StoreState state = fill(znodes, valueBytes, text);
        Path directory = Files.createTempDirectory("snapshot-benchmark");
        Path target = directory.resolve("snapshot");
        for (int round = 1; round <= 3; round++) {
            long begin = System.nanoTime();
            SnapshotSummary written = SnapshotWriter.write(
                    state.pin(), new SnapshotOrigin("benchmark", 1, 1), target, directory, () -> false);
            double writeSeconds = (System.nanoTime() - begin) / 1e9;
            begin = System.nanoTime();
            RestoredSnapshot restored = SnapshotReader.read(target, StateLimits.DEFAULT);
            double readSeconds = (System.nanoTime() - begin) / 1e9;
            OUT.printf(
                    Locale.ROOT,
                    "%s values, %d znodes: raw %.1f MB, file %.1f MB; write %.2f s (%.0f MB/s raw, %.0f znodes/s);"
                            + " read %.2f s (%.0f znodes/s)%n",
                    text ? "text" : "random",
                    restored.counts().znodes(),
                    written.rawBytes() / 1e6,
                    written.fileBytes() / 1e6,
                    writeSeconds,
                    written.rawBytes() / 1e6 / writeSeconds,
                    written.counts().znodes() / writeSeconds,
                    readSeconds,
                    restored.counts().znodes() / readSeconds);
        }
        Files.delete(target);
        Files.delete(directory);
    }

    private static StoreState fill(int znodes, int valueBytes, boolean text) {
        StoreState state = StoreState.create(StateLimits.DEFAULT.withMaxZnodes(Math.max(1_000, 2L * znodes)));
        Random random = new Random(1);
        ZnodePath parent = ZnodePath.ROOT;
        for (int i = 0; i < znodes; i++) {
            if (i % 1000 == 0) {
                state.beginEntry(1, 1_800_000_000_000L + i, i);
                parent = ZnodePath.ROOT.child(String.format(Locale.ROOT, "group-%05d", i / 1000));
                state.apply(create(parent, ValueEncoding.ofNull()), null);
            }
            ZnodePath path = parent.child(String.format(Locale.ROOT, "node-%07d", i));
            state.apply(create(path, value(random, valueBytes, text)), null);
            if (i % 1000 == 999 || i == znodes - 1) {
                state.endEntry();
            }
        }
        return state;
    }

    private static byte[] value(Random random, int length, boolean text) {
        if (!text) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            return ValueEncoding.ofBytes(bytes);
        }
        String service = String.format(
                Locale.ROOT,
                "{\"host\":\"10.%d.%d.7\",\"port\":%d,\"state\":\"ready\",\"zone\":\"eu-west-%d\",\"id\":\"%016x\"}",
                random.nextInt(256),
                random.nextInt(256),
                8000 + random.nextInt(1000),
                random.nextInt(3),
                random.nextLong());
        return ValueEncoding.ofString(
                service.length() < length ? service + " ".repeat(length - service.length()) : service);
    }

    private static Command.Create create(ZnodePath path, byte[] value) {
        return new Command.Create(path, ZnodeKind.PERSISTENT, value, "", false, null, 0, false, null, false);
    }
}

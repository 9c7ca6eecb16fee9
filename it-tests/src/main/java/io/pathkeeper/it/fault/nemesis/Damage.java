package io.pathkeeper.it.fault.nemesis;

import io.pathkeeper.it.fault.cluster.FaultCluster;
import io.pathkeeper.it.fault.cluster.ServerDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/**
 * Bytes of a killed server's files are not what was written. Then it either refuses to start with the exit code for corrupt data, and is wiped and joins again, or starts and is as good as
 * the others; a damage never reaches the others.
 *
 * @param name on the command line
 * @param summary what it does
 * @param kind of file and of damage
 */
record Damage(String name, String summary, Kind kind) implements Nemesis {
    /** What is damaged. */
    enum Kind {
        FLIPPED_LOG,
        TORN_LOG,
        FLIPPED_SNAPSHOT,
        TORN_SNAPSHOT
    }

    private static final int FLIPPED_BYTES = 8;
    private static final int TORN_BYTES = 2_000;
    private static final int HEAD = 64;

    /** All kinds. */
    static List<Nemesis> all() {
        return List.of(
                new Damage("flipped-log", "flips bytes inside a log file of a killed server", Kind.FLIPPED_LOG),
                new Damage(
                        "torn-log",
                        "leaves half of an entry that was never acknowledged at the end of a killed server's log",
                        Kind.TORN_LOG),
                new Damage(
                        "flipped-snapshot",
                        "flips bytes inside the newest snapshot of a killed server",
                        Kind.FLIPPED_SNAPSHOT),
                new Damage(
                        "torn-snapshot",
                        "cuts the newest snapshot of a killed server off at any length",
                        Kind.TORN_SNAPSHOT));
    }

    @Override
    public Injection begin(FaultCluster cluster, SplittableRandom dice) throws InterruptedException {
        int server = dice.nextInt(cluster.size());
        if (kind == Kind.FLIPPED_SNAPSHOT || kind == Kind.TORN_SNAPSHOT) {
            FaultCluster.await(
                    FaultCluster.name(server) + " has a snapshot",
                    FaultCluster.PATIENCE,
                    () -> !cluster.disk(server).snapshots().isEmpty());
        }
        cluster.kill(server);
        Done done = damage(cluster.disk(server), dice);
        return new Damaged("killed " + FaultCluster.name(server) + " and " + done.words, cluster, server, done);
    }

    /**
     * What was damaged.
     *
     * @param file name of it; empty when nothing was damaged
     */
    private record Done(String words, String file) {}

    /** A server with a damage. */
    private static final class Damaged extends Injection {
        private final FaultCluster cluster;
        private final int server;
        private final Done done;
        private final List<String> problems = new ArrayList<>();
        private String outcome = "";

        Damaged(String what, FaultCluster cluster, int server, Done done) {
            super(what, false);
            this.cluster = cluster;
            this.server = server;
            this.done = done;
        }

        @Override
        public void end() throws InterruptedException {
            cluster.start(server);
            cluster.awaitAnswers(server);
            OptionalInt code = cluster.process(server).exitCode();
            if (code.isPresent() && code.getAsInt() == ExitCodes.CORRUPT) {
                cluster.tolerateEnd(server, ExitCodes.CORRUPT);
                cluster.kill(server);
                cluster.wipe(server);
                cluster.start(server);
                cluster.awaitAnswers(server);
                outcome = "it refused to start, was wiped and joined again";
                return;
            }
            List<String> loaded = SnapshotLog.loaded(cluster.process(server).log());
            outcome = loaded.isEmpty() ? "it started" : "it started from " + loaded.get(0);
            problems.addAll(taken(FaultCluster.name(server), done.file, loaded));
        }

        @Override
        public List<String> checkBehind() {
            return problems;
        }

        @Override
        public boolean tookEffect() {
            return !done.file.isEmpty();
        }

        @Override
        public String outcome() {
            return outcome;
        }
    }

    /** A sentence when a server loaded what is damaged as if it were whole. */
    static List<String> taken(String server, String damaged, List<String> loaded) {
        return loaded.contains(damaged) ? List.of(server + " has loaded " + damaged + ", which is damaged") : List.of();
    }

    private Done damage(ServerDisk disk, SplittableRandom dice) {
        return switch (kind) {
            case FLIPPED_LOG -> {
                List<Path> files = disk.logFiles();
                yield flip(files.get(dice.nextInt(files.size())), dice);
            }
            case TORN_LOG -> tear(disk.logFiles().get(disk.logFiles().size() - 1));
            case FLIPPED_SNAPSHOT -> flip(newest(disk), dice);
            case TORN_SNAPSHOT -> cut(newest(disk), dice);
        };
    }

    private static Path newest(ServerDisk disk) {
        List<Path> files = disk.snapshots();
        return files.get(files.size() - 1);
    }

    private static Done flip(Path file, SplittableRandom dice) {
        byte[] bytes = read(file);
        int written = written(bytes);
        if (written < 2 * HEAD) {
            return new Done(
                    "found only " + written + " bytes in " + file.getFileName() + ", which were left as they are", "");
        }
        int at = dice.nextInt(HEAD, written - FLIPPED_BYTES);
        for (int i = 0; i < FLIPPED_BYTES; i++) {
            bytes[at + i] ^= (byte) dice.nextInt(1, 256);
        }
        write(file, bytes);
        return new Done(
                "flipped " + FLIPPED_BYTES + " bytes at " + at + " of " + written + " in " + file.getFileName(),
                String.valueOf(file.getFileName()));
    }

    /** Bytes that look like the beginning of an entry take the place of zeros that were only reserved, as when power fails during a write. */
    private static Done tear(Path file) {
        byte[] bytes = read(file);
        int written = written(bytes);
        int count = Math.min(Math.min(TORN_BYTES, written / 2), bytes.length - written);
        if (count < HEAD) {
            return new Done("found no room behind " + written + " bytes of " + file.getFileName(), "");
        }
        System.arraycopy(bytes, written / 2, bytes, written, count);
        write(file, bytes);
        return new Done(
                "left " + count + " bytes of an unfinished write behind byte " + written + " of " + file.getFileName(),
                String.valueOf(file.getFileName()));
    }

    /** As when power fails before all of a file is on disk. */
    private static Done cut(Path file, SplittableRandom dice) {
        byte[] bytes = read(file);
        int left = dice.nextInt(bytes.length);
        write(file, Arrays.copyOf(bytes, left));
        return new Done(
                "left " + left + " of the " + bytes.length + " bytes of " + file.getFileName(),
                String.valueOf(file.getFileName()));
    }

    /** What is only reserved, zeros at the end, does not count. */
    private static int written(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

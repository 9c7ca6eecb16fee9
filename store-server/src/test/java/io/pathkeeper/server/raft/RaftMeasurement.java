package io.pathkeeper.server.raft;

import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.store.ProposalListener;
import io.pathkeeper.server.store.StoreFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * Measures the log without the edges: three members in this JVM, 128-byte sets proposed on the leader or on a follower, and
 * linearizable views. Not a test: prints what it saw. Arguments: seconds for each row.
 */
final class RaftMeasurement {
    private RaftMeasurement() {}

    public static void main(String[] args) throws Exception {
        int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        Path directory = Files.createTempDirectory(Path.of("").toAbsolutePath().resolve("target"), "measure");
        try (TestCluster cluster = new TestCluster(3, directory, UnaryOperator.identity())) {
            cluster.startAll();
            int leader = cluster.leader();
            writes(cluster, leader, 256, 10);
            for (int outstanding : new int[] {1, 16, 128, 1_024}) {
                System.out.printf(
                        Locale.ROOT,
                        "sets on the leader, %5d outstanding: %,9d/s%n",
                        outstanding,
                        writes(cluster, leader, outstanding, seconds));
            }
            for (int outstanding : new int[] {1, 1_024}) {
                System.out.printf(
                        Locale.ROOT,
                        "sets on a follower, %4d outstanding: %,9d/s%n",
                        outstanding,
                        writes(cluster, cluster.follower(), outstanding, seconds));
            }
            System.out.printf(
                    Locale.ROOT,
                    "linearizable views on the leader, one after the other: %,d/s%n",
                    reads(cluster, leader, seconds));
            System.out.printf(
                    Locale.ROOT,
                    "linearizable views on a follower, one after the other: %,d/s%n",
                    reads(cluster, cluster.follower(), seconds));
            if (!cluster.fatal.isEmpty()) {
                throw new IllegalStateException(cluster.fatal.toString());
            }
        }
    }

    private static long writes(TestCluster cluster, int server, int outstanding, int seconds) throws Exception {
        String value = "x".repeat(128);
        Semaphore window = new Semaphore(outstanding);
        AtomicLong failed = new AtomicLong();
        long begun = System.nanoTime();
        long end = begun + seconds * 1_000_000_000L;
        long sent = 0;
        while (System.nanoTime() < end) {
            window.acquire();
            cluster.node(server)
                    .propose(
                            TestCluster.set("/n" + sent % 1_000, value),
                            null,
                            System.nanoTime() + 10_000_000_000L,
                            new ProposalListener() {
                                @Override
                                public void applied(CommandResult result) {
                                    window.release();
                                }

                                @Override
                                public void failed(StoreFailure failure) {
                                    failed.incrementAndGet();
                                    window.release();
                                }
                            });
            sent++;
        }
        window.acquire(outstanding);
        if (failed.get() > 0) {
            System.out.println(failed.get() + " failed");
        }
        return sent * 1_000_000_000L / (System.nanoTime() - begun);
    }

    private static long reads(TestCluster cluster, int server, int seconds) throws Exception {
        long begun = System.nanoTime();
        long end = begun + seconds * 1_000_000_000L;
        long done = 0;
        while (System.nanoTime() < end) {
            cluster.node(server).linearizableView().get();
            done++;
        }
        return done * 1_000_000_000L / (System.nanoTime() - begun);
    }
}

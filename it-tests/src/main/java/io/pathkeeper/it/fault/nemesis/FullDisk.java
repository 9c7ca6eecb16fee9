package io.pathkeeper.it.fault.nemesis;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.it.fault.cluster.FaultCluster;
import io.pathkeeper.v1.Consistency;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.ReadOptions;
import io.pathkeeper.v1.SetRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A file takes all space of the disks of some servers; then large values are written, so that the log needs space. A full disk of a minority costs the others nothing; what becomes of a
 * majority is told in the report.
 */
record FullDisk(Victims victims) implements Nemesis {
    private static final int LARGE_BYTES = 256 << 10;
    /** More than two files of the log. */
    private static final int LARGE_WRITES = 72;

    private static final Duration WRITING = Duration.ofSeconds(12);
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String PATH = "/faults-filler";

    @Override
    public String name() {
        return victims == Victims.ONE
                ? "full-disk"
                : "full-disk-" + victims.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String summary() {
        return "the disk of " + victims.words() + " is full while large values are written";
    }

    @Override
    public Optional<String> whyNot(FaultCluster cluster) {
        return cluster.disk(0).whyNotFillable();
    }

    /** The writing is what takes time. */
    @Override
    public Duration hold(SplittableRandom dice) {
        return Duration.ZERO;
    }

    @Override
    public Injection begin(FaultCluster cluster, SplittableRandom dice) throws InterruptedException {
        List<Integer> servers = List.copyOf(victims.choose(cluster, dice));
        for (int server : servers) {
            cluster.tolerateEnd(server, ExitCodes.STORAGE);
            cluster.disk(server).fill(0);
        }
        return new Full(cluster, servers);
    }

    private static final class Full extends Injection {
        private final FaultCluster cluster;
        private final List<Integer> servers;
        private final List<String> seen = new ArrayList<>();

        Full(FaultCluster cluster, List<Integer> servers) {
            super("the disks of " + FaultCluster.names(servers) + " are full", false);
            this.cluster = cluster;
            this.servers = servers;
        }

        @Override
        public List<String> check() throws InterruptedException {
            seen.add("large writes: " + writeMuch());
            List<Integer> ended = servers.stream()
                    .filter(server -> !cluster.isRunning(server))
                    .toList();
            seen.add(ended.isEmpty() ? "none ended" : FaultCluster.names(ended) + " ended");
            seen.add("linearizable reads: " + reads(Consistency.CONSISTENCY_LINEARIZABLE));
            seen.add("local reads: " + reads(Consistency.CONSISTENCY_LOCAL));
            if (servers.size() >= cluster.majority()) {
                return List.of();
            }
            try {
                FaultCluster.await(
                        "a write is acknowledged",
                        PATIENCE,
                        () -> cluster.all().stream()
                                .filter(server -> !servers.contains(server))
                                .anyMatch(server ->
                                        write(server, ByteString.EMPTY).equals("done")));
                return List.of();
            } catch (IllegalStateException e) {
                return List.of("though a majority has space: " + e.getMessage());
            }
        }

        /** What came of the writes, by answer. */
        private Map<String, Integer> writeMuch() {
            Map<String, Integer> answers = new TreeMap<>();
            ByteString bytes = ByteString.copyFrom(new byte[LARGE_BYTES]);
            long end = System.nanoTime() + WRITING.toNanos();
            for (int i = 0; i < LARGE_WRITES && System.nanoTime() - end < 0; i++) {
                answers.merge(write(i % cluster.size(), bytes), 1, Integer::sum);
            }
            return answers;
        }

        private Map<String, Integer> reads(Consistency consistency) {
            Map<String, Integer> answers = new TreeMap<>();
            for (ServerStubs stubs : cluster.stubs()) {
                GetRequest request = GetRequest.newBuilder()
                        .setPath("/")
                        .setOptions(ReadOptions.newBuilder().setConsistency(consistency))
                        .build();
                answers.merge(answer(() -> stubs.store(LIMIT).get(request)), 1, Integer::sum);
            }
            return answers;
        }

        private String write(int server, ByteString bytes) {
            SetRequest request = SetRequest.newBuilder()
                    .setPath(PATH)
                    .setAllowMissing(true)
                    .setData(Payload.newBuilder().setRaw(bytes))
                    .build();
            return answer(() -> cluster.stubs().get(server).store(LIMIT).set(request));
        }

        private static String answer(Runnable call) {
            try {
                call.run();
                return "done";
            } catch (StatusRuntimeException e) {
                String reason = ServerStubs.reasonOf(e);
                return reason.isEmpty() ? e.getStatus().getCode().name() : reason;
            }
        }

        @Override
        public String outcome() {
            return String.join(", ", seen);
        }

        /** Frees the disks; what has ended is started again, as the system's supervisor of services does. */
        @Override
        public void end() throws InterruptedException {
            servers.forEach(server -> cluster.disk(server).free());
            for (int server : cluster.startEnded()) {
                cluster.awaitAnswers(server);
            }
        }
    }
}

package io.pathkeeper.it.fault.nemesis;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.it.fault.cluster.FaultCluster;
import io.pathkeeper.v1.Consistency;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.GetMemberStatusRequest;
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
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A file takes all space of the disks of some servers; then large values are written, so that the log needs space. No server may end. A full disk of a minority costs the others nothing. While a
 * majority is full, what would let the store grow is refused with NOSPACE by every server, deletes and reads are not; all of it ends by itself when there is space again, and with it the alarms.
 */
record FullDisk(Victims victims) implements Nemesis {
    private static final int LARGE_BYTES = 256 << 10;
    /** More than two files of the log. */
    private static final int LARGE_WRITES = 72;

    private static final Duration WRITING = Duration.ofSeconds(12);
    private static final Duration LIMIT = Duration.ofSeconds(3);
    /** What a server promises is there so soon, on a busy machine, too. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String PATH = "/faults-filler";
    private static final String NOSPACE = "NOSPACE";
    private static final String DONE = "done";

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
        // without the reserve a server has nothing to go on with: it is made again some seconds behind the fault before
        FaultCluster.await(
                "every server has its reserve",
                FaultCluster.PATIENCE,
                () -> cluster.all().stream()
                        .allMatch(server -> cluster.disk(server).hasReserve()));
        Full full = new Full(cluster, servers);
        full.prepare();
        for (int server : servers) {
            cluster.disk(server).fill(0);
        }
        return full;
    }

    private static final class Full extends Injection {
        private final FaultCluster cluster;
        private final List<Integer> servers;
        private final List<String> seen = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();

        Full(FaultCluster cluster, List<Integer> servers) {
            super("the disks of " + FaultCluster.names(servers) + " are full", false);
            this.cluster = cluster;
            this.servers = servers;
        }

        /** Makes what is deleted while the disks are full. */
        void prepare() throws InterruptedException {
            CreateRequest request = CreateRequest.newBuilder()
                    .setPath(PATH + "-old")
                    .setData(Payload.newBuilder().setRaw(ByteString.EMPTY))
                    .build();
            FaultCluster.await("a znode is made", FaultCluster.PATIENCE, () -> {
                String answer = answer(() -> cluster.stubs().get(0).store(LIMIT).create(request));
                return answer.equals(DONE) || answer.equals("NODE_EXISTS");
            });
        }

        @Override
        public List<String> check() throws InterruptedException {
            boolean majority = servers.size() >= cluster.majority();
            require("the full servers tell of it", () -> servers.stream().allMatch(this::alarms));
            if (majority) {
                require(
                        "every server refuses what grows",
                        () -> cluster.all().stream()
                                .allMatch(server ->
                                        write(server, ByteString.EMPTY).equals(NOSPACE)));
            }
            if (majority) {
                Map<String, Integer> answers = new TreeMap<>();
                writeMuch(cluster.all(), answer -> answers.merge(answer, 1, Integer::sum));
                seen.add("large writes: " + answers);
                if (answers.keySet().stream().anyMatch(answer -> !answer.equals(NOSPACE))) {
                    problems.add("writes while a majority is full were answered " + answers);
                }
                require("a delete is done", this::delete);
            } else {
                SteadyWrites writes = new SteadyWrites();
                writeMuch(others(), answer -> writes.answered(answer.equals(DONE) ? "" : answer));
                seen.add("large writes through " + FaultCluster.names(others()) + ": " + writes);
                problems.addAll(writes.problems());
            }
            List<Integer> readers = majority ? cluster.all() : others();
            require(
                    "linearizable reads are answered by " + FaultCluster.names(readers),
                    () -> readers.stream()
                            .allMatch(server -> read(server, Consistency.CONSISTENCY_LINEARIZABLE)
                                    .equals(DONE)));
            require(
                    "local reads are answered by all",
                    () -> cluster.all().stream()
                            .allMatch(server ->
                                    read(server, Consistency.CONSISTENCY_LOCAL).equals(DONE)));
            for (int server : servers) {
                if (!cluster.isRunning(server)) {
                    problems.add(FaultCluster.name(server) + " has ended");
                }
            }
            return problems;
        }

        @Override
        public List<Integer> unhurt() {
            return servers.size() < cluster.majority() ? others() : List.of();
        }

        private List<Integer> others() {
            return cluster.all().stream()
                    .filter(server -> !servers.contains(server))
                    .toList();
        }

        private void require(String what, BooleanSupplier condition) throws InterruptedException {
            long begun = System.nanoTime();
            try {
                FaultCluster.await(what, PATIENCE, condition::getAsBoolean);
                seen.add(what + " after "
                        + Duration.ofNanos(System.nanoTime() - begun).toMillis() + " ms");
            } catch (IllegalStateException e) {
                problems.add(e.getMessage());
            }
        }

        private void writeMuch(List<Integer> through, Consumer<String> answers) {
            ByteString bytes = ByteString.copyFrom(new byte[LARGE_BYTES]);
            long end = System.nanoTime() + WRITING.toNanos();
            for (int i = 0; i < LARGE_WRITES && System.nanoTime() - end < 0; i++) {
                answers.accept(write(through.get(i % through.size()), bytes));
            }
        }

        private boolean delete() {
            DeleteRequest request =
                    DeleteRequest.newBuilder().setPath(PATH + "-old").build();
            String answer = answer(() -> cluster.stubs().get(0).store(LIMIT).delete(request));
            return answer.equals(DONE) || answer.equals("NODE_NOT_FOUND");
        }

        private String read(int server, Consistency consistency) {
            GetRequest request = GetRequest.newBuilder()
                    .setPath("/")
                    .setOptions(ReadOptions.newBuilder().setConsistency(consistency))
                    .build();
            return answer(() -> cluster.stubs().get(server).store(LIMIT).get(request));
        }

        private String write(int server, ByteString bytes) {
            SetRequest request = SetRequest.newBuilder()
                    .setPath(PATH)
                    .setAllowMissing(true)
                    .setData(Payload.newBuilder().setRaw(bytes))
                    .build();
            return answer(() -> cluster.stubs().get(server).store(LIMIT).set(request));
        }

        private boolean alarms(int server) {
            try {
                return cluster
                        .stubs()
                        .get(server)
                        .maintenance(LIMIT)
                        .getMemberStatus(GetMemberStatusRequest.getDefaultInstance())
                        .getAlarmsList()
                        .stream()
                        .anyMatch(alarm -> alarm.startsWith(NOSPACE + " "));
            } catch (StatusRuntimeException e) {
                return false;
            }
        }

        private static String answer(Runnable call) {
            try {
                call.run();
                return DONE;
            } catch (StatusRuntimeException e) {
                String reason = ServerStubs.reasonOf(e);
                return reason.isEmpty() ? e.getStatus().getCode().name() : reason;
            }
        }

        @Override
        public String outcome() {
            return String.join(", ", seen);
        }

        /** Frees the disks. Nothing is started again: what has ended should not have. */
        @Override
        public void end() {
            servers.forEach(server -> cluster.disk(server).free());
        }

        @Override
        public List<String> checkBehind() throws InterruptedException {
            problems.clear();
            require("the alarms are cleared", () -> servers.stream().noneMatch(this::alarms));
            return problems;
        }
    }
}

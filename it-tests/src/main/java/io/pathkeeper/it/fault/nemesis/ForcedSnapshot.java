package io.pathkeeper.it.fault.nemesis;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.it.fault.cluster.FaultCluster;
import io.pathkeeper.it.fault.cluster.MemberState;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.SetRequest;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** A server is away until the log of the others begins behind what it has: it has to take over a snapshot. */
record ForcedSnapshot() implements Nemesis {
    /** Large, so that a few of them fill a file of the log, and it can be purged. */
    private static final int FILLER_BYTES = 256 << 10;

    private static final String FILLER = "/faults-filler";
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Override
    public String name() {
        return "install-snapshot";
    }

    @Override
    public String summary() {
        return "kills a follower, writes until the others have purged what it needs of the log, and starts it again";
    }

    @Override
    public Duration hold(SplittableRandom dice) {
        return Duration.ZERO;
    }

    @Override
    public Injection begin(FaultCluster cluster, SplittableRandom dice) throws InterruptedException {
        int follower = Victims.follower(cluster, dice);
        long had = cluster.state(follower).map(MemberState::appliedIndex).orElse(0L);
        cluster.kill(follower);
        ByteString bytes = ByteString.copyFrom(new byte[FILLER_BYTES]);
        FaultCluster.await(
                "all others have purged entry " + had + " and the "
                        + cluster.settings().get("raft.preservation_entries") + " behind it",
                PATIENCE,
                () -> {
                    write(cluster, follower, bytes);
                    return cluster.all().stream()
                            .filter(server -> server != follower)
                            .allMatch(server -> purged(cluster, server, had));
                });
        write(cluster, follower, ByteString.EMPTY);
        List<String> own = cluster.disk(follower).snapshots().stream()
                .map(file -> String.valueOf(file.getFileName()))
                .toList();
        return new Injection(
                FaultCluster.name(follower) + " was away while the others purged entry " + had + " of the log", false) {
            private boolean installed;

            @Override
            public void end() throws InterruptedException {
                cluster.start(follower);
                cluster.awaitAnswers(follower);
            }

            /** What it loads and did not have is the leader's. */
            @Override
            public List<String> checkBehind() {
                installed = !own.containsAll(
                        SnapshotLog.loaded(cluster.process(follower).log()));
                return List.of();
            }

            @Override
            public boolean tookEffect() {
                return installed;
            }

            @Override
            public String outcome() {
                return installed ? "it took over a snapshot" : "it took over no snapshot";
            }
        };
    }

    private static boolean purged(FaultCluster cluster, int server, long had) {
        OptionalLong first = cluster.disk(server).firstLogIndex();
        return first.isPresent() && first.getAsLong() > had + 1;
    }

    /** A write that fails is tried again with the next one. */
    private static void write(FaultCluster cluster, int away, ByteString bytes) {
        List<ServerStubs> stubs = cluster.stubs();
        ServerStubs stub = stubs.get((away + 1) % stubs.size());
        try {
            stub.store(LIMIT)
                    .set(SetRequest.newBuilder()
                            .setPath(FILLER)
                            .setAllowMissing(true)
                            .setData(Payload.newBuilder().setRaw(bytes))
                            .build());
        } catch (StatusRuntimeException e) {
            // there may be no leader for a while: the wait has a limit of its own
        }
    }
}

package io.pathkeeper.it.fault.nemesis;

import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.it.fault.cluster.FaultCluster;
import io.pathkeeper.it.fault.cluster.MemberState;
import io.pathkeeper.v1.TransferLeadershipRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Leadership goes to a server that is told, once to three times in a row, while all run: whoever is asked, and nobody restarts for it. */
record Transfer() implements Nemesis {
    private static final int MOST = 3;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Override
    public String name() {
        return "transfer-leadership";
    }

    @Override
    public String summary() {
        return "has a follower lead by the call TransferLeadership to any server, up to three times in a row";
    }

    @Override
    public Duration hold(SplittableRandom dice) {
        return Duration.ZERO;
    }

    @Override
    public Injection begin(FaultCluster cluster, SplittableRandom dice) throws InterruptedException {
        List<Long> processes = processes(cluster);
        List<String> problems = new ArrayList<>();
        Map<String, Integer> refusals = new TreeMap<>();
        StringBuilder way = new StringBuilder(FaultCluster.name(cluster.awaitLeader()));
        for (int left = dice.nextInt(MOST); left >= 0; left--) {
            int target = Victims.follower(cluster, dice);
            int asked = dice.nextInt(cluster.size());
            long term = cluster.state(target).map(MemberState::term).orElse(0L);
            FaultCluster.await(
                    FaultCluster.name(asked) + " has " + FaultCluster.name(target) + " lead, refused so far: "
                            + refusals,
                    FaultCluster.PATIENCE,
                    () -> transferred(cluster, asked, target, refusals));
            way.append(" to ").append(FaultCluster.name(target));
            problems.addAll(leads(FaultCluster.name(target), term, () -> cluster.state(target), LIMIT));
        }
        if (!processes(cluster).equals(processes)) {
            problems.add("a server has ended, the processes were " + processes + " and are " + processes(cluster));
        }
        return new Injection("leadership went from " + way, false) {
            @Override
            public List<String> check() {
                return problems;
            }

            @Override
            public String outcome() {
                return refusals.isEmpty() ? "" : "refused at first: " + refusals;
            }

            @Override
            public void end() {
                // all run
            }
        };
    }

    /** It may be refused, for who shall lead has to have everything: then it is asked for again. */
    private static boolean transferred(FaultCluster cluster, int asked, int target, Map<String, Integer> refusals) {
        try {
            cluster.stubs()
                    .get(asked)
                    .cluster(LIMIT)
                    .transferLeadership(TransferLeadershipRequest.newBuilder()
                            .setMemberId(FaultCluster.name(target))
                            .build());
            return true;
        } catch (StatusRuntimeException e) {
            String reason = ServerStubs.reasonOf(e);
            refusals.merge(reason.isEmpty() ? e.getStatus().getCode().name() : reason, 1, Integer::sum);
            return false;
        }
    }

    /** Behind a transfer that was answered well a server leads, in a later term; a sentence when it does not. */
    static List<String> leads(String server, long term, Supplier<Optional<MemberState>> said, Duration limit)
            throws InterruptedException {
        List<MemberState> last = new ArrayList<>();
        try {
            FaultCluster.await(server + " leads", limit, () -> {
                said.get().ifPresent(state -> {
                    last.clear();
                    last.add(state);
                });
                return last.stream().anyMatch(state -> state.leader().equals(server) && state.term() > term);
            });
            return List.of();
        } catch (IllegalStateException e) {
            return List.of("a transfer to " + server + " was answered well, but it does not lead: " + last);
        }
    }

    private static List<Long> processes(FaultCluster cluster) {
        return cluster.all().stream()
                .map(server ->
                        cluster.isRunning(server) ? cluster.process(server).pid() : 0)
                .toList();
    }
}

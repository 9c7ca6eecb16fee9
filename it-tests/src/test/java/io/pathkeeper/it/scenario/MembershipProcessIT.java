package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.cluster.Members;
import io.pathkeeper.client.cluster.NewMember;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.model.Member;
import io.pathkeeper.client.model.MemberRole;
import io.pathkeeper.client.model.ReadOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.ProcessCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One server grows to three and to five and goes on with others, while a client writes: nothing that was acknowledged is lost. Real processes
 * take a while to start, six of them one after the other.
 */
@Timeout(300)
class MembershipProcessIT {
    /** Snapshots so often that those who join get one. */
    private static final ClusterOptions OPTIONS = new ClusterOptions(
            "membership",
            6,
            Map.of("raft.snapshot_entries", "200", "raft.preservation_entries", "0", "raft.segment_bytes", "8MiB"));

    /** Fewer than the client takes on before it refuses more. */
    private static final int READS_AT_ONCE = 1_000;

    /** Writes until it is stopped and keeps what was acknowledged. */
    private static final class Load implements AutoCloseable {
        private final PathkeeperClient client;
        private final ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final Thread thread = new Thread(this::run, "load");

        Load(PathkeeperClient client) {
            this.client = client;
            client.store().create("/load", Value.of(0));
            thread.start();
        }

        private void run() {
            for (int i = 0; !stopped.get(); i++) {
                String path = "/load/" + i;
                try {
                    client.store().create(path, Value.of(i));
                    acknowledged.add(path);
                } catch (PathkeeperException e) {
                    // not acknowledged: it may be there or not
                    continue;
                }
            }
        }

        int count() {
            return acknowledged.size();
        }

        @Override
        public void close() throws InterruptedException {
            stopped.set(true);
            thread.join();
        }
    }

    /** The command of a member without the list of members: it begins alone, or waits to join. */
    static void start(ProcessCluster cluster, String member, boolean join) {
        List<String> command = new ArrayList<>(cluster.command(member));
        int list = command.indexOf("--members");
        command.subList(list, list + 2).clear();
        if (join) {
            command.add("--join");
        }
        cluster.start(member, command);
        Await.until(member + " answers", Duration.ofSeconds(60), () -> answers(cluster, member));
    }

    private static boolean answers(ProcessCluster cluster, String member) {
        try (PathkeeperClient one = client(cluster, member)) {
            one.async().memberStatus(cluster.clientAddress(member)).join();
            return true;
        } catch (CompletionException e) {
            return false;
        }
    }

    private static PathkeeperClient client(ProcessCluster cluster, String member) {
        return PathkeeperClient.builder()
                .servers(cluster.clientAddress(member))
                .requestTimeout(Duration.ofSeconds(20))
                .build();
    }

    private static NewMember voter(ProcessCluster cluster, String member) {
        return NewMember.voter(member, cluster.raftAddress(member), cluster.clientAddress(member));
    }

    private static List<String> ids(Members members) {
        return members.list().join().stream().map(Member::memberId).toList();
    }

    private static String leader(Members members) {
        return members.list().join().stream()
                .filter(member -> member.role() == MemberRole.LEADER)
                .map(Member::memberId)
                .findFirst()
                .orElse("");
    }

    private static String reason(Runnable change) {
        try {
            change.run();
            return "";
        } catch (CompletionException e) {
            return e.getCause() instanceof PathkeeperException refusal ? refusal.reason() : e.toString();
        }
    }

    @Test
    void growsFromOneToFiveWhileItServesAndGoesOnWithOthers() throws Exception {
        try (ProcessCluster cluster = ProcessCluster.create("membership", OPTIONS);
                PathkeeperClient client = client(cluster, "s1")) {
            start(cluster, "s1", false);
            cluster.awaitReady("s1");
            Members members = client.members();
            try (Load load = new Load(client)) {
                for (String next : List.of("s2", "s3", "s4", "s5")) {
                    int before = load.count();
                    start(cluster, next, true);
                    members.add(voter(cluster, next)).join();
                    cluster.awaitReady(next);
                    assertThat(load.count())
                            .as("writes while " + next + " joined")
                            .isGreaterThan(before);
                }
                assertThat(ids(members)).containsExactly("s1", "s2", "s3", "s4", "s5");

                members.transferLeadership("s3").join();
                assertThat(leader(members)).isEqualTo("s3");
                members.remove("s3").join(); // the leader steps aside
                assertThat(cluster.process("s3").awaitExit(Duration.ofSeconds(30)))
                        .isEqualTo(8);
                assertThat(ids(members)).containsExactly("s1", "s2", "s4", "s5");

                start(cluster, "s6", true);
                members.add(NewMember.listener("s6", cluster.raftAddress("s6"), cluster.clientAddress("s6")))
                        .join();
                cluster.awaitReady("s6");
                serves(cluster, "s6");

                cluster.kill("s2");
                Await.until(
                        "the leader misses s2",
                        Duration.ofSeconds(30),
                        () -> members.list().join().stream()
                                .anyMatch(member -> member.memberId().equals("s2")
                                        && member.lastContact().isPresent()
                                        && member.lastContact().get().toMillis() > 3_000));
                members.remove("s5").join(); // of s1, s2 and s4 two answer
                assertThat(cluster.process("s5").awaitExit(Duration.ofSeconds(30)))
                        .isEqualTo(8);
                assertThat(reason(() -> members.remove("s4").join())).isEqualTo(Reason.QUORUM_AT_RISK);
                assertThat(reason(() -> members.promote("s6").join())).isEqualTo(Reason.QUORUM_AT_RISK);
                assertThat(reason(() -> members.promote("s7").join())).isEqualTo(Reason.MEMBER_NOT_FOUND);
                assertThat(ids(members)).containsExactly("s1", "s2", "s4", "s6");
                members.remove("s2").join();
                members.promote("s6").join();
                assertThat(ids(members)).containsExactly("s1", "s4", "s6");
                assertThat(load.count()).isGreaterThan(50);
                load.close();
                everythingIsThere(cluster, List.of("s1", "s4", "s6"), load);
            }
        }
    }

    /** A listener serves what it has, and brings writes to the leader. */
    private static void serves(ProcessCluster cluster, String listener) {
        try (PathkeeperClient one = client(cluster, listener)) {
            assertThat(one.store().get("/load", ReadOptions.local())).isNotNull();
            one.store().create("/by-" + listener, Value.of(1));
        }
    }

    private static void everythingIsThere(ProcessCluster cluster, List<String> members, Load load) {
        List<String> written = List.copyOf(load.acknowledged);
        for (String member : members) {
            try (PathkeeperClient one = client(cluster, member)) {
                for (int first = 0; first < written.size(); first += READS_AT_ONCE) {
                    List<String> paths = written.subList(first, Math.min(first + READS_AT_ONCE, written.size()));
                    List<CompletableFuture<Znode>> reads =
                            paths.stream().map(one.async()::get).toList();
                    reads.forEach(CompletableFuture::join); // fails for one that is not there
                }
            }
        }
        try (PathkeeperClient one = client(cluster, members.get(0))) {
            assertThatThrownBy(() -> one.store().get("/load/none")).isInstanceOf(PathkeeperException.class);
        }
    }
}

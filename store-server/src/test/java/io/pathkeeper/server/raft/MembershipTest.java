package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Uninterruptibles;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.ClusterStatus;
import io.pathkeeper.server.store.ClusterStatus.Role;
import io.pathkeeper.server.store.MembershipChange;
import io.pathkeeper.server.store.MembershipControl;
import io.pathkeeper.server.store.StoreFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.util.CodeInjectionForTesting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members come and go, between real members in one JVM, on real ports. */
@Timeout(180)
class MembershipTest {
    /** Where Ratis runs what a test has put there, before it takes a message of the leader. */
    private static final String TAKES_ENTRIES = "RaftServerImpl.appendEntries";

    /** More than the engine's greatest election timeout. */
    private static final Duration GREATEST_TIMEOUT = Duration.ofMillis(1_200);

    @TempDir
    Path directory;

    /** How a change ended: empty when it is done, else the reason. */
    private static String change(RatisNode node, MembershipChange change) throws Exception {
        CompletableFuture<String> end = new CompletableFuture<>();
        node.change(change, System.nanoTime() + TimeUnit.SECONDS.toNanos(40), new MembershipControl.Listener() {
            @Override
            public void done() {
                end.complete("");
            }

            @Override
            public void rejected(Rejection rejection) {
                end.complete(rejection.reason().name());
            }

            @Override
            public void failed(StoreFailure failure) {
                end.complete(failure.outcome() + " " + failure.rejection().message());
            }
        });
        return end.get(60, TimeUnit.SECONDS);
    }

    private static MembershipChange.Add add(TestCluster cluster, int i, boolean listener) {
        NodeSettings.Peer peer = cluster.peer(i);
        return new MembershipChange.Add(peer.id(), peer.raftAddress(), peer.clientAddress(), listener, 0);
    }

    private static ClusterStatus.Member member(RatisNode node, String id) {
        return node.status().members().stream()
                .filter(member -> member.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> ids(RatisNode node) {
        return node.status().members().stream().map(ClusterStatus.Member::id).toList();
    }

    private static void write(TestCluster cluster, int i, String path) throws Exception {
        CommandResult result =
                cluster.propose(i, TestCluster.create(path, "x"), null).get(30, TimeUnit.SECONDS);
        assertThat(result).isInstanceOf(CommandResult.Created.class);
    }

    private TestCluster cluster(int size, int founders) throws IOException {
        TestCluster cluster = new TestCluster(size, founders, directory, UnaryOperator.identity());
        for (int i = 0; i < founders; i++) {
            cluster.start(i);
        }
        return cluster;
    }

    /** Has it run and be a member, and returns when it answers as the others do. */
    private static void join(TestCluster cluster, int i, boolean listener, int by) throws Exception {
        cluster.start(i);
        assertThat(cluster.node(i).status().ready()).isFalse();
        assertThat(change(cluster.node(by), add(cluster, i, listener))).isEmpty();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> cluster.node(i).status().ready());
    }

    /** The members that Ratis is given when a server starts again, with their roles. */
    private static List<String> begunWith(TestCluster cluster, int i) throws IOException {
        return RaftSettings.group(cluster.settings(i)).getPeers().stream()
                .map(peer -> peer.getId() + " " + peer.getStartupRole())
                .sorted()
                .toList();
    }

    @Test
    void becomesAVoterWhileTheEnginesWatchOverTheLeaderWaitsForTheSameMonitor() throws Exception {
        try (TestCluster cluster = cluster(4, 3)) {
            int leader = cluster.leader();
            cluster.start(3);
            Object engine = Objects.requireNonNull(cluster.node(3).division());
            AtomicInteger held = new AtomicInteger();
            CodeInjectionForTesting.put(TAKES_ENTRIES, (member, other, arguments) -> {
                if (member.toString().equals("s4")
                        && arguments[1] instanceof AppendEntriesRequestProto append
                        && append.getEntriesList().stream().anyMatch(LogEntryProto::hasConfigurationEntry)) {
                    held.incrementAndGet();
                    holdBeforeTheCaller(engine);
                }
                return true;
            });
            try {
                assertThat(change(cluster.node(leader), add(cluster, 3, false))).isEmpty();
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> cluster.node(3).status().ready());
            } finally {
                CodeInjectionForTesting.remove(TAKES_ENTRIES);
            }
            assertThat(held).hasPositiveValue();
            write(cluster, 3, "/a");
            assertThat(cluster.fatal).isEmpty();
        }
    }

    /**
     * The monitor is taken until the thread that watches for the end of the leader waits for it, and a little longer: the caller begins to wait behind that thread, and of
     * those who wait the JVM takes the last one first.
     */
    private static void holdBeforeTheCaller(Object engine) {
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch waitedLong = new CountDownLatch(1);
        Thread holder = new Thread(() -> {
            synchronized (engine) {
                taken.countDown();
                LockSupport.parkNanos(GREATEST_TIMEOUT.toNanos());
                waitedLong.countDown();
                LockSupport.parkNanos(Duration.ofMillis(300).toNanos()); // the caller comes to wait
            }
        });
        holder.start();
        Uninterruptibles.awaitUninterruptibly(taken);
        Uninterruptibles.awaitUninterruptibly(waitedLong);
    }

    @Test
    void growsFromOneToThreeAndKnowsItBehindARestart() throws Exception {
        try (TestCluster cluster = cluster(3, 1)) {
            assertThat(cluster.leader()).isZero();
            write(cluster, 0, "/a");
            join(cluster, 1, false, 0);
            join(cluster, 2, false, 1); // asked of a follower
            assertThat(ids(cluster.node(2))).containsExactly("s1", "s2", "s3");
            assertThat(member(cluster.node(2), "s2").clientAddress())
                    .isEqualTo(cluster.peer(1).clientAddress());
            write(cluster, 2, "/b");
            assertThat(cluster.digest()).isNotZero();

            cluster.stop(0);
            write(cluster, 1, "/c"); // two of three are a majority: they have votes
            cluster.stop(1);
            cluster.stop(2);
            // also what Ratis goes back to in the middle of taking over a snapshot: without itself in it a server would
            // end for good
            assertThat(begunWith(cluster, 0)).containsExactly("s1 FOLLOWER", "s2 FOLLOWER", "s3 FOLLOWER");
            cluster.startAll(); // s1 was given itself alone, the others nothing
            assertThat(cluster.leader()).isNotNegative();
            assertThat(ids(cluster.node(0))).containsExactly("s1", "s2", "s3");
            write(cluster, 0, "/d");
            assertThat(cluster.digest()).isNotZero();
            assertThat(cluster.fatal).isEmpty();
        }
    }

    @Test
    void aRemovedLeaderStepsAsideAndItsServerEnds() throws Exception {
        try (TestCluster cluster = cluster(3, 3)) {
            int leader = cluster.leader();
            String id = cluster.peer(leader).id();
            assertThat(change(cluster.node(leader), new MembershipChange.Remove(id)))
                    .isEmpty();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> cluster.fatal.stream().anyMatch(line -> line.startsWith(id + " REMOVED")));
            cluster.stop(leader);
            int next = cluster.leader();
            assertThat(ids(cluster.node(next))).hasSize(2).doesNotContain(id);
            write(cluster, next, "/a");
            assertThat(change(cluster.node(next), new MembershipChange.Remove(id)))
                    .isEqualTo("MEMBER_NOT_FOUND");
        }
    }

    @Test
    void aListenerServesAndHasNoVoteUntilItIsPromoted() throws Exception {
        try (TestCluster cluster = cluster(2, 1)) {
            assertThat(cluster.leader()).isZero();
            join(cluster, 1, true, 0);
            RatisNode listener = cluster.node(1);
            assertThat(listener.status().role()).isEqualTo(Role.LISTENER);
            assertThat(member(cluster.node(0), "s2").voter()).isFalse();
            write(cluster, 1, "/a"); // forwarded
            assertThat(listener.viewAtLeast(1, System.nanoTime() + 5_000_000_000L)
                            .get(10, TimeUnit.SECONDS)
                            .znodeCount())
                    .isPositive();
            assertThat(change(listener, new MembershipChange.Transfer("s2"))).isEqualTo("MEMBER_MISMATCH");
            assertThat(change(listener, new MembershipChange.Remove("s1"))).isEqualTo("QUORUM_AT_RISK");

            cluster.stop(0);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !listener.status().ready());
            assertThat(cluster.fatal).isEmpty();
            cluster.start(0);
            await().atMost(Duration.ofSeconds(20)).until(() -> listener.status().ready());
            write(cluster, 1, "/b");

            assertThat(change(cluster.node(0), new MembershipChange.Promote("s2")))
                    .isEmpty();
            assertThat(change(cluster.node(0), new MembershipChange.Transfer("s2")))
                    .isEmpty();
            await().atMost(Duration.ofSeconds(20)).until(() -> cluster.leader() == 1);
            write(cluster, 0, "/c");
            assertThat(change(cluster.node(0), new MembershipChange.Demote("s2")))
                    .isEmpty();
            await().atMost(Duration.ofSeconds(20)).until(() -> listener.status().role() == Role.LISTENER);
            assertThat(cluster.leader()).isZero();
            assertThat(begunWith(cluster, 1)).containsExactly("s1 FOLLOWER", "s2 LISTENER");
            cluster.stop(0); // nobody leads, and the listener does not try to
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !listener.status().ready());
            cluster.start(0);
            await().atMost(Duration.ofSeconds(20)).until(() -> listener.status().ready());
            write(cluster, 1, "/d");
            assertThat(cluster.fatal).isEmpty();
        }
    }

    @Test
    void aServerThatDoesNotAnswerIsCounted() throws Exception {
        try (TestCluster cluster = cluster(4, 3)) {
            int leader = cluster.leader();
            int gone = cluster.follower();
            int other = 3 - leader - gone;
            cluster.start(3);
            cluster.stop(gone);
            RatisNode node = cluster.node(leader);
            String goneId = cluster.peer(gone).id();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> member(node, goneId).lastContactMillis() > 2_000);

            assertThat(change(node, add(cluster, 3, false))).isEqualTo("QUORUM_AT_RISK");
            assertThat(change(
                            node,
                            new MembershipChange.Remove(cluster.peer(other).id())))
                    .isEqualTo("QUORUM_AT_RISK");
            assertThat(change(
                            node,
                            new MembershipChange.Demote(cluster.peer(other).id())))
                    .isEqualTo("QUORUM_AT_RISK");
            assertThat(change(node, new MembershipChange.Transfer(goneId))).isEqualTo("MEMBER_UNREACHABLE");
            assertThat(ids(node)).containsExactly("s1", "s2", "s3");

            NodeSettings.Peer fresh = cluster.peer(3);
            assertThat(change(
                            node,
                            new MembershipChange.Replace(
                                    goneId, fresh.id(), fresh.raftAddress(), fresh.clientAddress())))
                    .isEmpty();
            assertThat(ids(node)).hasSize(3).contains("s4").doesNotContain(goneId);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> cluster.node(3).status().ready());
            write(cluster, 3, "/a");
        }
    }

    @Test
    void whatDoesNotBelongHereIsRefused() throws Exception {
        try (TestCluster cluster = cluster(2, 1);
                TestCluster stranger = new TestCluster(1, directory.resolve("stranger"), UnaryOperator.identity())) {
            assertThat(cluster.leader()).isZero();
            stranger.startAll();
            assertThat(stranger.leader()).isZero();
            RatisNode node = cluster.node(0);
            NodeSettings.Peer second = cluster.peer(1);
            String raft = second.raftAddress();
            String client = second.clientAddress();

            assertThat(change(node, add(cluster, 1, false))).isEqualTo("MEMBER_UNREACHABLE"); // not started
            assertThat(change(node, new MembershipChange.Add("s2", "no-such-host.invalid:7421", client, false, 0)))
                    .isEqualTo("MEMBER_UNREACHABLE");
            cluster.start(1);
            assertThat(change(node, new MembershipChange.Add("s9", raft, client, false, 0)))
                    .isEqualTo("MEMBER_MISMATCH"); // it is s2
            assertThat(change(node, new MembershipChange.Add("s1", raft, client, false, 0)))
                    .isEqualTo("MEMBER_EXISTS");
            assertThat(change(
                            node, new MembershipChange.Add("s2", cluster.peer(0).raftAddress(), client, false, 0)))
                    .isEqualTo("MEMBER_EXISTS");
            assertThat(change(
                            node,
                            new MembershipChange.Add("s1x", stranger.peer(0).raftAddress(), client, false, 0)))
                    .isEqualTo("MEMBER_MISMATCH"); // it is a member elsewhere
            assertThat(change(node, new MembershipChange.Remove("s7"))).isEqualTo("MEMBER_NOT_FOUND");
            assertThat(change(node, new MembershipChange.Promote("s7"))).isEqualTo("MEMBER_NOT_FOUND");
            assertThat(change(node, new MembershipChange.Remove("s1"))).isEqualTo("QUORUM_AT_RISK");
            assertThat(change(node, new MembershipChange.Transfer(""))).isEqualTo("QUORUM_AT_RISK");
            assertThat(ids(node)).containsExactly("s1");
            assertThat(change(node, add(cluster, 1, false))).isEmpty();
            assertThat(change(node, add(cluster, 1, false))).isEmpty(); // it is there
        }
    }

    @Test
    void aMemberMovesWithItsDataAndWithoutThem() throws Exception {
        try (TestCluster cluster = cluster(4, 3)) {
            write(cluster, cluster.leader(), "/a");
            int moved = cluster.follower();
            String id = cluster.peer(moved).id();
            cluster.stop(moved);
            cluster.move(moved);
            cluster.start(moved);
            NodeSettings.Peer there = cluster.peer(moved);
            RatisNode node = cluster.node((moved + 1) % 3);
            MembershipChange.Update update = new MembershipChange.Update(
                    id, there.raftAddress(), there.clientAddress(), MembershipChange.Update.KEEP);
            assertThat(change(node, update)).isEmpty();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> cluster.node(moved).status().ready());
            write(cluster, moved, "/b");
            assertThat(member(cluster.node(moved), id).raftAddress()).isEqualTo(there.raftAddress());
            assertThat(member(node, id).priority()).isZero();
            for (int i = 0; i < 3; i++) { // everybody reaches everybody: whoever leads, all follow
                if (i != moved) {
                    assertThat(change(
                                    node,
                                    new MembershipChange.Transfer(
                                            cluster.peer(i).id())))
                            .isEmpty();
                    write(cluster, moved, "/led-by-" + i);
                }
            }

            assertThat(change(node, new MembershipChange.Update(id, "", "", 5))).isEmpty();
            assertThat(member(node, id).priority()).isEqualTo(5);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> cluster.node(moved).status().role() == Role.LEADER); // the preferred one
            assertThat(change(
                            node,
                            new MembershipChange.Transfer(
                                    cluster.peer((moved + 1) % 3).id())))
                    .isEqualTo("MEMBER_MISMATCH");
        }
    }

    @Test
    void aMemberThatLostItsDiskComesBackUnderItsNameAtAnotherAddress() throws Exception {
        try (TestCluster cluster = cluster(3, 2)) {
            assertThat(cluster.leader()).isNotNegative();
            join(cluster, 2, false, 0);
            write(cluster, 0, "/a");
            cluster.stop(2);
            delete(cluster.directory(2));
            cluster.move(2);
            cluster.start(2); // waits to join, as it did the first time
            NodeSettings.Peer there = cluster.peer(2);
            RatisNode node = cluster.node(0);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> change(
                                    node,
                                    new MembershipChange.Update(
                                            "s3",
                                            there.raftAddress(),
                                            there.clientAddress(),
                                            MembershipChange.Update.KEEP))
                            .isEmpty());
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> cluster.node(2).status().ready());
            write(cluster, 2, "/b");
            assertThat(cluster.digest()).isNotZero();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void reasonsTravelBetweenServers() throws Exception {
        ChangeEnd end = new ChangeEnd.Rejected(
                Rejection.of(RejectReason.MEMBER_BEHIND, "it lacks 5,000 entries", "lag", "5000"));
        assertThat(MembershipCodec.decodeEnd(MembershipCodec.encode(end))).isEqualTo(end);
        ChangeEnd failed = new ChangeEnd.Failed(new StoreFailure(
                Rejection.of(RejectReason.OUTCOME_UNKNOWN, "the leader changed"), StoreFailure.Outcome.UNKNOWN));
        assertThat(MembershipCodec.decodeEnd(MembershipCodec.encode(failed))).isEqualTo(failed);
        for (MembershipChange change : List.of(
                new MembershipChange.Add("s4", "a:1", "a:2", true, 7),
                new MembershipChange.Remove("s4"),
                new MembershipChange.Update("s4", "", "b:2", MembershipChange.Update.KEEP),
                new MembershipChange.Replace("s4", "s5", "c:1", "c:2"),
                new MembershipChange.Promote("s4"),
                new MembershipChange.Demote("s4"),
                new MembershipChange.Transfer(""))) {
            assertThat(MembershipCodec.decode(MembershipCodec.encode(change))).isEqualTo(change);
        }
    }
}

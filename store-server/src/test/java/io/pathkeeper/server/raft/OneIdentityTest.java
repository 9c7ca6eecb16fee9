package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second process with the identity of a member, on real servers. */
class OneIdentityTest {
    @TempDir
    private Path directory;

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    /** The settings of a member with another directory and port, and perhaps without the list of members. */
    private static NodeSettings twin(TestCluster cluster, int i, Path directory, boolean listed) throws IOException {
        NodeSettings settings = cluster.settings(i);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return NodeSettings.of(
                    "test",
                    settings.memberId(),
                    listed ? settings.peers() : List.of(),
                    directory,
                    "127.0.0.1:" + free.getLocalPort());
        }
    }

    private static void writes(TestCluster cluster, String path) throws Exception {
        cluster.propose(cluster.leader(), TestCluster.create(path, "1"), null).get(20, TimeUnit.SECONDS);
    }

    @Test
    void aCopyOfADiskIsNotStartedBesideItsServer() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory, UnaryOperator.identity())) {
            cluster.startAll();
            writes(cluster, "/x");
            int twin = cluster.follower();
            cluster.stop(twin);
            Path copied = directory.resolve("copied");
            copy(cluster.directory(twin), copied);

            OneIdentity.check(twin(cluster, twin, copied, false)); // nobody answers: this may be its new place
            cluster.start(twin);
            writes(cluster, "/y");

            for (boolean listed : new boolean[] {true, false}) {
                assertThatThrownBy(() -> cluster.startLike(twin(cluster, twin, copied, listed)))
                        .isInstanceOfSatisfying(
                                NodeStartException.class,
                                refusal -> assertThat(refusal.problem()).isEqualTo(NodeStartException.Problem.IDENTITY))
                        .hasMessageContaining("member " + cluster.peer(twin).id() + " of cluster test runs already, at "
                                + cluster.peer(twin).raftAddress());
            }
            writes(cluster, "/z");
            assertThat(cluster.fatal).isEmpty();
        }
    }

    @Test
    void anEmptyServerWithTheListOfMembersIsNotStartedBesideTheOneOfItsIdentity() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory, UnaryOperator.identity())) {
            cluster.startAll();
            cluster.leader();

            assertThatThrownBy(() -> cluster.startLike(twin(cluster, 1, directory.resolve("empty"), true)))
                    .isInstanceOf(NodeStartException.class)
                    .hasMessageContaining("member s2 of cluster test runs already");
            OneIdentity.check(twin(cluster, 1, directory.resolve("joins"), false)); // nobody knows it yet
            writes(cluster, "/x");
        }
    }

    @Test
    void whoIsSilentOrAnotherMemberStopsNobody() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory, UnaryOperator.identity());
                ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            cluster.start(0);
            NodeSettings.Peer first = cluster.peer(0);
            for (String address :
                    List.of("127.0.0.1:" + silent.getLocalPort(), first.raftAddress(), "nobody.invalid:1")) {
                OneIdentity.check(NodeSettings.of(
                        "test",
                        "s2",
                        List.of(first, new NodeSettings.Peer("s2", address, "127.0.0.1:1")),
                        directory.resolve("s2"),
                        "127.0.0.1:0"));
            }
        }
    }

    @Test
    void membersThatCannotBeReadStopNobody() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory, UnaryOperator.identity())) {
            NodeSettings settings = cluster.settings(1);
            Path file = RaftSettings.groupDirectory(settings).resolve("current").resolve("raft-meta.conf");
            Files.createDirectories(file.getParent());
            Files.write(file, new byte[] {-1, -1, -1});

            OneIdentity.check(settings);
        }
    }
}

package io.pathkeeper.server.raft;

import static org.awaitility.Awaitility.await;

import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.metrics.RaftMeters;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.RevisionChanges;
import io.pathkeeper.server.state.RevisionDigest;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.store.ChangeSink;
import io.pathkeeper.server.store.ProposalListener;
import io.pathkeeper.server.store.SessionTimer;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.tree.InvalidPathException;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueEncoding;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Members of one cluster in this JVM, on real ports and real files. */
final class TestCluster implements AutoCloseable {
    private static final int MOST_TRIES = 50;

    private final Path directory;
    private final List<NodeSettings.Peer> peers = new ArrayList<>();
    private final @Nullable RatisNode[] nodes;
    private final int founders;
    private final UnaryOperator<NodeSettings> tuning;
    /** Makes what keeps the sessions' time of a member that is started; null for nothing. */
    @Nullable
    IntFunction<SessionTimer> timers;
    /** Servers with other limits come to another state. */
    IntFunction<StateLimits> limits = i -> StateLimits.DEFAULT;

    final List<String> fatal = new CopyOnWriteArrayList<>();
    final List<List<RevisionChanges>> published = new ArrayList<>();

    TestCluster(int size, Path directory, UnaryOperator<NodeSettings> tuning) throws IOException {
        this(size, size, directory, tuning);
    }

    /** The first {@code founders} begin a cluster, the others wait to join it. */
    TestCluster(int size, int founders, Path directory, UnaryOperator<NodeSettings> tuning) throws IOException {
        this.founders = founders;
        this.directory = directory;
        this.tuning = tuning;
        this.nodes = new RatisNode[size];
        for (int i = 0; i < size; i++) {
            peers.add(new NodeSettings.Peer("s" + (i + 1), "127.0.0.1:" + freePort(), "127.0.0.1:" + freePort()));
            published.add(new CopyOnWriteArrayList<>());
        }
    }

    /** Times of all fsyncs of all nodes, as their meters were told. */
    final Queue<Long> fsyncNanos = new ConcurrentLinkedQueue<>();

    /** Below the ports that systems give to outgoing connections, which could take one before its server listens. */
    private static int freePort() throws IOException {
        for (int tries = 0; ; tries++) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 30_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                if (tries == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    NodeSettings.Peer peer(int i) {
        return peers.get(i);
    }

    /** Gives a server that does not run other addresses. */
    void move(int i) throws IOException {
        peers.set(i, new NodeSettings.Peer(peers.get(i).id(), "127.0.0.1:" + freePort(), "127.0.0.1:" + freePort()));
    }

    Path directory(int i) {
        return directory.resolve("s" + (i + 1));
    }

    void startAll() throws IOException {
        for (int i = 0; i < nodes.length; i++) {
            start(i);
        }
    }

    /** What a server is started with. */
    NodeSettings settings(int i) {
        NodeSettings.Peer peer = peers.get(i);
        return tuning.apply(NodeSettings.of(
                "test",
                peer.id(),
                i < founders ? peers.subList(0, founders) : List.of(),
                directory(i),
                peer.raftAddress()));
    }

    void start(int i) throws IOException {
        NodeSettings.Peer peer = peers.get(i);
        NodeSettings settings = settings(i);
        List<RevisionChanges> seen = published.get(i);
        nodes[i] = RatisNode.start(
                settings,
                limits.apply(i),
                new ChangeSink() {
                    @Override
                    public void published(List<RevisionChanges> changes) {
                        seen.addAll(changes);
                    }

                    @Override
                    public void replaced() {
                        seen.clear();
                    }
                },
                timer(i),
                (cause, message, error) -> fatal.add(peer.id() + " " + cause + " " + message + " " + error),
                new RaftMeters() {
                    @Override
                    public void fsyncNanos(long nanos) {
                        fsyncNanos.add(nanos);
                    }
                });
    }

    /** Starts a server that is not one of these, and nothing that it was told is kept. */
    RatisNode startLike(NodeSettings settings) throws IOException {
        return RatisNode.start(
                settings,
                StateLimits.DEFAULT,
                new ChangeSink() {
                    @Override
                    public void published(List<RevisionChanges> changes) {
                        // nobody observes it
                    }

                    @Override
                    public void replaced() {
                        // nobody observes it
                    }
                },
                SessionTimer.NONE,
                (cause, message, error) -> fatal.add(settings.memberId() + " " + cause + " " + message + " " + error),
                RaftMeters.NONE);
    }

    private SessionTimer timer(int i) {
        return timers == null ? SessionTimer.NONE : timers.apply(i);
    }

    void stop(int i) {
        RatisNode node = nodes[i];
        if (node != null) {
            node.close();
            nodes[i] = null;
        }
    }

    RatisNode node(int i) {
        RatisNode node = nodes[i];
        if (node == null) {
            throw new IllegalStateException("server " + i + " is stopped");
        }
        return node;
    }

    /** Waits for a leader that all running members know. */
    int leader() {
        return await().atMost(Duration.ofSeconds(20)).until(this::leaderOrNone, found -> found >= 0);
    }

    private int leaderOrNone() {
        String leader = null;
        for (RatisNode node : nodes) {
            if (node == null) {
                continue;
            }
            var status = node.status();
            if (!status.ready() || (leader != null && !status.leaderId().equals(leader))) {
                return -1;
            }
            leader = status.leaderId();
        }
        for (int i = 0; i < nodes.length; i++) {
            if (nodes[i] != null && peers.get(i).id().equals(leader)) {
                return i;
            }
        }
        return -1;
    }

    int follower() {
        int leader = leader();
        for (int i = 0; i < nodes.length; i++) {
            if (i != leader && nodes[i] != null) {
                return i;
            }
        }
        throw new IllegalStateException("no follower runs");
    }

    /** Waits until all running members have applied the same and returns the digest they share. */
    long digest() {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            long revision = -1;
            for (RatisNode node : nodes) {
                if (node == null) {
                    continue;
                }
                long each = node.digest().revision();
                if (revision >= 0 && each != revision) {
                    return false;
                }
                revision = each;
            }
            return true;
        });
        RevisionDigest first = null;
        for (RatisNode node : nodes) {
            if (node != null) {
                RevisionDigest each = node.digest();
                if (first != null && !first.equals(each)) {
                    throw new AssertionError("digests differ: " + first + " and " + each);
                }
                first = each;
            }
        }
        return first == null ? 0 : first.digest();
    }

    CompletableFuture<CommandResult> propose(int i, Command command, @Nullable RequestId id) {
        CompletableFuture<CommandResult> future = new CompletableFuture<>();
        node(i).propose(command, id, System.nanoTime() + 20_000_000_000L, new ProposalListener() {
            @Override
            public void applied(CommandResult result) {
                future.complete(result);
            }

            @Override
            public void failed(StoreFailure failure) {
                future.completeExceptionally(failure.toException());
            }
        });
        return future;
    }

    static ZnodePath path(String text) {
        try {
            return ZnodePath.parse(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static byte[] value(String text) {
        return ValueEncoding.ofBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    static Command.Create create(String path, String value) {
        return new Command.Create(
                path(path), ZnodeKind.PERSISTENT, value(value), "", false, null, 0, false, null, false);
    }

    static Command.Set set(String path, String value) {
        return new Command.Set(path(path), value(value), "", Command.ANY, Command.ANY, true, false, false);
    }

    @Override
    public void close() {
        for (int i = 0; i < nodes.length; i++) {
            stop(i);
        }
    }
}

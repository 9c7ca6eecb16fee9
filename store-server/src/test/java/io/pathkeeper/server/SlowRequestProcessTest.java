package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.pathkeeper.server.config.ConfigLoader;
import io.pathkeeper.server.store.ClusterStatus;
import io.pathkeeper.v1.ClusterServiceGrpc;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.TransferLeadershipRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A leader in this process and a follower in another one, which is paused: its acknowledgement is what a write waits for. */
@Timeout(180)
class SlowRequestProcessTest {
    /** Longer than the time between two lines: a line before the pause leaves none out behind it. */
    private static final long PAUSE_MILLIS = 1_200;

    @TempDir
    private Path dir;

    private final int[] ports = {freePort(), freePort(), freePort(), freePort()};

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, String> settings(String id, int raft, int client) {
        return Map.of(
                "member.id",
                id,
                "data.dir",
                dir.resolve(id).toString(),
                "cluster.members",
                "s1=127.0.0.1:" + ports[0] + "/127.0.0.1:" + ports[1] + ",s2=127.0.0.1:" + ports[2] + "/127.0.0.1:"
                        + ports[3],
                "raft.listen",
                "127.0.0.1:" + raft,
                "client.listen",
                "127.0.0.1:" + client,
                "http.listen",
                "127.0.0.1:0",
                "raft.election_timeout_min",
                "5s",
                "raft.election_timeout_max",
                "8s");
    }

    private Process startFollower() throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ServerMain.class.getName()));
        settings("s2", ports[2], ports[3]).forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("follower.log").toFile())
                .start();
    }

    private static void signal(String name, Process process) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static Map<String, String> phases(ILoggingEvent event) {
        return event.getKeyValuePairs().stream()
                .collect(Collectors.toMap(pair -> pair.key, pair -> String.valueOf(pair.value)));
    }

    @Test
    void aPausedFollowerIsSeenInTheTimeOfReplication() throws Exception {
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("io.pathkeeper.server.rpc.SlowRequests");
        Process follower = startFollower();
        ConfigLoader loader = new ConfigLoader();
        settings("s1", ports[0], ports[1]).forEach((key, value) -> loader.set(key, value, "test"));
        try (PathkeeperServer leader = PathkeeperServer.start(loader.load())) {
            Awaitility.await().atMost(Duration.ofSeconds(90)).until(leader::isReady);
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", leader.clientPort())
                    .usePlaintext()
                    .build();
            lead(leader, channel);
            StoreServiceGrpc.newBlockingStub(channel)
                    .create(CreateRequest.newBuilder().setPath("/before").build());
            said.start();
            logger.addAppender(said);

            signal("STOP", follower);
            long begun = System.nanoTime();
            Future<?> write = StoreServiceGrpc.newFutureStub(channel)
                    .create(CreateRequest.newBuilder().setPath("/during").build());
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> System.nanoTime() - begun > TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
            assertThat(write.isDone()).isFalse();
            signal("CONT", follower);
            write.get(60, TimeUnit.SECONDS);

            channel.shutdownNow();
            Map<String, String> phases = said.list.stream()
                    .map(SlowRequestProcessTest::phases)
                    .filter(each -> "pathkeeper.v1.StoreService/Create".equals(each.get("method")))
                    .findFirst()
                    .orElseThrow();
            long total = Long.parseLong(phases.get("total_ms"));
            long inLog = Long.parseLong(phases.get("replicate_ms")) + Long.parseLong(phases.get("fsync_ms"));
            assertThat(total).isGreaterThanOrEqualTo(PAUSE_MILLIS - 100);
            assertThat(inLog).as("of %s", phases).isGreaterThan(total / 2);
            assertThat(phases).containsKeys("queue_ms", "apply_ms", "answer_ms", "left_out");
        } finally {
            logger.detachAppender(said);
            follower.destroyForcibly().waitFor();
        }
    }

    private static void lead(PathkeeperServer server, ManagedChannel channel) {
        if (server.status().role() != ClusterStatus.Role.LEADER) {
            ClusterServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(60, TimeUnit.SECONDS)
                    .transferLeadership(TransferLeadershipRequest.newBuilder()
                            .setMemberId("s1")
                            .build());
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> server.status().role() == ClusterStatus.Role.LEADER && server.isReady());
    }
}

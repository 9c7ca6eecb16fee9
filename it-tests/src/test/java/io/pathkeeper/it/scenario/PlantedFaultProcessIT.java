package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.PinnedServer;
import io.pathkeeper.it.cluster.ProcessCluster;
import io.pathkeeper.it.coordination.CoordinationClient;
import io.pathkeeper.it.coordination.KeepAlives;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.it.fault.control.AgentJar;
import io.pathkeeper.it.fault.control.PowerLoss;
import io.pathkeeper.it.fault.control.agent.ControlAgent;
import io.pathkeeper.it.fault.control.agent.Effect;
import io.pathkeeper.it.fault.control.agent.PlantedFault;
import io.pathkeeper.it.process.ServerProcess;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveScope;
import io.pathkeeper.v1.ObserveTarget;
import io.pathkeeper.v1.PatchRequest;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.RequestId;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every fault that can be planted into a server breaks the promise that it is for, and the same calls find nothing wrong with a server without it: so a
 * control that ends green has found a blind spot of its checkers, not a fault that was never there. Every fault costs the start of servers of its own.
 */
class PlantedFaultProcessIT {
    /** The leader wins the race against its own deposition in one of a few rounds; the first win ends the test. */
    private static final int ROUNDS = 60;

    private static final int WRITES = 100;

    @TempDir
    Path scratch;

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aServerWithoutTheTargetsOfAFaultIsNotStarted() {
        AgentJar jar = AgentJar.write(scratch);
        List<String> command = List.of(
                ServerProcess.java(),
                jar.option(PlantedFault.HISTORY_GAP),
                "-cp",
                jar.boot().toString(),
                "io.pathkeeper.server.ServerMain");

        ServerProcess process = ServerProcess.start(command, scratch, scratch.resolve("log"));

        assertThat(process.awaitExit(Duration.ofSeconds(30))).isEqualTo(ControlAgent.REFUSED);
        assertThat(process.log())
                .contains("the server is not started")
                .contains("io.pathkeeper.server.state.ChangeHistory#read(long, int)");
    }

    @ParameterizedTest
    @EnumSource(names = {"READS_UNCONFIRMED", "RATIS_READ_INDEX"})
    @Timeout(value = 600, unit = TimeUnit.SECONDS)
    void aPausedLeaderAnswersStaleReadsWithoutOurConfirmation(PlantedFault fault) {
        try (Planted cluster = new Planted("Unconfirmed", ClusterOptions.three(), fault)) {
            StaleReads reads = new StaleReads(cluster.servers);
            for (int round = 0; round < ROUNDS && reads.history().violations().isEmpty(); round++) {
                System.out.println(fault.label() + ", round " + round + ": " + reads.stopCommitContinueAndRead(round));
                cluster.servers.awaitReady();
            }

            assertThat(reads.history().violations()).isNotEmpty().allMatch(found -> found.startsWith("stale:"));
            assertThat(cluster.tookEffect()).isTrue();
        }
    }

    @Test
    @Timeout(value = 300, unit = TimeUnit.SECONDS)
    void aRepeatedRequestIsAppliedAgainWithoutTheLedger() {
        assertThat(twice(null)).isEqualTo(1);
        assertThat(twice(PlantedFault.EXACTLY_ONCE_OFF)).isEqualTo(2);
    }

    private long twice(@Nullable PlantedFault fault) {
        try (Planted cluster = new Planted("Twice", one(), fault);
                PinnedServer server = cluster.servers.pin("s1")) {
            server.store().create(Requests.create("/counter", 0));
            PatchRequest increment = Requests.increment("/counter", 1).toBuilder()
                    .setRequestId(RequestId.newBuilder().setClientId("twice").setSequence(1))
                    .build();
            server.store().patch(increment);
            server.store().patch(increment);
            return server.store()
                    .get(Requests.get("/counter"))
                    .getData()
                    .getValue()
                    .getIntValue();
        }
    }

    @Test
    @Timeout(value = 300, unit = TimeUnit.SECONDS)
    void whatWasAcknowledgedOutlivesThePowerAndIsLostWithAnUnforcedLog() {
        assertThat(survivorsOfPowerLoss(null)).isEqualTo(WRITES);
        assertThat(survivorsOfPowerLoss(PlantedFault.LOG_NOT_FORCED)).isLessThan(WRITES);
    }

    /** Writes, kills the server, cuts its files, starts it again; how many of the acknowledged writes are left. */
    private int survivorsOfPowerLoss(@Nullable PlantedFault fault) {
        try (Planted cluster = new Planted("PowerLoss", one(), fault, true)) {
            try (PinnedServer server = cluster.servers.pin("s1")) {
                for (int i = 0; i < WRITES; i++) {
                    server.store().create(Requests.create("/w" + i, i));
                }
            }
            cluster.servers.members().forEach(cluster.servers::kill);
            for (String member : cluster.servers.members()) {
                PowerLoss loss = PowerLoss.of(cluster.servers.dataDirectory(member), cluster.record(member));
                System.out.println("power loss of " + member + " with " + fault + ": " + loss);
            }
            assertThat(cluster.tookEffect()).isEqualTo(fault != null);
            cluster.startAll();
            int found = 0;
            try (PinnedServer server = cluster.servers.pin("s1")) {
                for (int i = 0; i < WRITES; i++) {
                    try {
                        server.store().get(Requests.get("/w" + i));
                        found++;
                    } catch (StatusRuntimeException e) {
                        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
                    }
                }
            }
            return found;
        }
    }

    /** Otherwise it would answer to others that it has entries which a loss of power takes. */
    @Test
    @Timeout(value = 300, unit = TimeUnit.SECONDS)
    void whatAnEarlierProcessLeftInTheCacheIsOnDiskBeforeAServerCountsOnIt() {
        try (Planted cluster = new Planted("Earlier", ClusterOptions.three(), PlantedFault.LOG_NOT_FORCED, true)) {
            try (PinnedServer server = cluster.servers.pin("s1")) {
                for (int i = 0; i < WRITES; i++) {
                    server.store().create(Requests.create("/w" + i, i));
                }
            }
            cluster.servers.members().forEach(cluster.servers::kill);
            AgentJar jar = AgentJar.write(scratch.resolve("agent"));
            List<String> honest = new ArrayList<>(cluster.servers.command("s1"));
            honest.add(1, jar.option(null, cluster.servers.dataDirectory("s1"), cluster.record("s1")));
            cluster.servers.start("s1", honest);
            // alone it writes nothing: what is on disk is there because of its start
            try (PinnedServer server = cluster.servers.pin("s1")) {
                Await.until(
                        "s1 answers",
                        Cluster.PATIENCE,
                        () -> !server.status().getVersion().isEmpty());
            }
            cluster.servers.kill("s1");
            PowerLoss loss = PowerLoss.of(cluster.servers.dataDirectory("s1"), cluster.record("s1"));

            assertThat(loss.bytes()).as("lost: %s", loss).isLessThan(WRITES);
        }
    }

    @Test
    @Timeout(value = 300, unit = TimeUnit.SECONDS)
    void anObserverBehindTheHistoryGoesOnAsIfNothingWereMissing() {
        assertThat(firstRevisionToldFrom2(null)).isEqualTo(-1);
        assertThat(firstRevisionToldFrom2(PlantedFault.HISTORY_GAP)).isGreaterThan(2);
    }

    /** Observes from revision 2 when that is no longer in the history; -1 when that is refused. */
    private long firstRevisionToldFrom2(@Nullable PlantedFault fault) {
        try (Planted cluster = new Planted("Gap", one().with("history.bytes", "1MiB"), fault);
                ServerStubs server = new ServerStubs(cluster.servers.clientAddress("s1"));
                PinnedServer pinned = cluster.servers.pin("s1")) {
            pinned.store().create(Requests.create("/z", 0));
            SetRequest large = SetRequest.newBuilder()
                    .setPath("/z")
                    .setData(Payload.newBuilder()
                            .setValue(Value.newBuilder().setBytesValue(ByteString.copyFrom(new byte[64 << 10]))))
                    .build();
            for (int i = 0; i < 1_000 && pinned.status().getOldestRevision() < 10; i++) {
                pinned.store().set(large);
            }
            Iterator<ObserveResponse> frames = server.observations(Duration.ofSeconds(20))
                    .observe(ObserveRequest.newBuilder()
                            .setStartRevision(2)
                            .addTargets(
                                    ObserveTarget.newBuilder().setPath("/z").setScope(ObserveScope.OBSERVE_SCOPE_NODE))
                            .build());
            while (frames.hasNext()) {
                ObserveResponse frame = frames.next();
                if (frame.hasEvents()) {
                    return frame.getEvents().getRevision();
                }
            }
            throw new IllegalStateException("the observation ended without an event");
        } catch (StatusRuntimeException e) {
            assertThat(ServerStubs.reasonOf(e)).isEqualTo("REVISION_COMPACTED");
            return -1;
        }
    }

    @Test
    @Timeout(value = 300, unit = TimeUnit.SECONDS)
    void aFollowerEndsASessionThatIsKeptAlive() throws Exception {
        try (Planted cluster = new Planted("Expiry", ClusterOptions.three(), PlantedFault.FOLLOWER_EXPIRY)) {
            List<ServerStubs> stubs = cluster.servers.members().stream()
                    .map(member -> new ServerStubs(cluster.servers.clientAddress(member)))
                    .toList();
            CompletableFuture<Long> ended = new CompletableFuture<>();
            try (KeepAlives alive = new KeepAlives(stubs, Duration.ofMillis(500), ended::complete)) {
                SessionKey session =
                        new CoordinationClient(stubs, 0, Duration.ofSeconds(20)).open(Duration.ofSeconds(3), "alive");
                alive.add(session);

                assertThat(ended.get(30, TimeUnit.SECONDS)).isEqualTo(session.getId());
                assertThat(alive.renewedCount()).isPositive();
                assertThat(cluster.tookEffect()).isTrue();
            } finally {
                stubs.forEach(ServerStubs::close);
            }
        }
    }

    private static ClusterOptions one() {
        return new ClusterOptions("planted", 1, Map.of());
    }

    /** A cluster whose servers run with the agent. */
    private final class Planted implements AutoCloseable {
        final ProcessCluster servers;
        private final @Nullable PlantedFault fault;
        private final Map<String, String> options = new HashMap<>();

        Planted(String name, ClusterOptions options, @Nullable PlantedFault fault) {
            this(name, options, fault, false);
        }

        Planted(String name, ClusterOptions options, @Nullable PlantedFault fault, boolean recorded) {
            this.servers = ProcessCluster.create(name, options);
            this.fault = fault;
            AgentJar jar = AgentJar.write(scratch.resolve("agent"));
            for (String member : servers.members()) {
                if (recorded) {
                    this.options.put(member, jar.option(fault, servers.dataDirectory(member), record(member)));
                } else if (fault != null) {
                    this.options.put(member, jar.option(fault));
                }
            }
            startAll();
        }

        Path record(String member) {
            return servers.dataDirectory(member).resolveSibling(member + ".forced");
        }

        void startAll() {
            try {
                for (String member : servers.members()) {
                    List<String> command = new ArrayList<>(servers.command(member));
                    String option = options.get(member);
                    if (option != null) {
                        command.add(1, option);
                    }
                    servers.start(member, command);
                }
                servers.awaitReady();
            } catch (RuntimeException | Error e) {
                servers.close();
                throw e;
            }
        }

        /** Whether a server says that the fault did something. */
        boolean tookEffect() {
            return fault != null
                    && servers.members().stream()
                            .anyMatch(member -> servers.process(member).log().contains(Effect.MARK + fault.label()));
        }

        @Override
        public void close() {
            servers.close();
        }
    }
}

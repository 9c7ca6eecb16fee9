package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.ClusterKind;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.coordination.CoordinationClient;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.v1.Consistency;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.ListSessionsRequest;
import io.pathkeeper.v1.ListSessionsResponse;
import io.pathkeeper.v1.LockMode;
import io.pathkeeper.v1.LockRequest;
import io.pathkeeper.v1.ReadOptions;
import io.pathkeeper.v1.Session;
import io.pathkeeper.v1.SessionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Stubs of all servers for scenarios of sessions, locks and elections. */
abstract class CoordinationScenarios extends ClusterScenarios {
    /** Longer than any scenario: such a session does not expire. */
    static final Duration LONG = Duration.ofSeconds(300);

    /** What a loaded machine may add to a time that the servers keep. */
    static final Duration SLACK = Duration.ofSeconds(15);

    static final Duration CALL_LIMIT = Duration.ofSeconds(10);

    private List<ServerStubs> servers = List.of();

    CoordinationScenarios(ClusterKind kind, ClusterOptions options) {
        super(kind, options);
    }

    @BeforeEach
    void connect() {
        startAll();
        servers = new ArrayList<>();
        cluster()
                .members()
                .forEach(member -> servers.add(new ServerStubs(cluster().clientAddress(member))));
    }

    @AfterEach
    void disconnect() {
        servers.forEach(ServerStubs::close);
    }

    /** Stubs of all servers in the order of the members. */
    List<ServerStubs> servers() {
        return servers;
    }

    /** A client that turns to any server. */
    CoordinationClient anyServer() {
        return new CoordinationClient(servers, 0, Duration.ofSeconds(60));
    }

    /** A client of one server that repeats nothing for long. */
    CoordinationClient only(int server) {
        return new CoordinationClient(List.of(servers.get(server)), 0, Duration.ofSeconds(20));
    }

    static LockRequest exclusive(String path, SessionKey session, String holder) {
        return LockRequest.newBuilder()
                .setPath(path)
                .setSession(session)
                .setHolderId(holder)
                .setMode(LockMode.LOCK_MODE_EXCLUSIVE)
                .build();
    }

    /** Returns whether a znode is there, linearizably. */
    boolean exists(String path) {
        try {
            anyServer()
                    .call(server -> server.store(CALL_LIMIT)
                            .get(GetRequest.newBuilder().setPath(path).build()));
            return true;
        } catch (StatusRuntimeException e) {
            if (!ServerStubs.reasonOf(e).equals("NODE_NOT_FOUND")) {
                throw e;
            }
            return false;
        }
    }

    /** All sessions as one server, which is up, has them now. */
    List<Session> sessions(int server) {
        List<Session> all = new ArrayList<>();
        String token = "";
        do {
            ListSessionsResponse page = servers.get(server)
                    .sessions(CALL_LIMIT)
                    .withWaitForReady()
                    .listSessions(ListSessionsRequest.newBuilder()
                            .setPageSize(1_000)
                            .setPageToken(token)
                            .setOptions(ReadOptions.newBuilder().setConsistency(Consistency.CONSISTENCY_LOCAL))
                            .build());
            all.addAll(page.getSessionsList());
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        return all;
    }

    /** Kills the leader, starts it again and waits until it is ready. */
    void loseLeader() {
        String leader = cluster().awaitLeader();
        cluster().killAndRestart(leader);
        cluster().awaitReady();
    }

    /** Lets time pass on this machine's monotonic clock. */
    static void awaitElapsed(long sinceNanos, Duration time) {
        Await.until(time + " have passed", time.plus(SLACK), () -> System.nanoTime() - sinceNanos >= time.toNanos());
    }

    static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    static void assertRefused(String reason, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> org.assertj.core.api.Assertions.assertThat(ServerStubs.reasonOf(e))
                                .as(e.toString())
                                .isEqualTo(reason));
    }
}

package io.pathkeeper.client;

import static io.pathkeeper.client.PipelineTest.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pathkeeper.client.error.ClientClosedException;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.PreconditionFailedException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.memory.MemoryCluster;
import io.pathkeeper.client.memory.MemoryServer;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.Guards;
import io.pathkeeper.client.model.Operation;
import io.pathkeeper.client.model.SetOptions;
import io.pathkeeper.client.model.Transaction;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.session.PathkeeperSession;
import io.pathkeeper.client.session.SessionInfo;
import io.pathkeeper.client.session.SessionKey;
import io.pathkeeper.client.session.SessionOptions;
import io.pathkeeper.client.session.SessionState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions over the wire: opened, kept, resumed, lost and closed, and what they own. */
@Timeout(180)
class SessionTest {
    private final MemoryCluster cluster = new MemoryCluster();
    private final MemoryServer server = new MemoryServer(cluster);
    private final PathkeeperClient client =
            PathkeeperClient.builder().servers(server.address()).build();

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private static SessionOptions shortest() {
        return SessionOptions.defaults().timeout(Duration.ofSeconds(1));
    }

    @Test
    void ephemeralZnodesGoWithTheirSession() {
        PathkeeperSession session =
                client.sessions().open(SessionOptions.defaults().identity("worker"));
        client.store().create("/a", Value.of(1), CreateOptions.defaults().ephemeral(session));
        assertThat(client.store().get("/a").stat().ownerSession()).isEqualTo(session.id());
        assertThat(client.store().get("/a").stat().ownerIdentity()).isEqualTo("worker");
        assertThat(client.sessions().paths(session.id(), 10, "").join().paths()).containsExactly("/a");
        session.close();
        assertThat(cluster.paths()).isEmpty();
        assertThat(session.state()).isEqualTo(SessionState.LOST);
    }

    @Test
    void manySessionsShareOneStream() {
        PathkeeperSession first = client.sessions().open(shortest());
        PathkeeperSession second = client.sessions().open(shortest());
        await().until(() -> server.coordination.streamKeepAlives.get() >= 6);
        assertThat(List.of(first.state(), second.state())).containsOnly(SessionState.CONNECTED);
        assertThat(server.coordination.keepAliveStreams).hasValue(1);
    }

    @Test
    void staysAliveBySingleCallsWhereStreamsAreRefused() {
        server.coordination.refusesStreams = true;
        PathkeeperSession session = client.sessions().open(shortest());
        await().until(() -> server.coordination.renewals.get() >= 6);
        assertThat(session.state()).isEqualTo(SessionState.CONNECTED);
    }

    @Test
    void isSuspendedAndThenLostWhenNothingIsAnswered() {
        List<SessionState> states = new CopyOnWriteArrayList<>();
        PathkeeperSession session = client.sessions().open(shortest());
        session.addListener((of, state) -> states.add(state));
        server.coordination.silent = true;
        session.whenLost().orTimeout(60, TimeUnit.SECONDS).join();
        await().until(() -> states.contains(SessionState.LOST));
        assertThat(states).startsWith(SessionState.SUSPENDED).endsWith(SessionState.LOST);
        // The servers have not ended it: it is this client that knows better than to go on.
        assertThat(cluster.sessionIds()).containsExactly(session.id());
    }

    @Test
    void isLostAtOnceWhenTheServersHaveEndedIt() {
        PathkeeperSession session =
                client.sessions().open(SessionOptions.defaults().timeout(Duration.ofSeconds(3)));
        cluster.expire(session.id());
        long began = System.nanoTime();
        session.whenLost().orTimeout(60, TimeUnit.SECONDS).join();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void writesOfALostSessionAreRefusedBeforeTheyAreSent() {
        PathkeeperSession session = client.sessions().open();
        session.close();
        long revision = cluster.revision();
        CreateOptions ephemeral = CreateOptions.defaults().ephemeral(session);
        PathkeeperException failure = failureOf(client.async().create("/a", Value.NULL, ephemeral));
        assertThat(failure).isInstanceOf(PreconditionFailedException.class);
        assertThat(failure.reason()).isEqualTo(Reason.SESSION_EXPIRED);
        assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
        Guards guards = Guards.none().requireSession(session);
        assertThat(failureOf(client.async()
                                .transact(Transaction.of(Operation.delete("/a")).guards(guards)))
                        .reason())
                .isEqualTo(Reason.SESSION_EXPIRED);
        assertThat(cluster.revision()).isEqualTo(revision);
    }

    @Test
    void guardOfAnExpiredSessionRefusesTheWrite() {
        PathkeeperSession session = client.sessions().open();
        client.store().create("/a", Value.of(1));
        cluster.expire(session.id());
        SetOptions guarded = SetOptions.defaults().guards(Guards.none().requireSession(session));
        assertThat(failureOf(client.async().set("/a", Value.of(2), guarded)).reason())
                .isEqualTo(Reason.SESSION_EXPIRED);
        assertThat(client.store().get("/a").value()).isEqualTo(Value.of(1));
    }

    @Test
    void isResumedByAnotherClientWithItsKey() {
        PathkeeperSession session = client.sessions().open();
        client.store().create("/a", Value.of(1), CreateOptions.defaults().ephemeral(session));
        String written = session.key().encode();
        client.close();
        assertThat(session.state()).isEqualTo(SessionState.LOST);
        try (PathkeeperClient next =
                PathkeeperClient.builder().servers(server.address()).build()) {
            PathkeeperSession resumed =
                    next.sessions().open(SessionOptions.defaults().resume(SessionKey.parse(written)));
            assertThat(resumed.id()).isEqualTo(session.id());
            assertThat(resumed.wasResumed()).isTrue();
            assertThat(resumed.timeout()).isEqualTo(session.timeout());
            resumed.close();
        }
        assertThat(cluster.paths()).isEmpty();
    }

    @Test
    void resumingWithTheWrongSecretOrTooLateIsRefused() {
        PathkeeperSession session = client.sessions().open();
        SessionKey forged = new SessionKey(session.id(), new byte[32]);
        assertThat(failureOf(client.sessions()
                                .openAsync(SessionOptions.defaults().resume(forged)))
                        .reason())
                .isEqualTo(Reason.SESSION_SECRET_WRONG);
        cluster.expire(session.id());
        assertThat(failureOf(client.sessions()
                                .openAsync(SessionOptions.defaults().resume(session.key())))
                        .reason())
                .isEqualTo(Reason.SESSION_EXPIRED);
    }

    @Test
    void successorOfTheSameIdentityTakesItsZnodeOver() {
        PathkeeperSession old = client.sessions().open(SessionOptions.defaults().identity("w"));
        client.store().create("/a", Value.of(1), CreateOptions.defaults().ephemeral(old));
        PathkeeperSession successor =
                client.sessions().open(SessionOptions.defaults().identity("w"));
        CreateOptions takeOver = CreateOptions.defaults().ephemeral(successor).takeOver(true);
        client.store().create("/a", Value.of(2), takeOver);
        cluster.expire(old.id());
        assertThat(client.store().get("/a").value()).isEqualTo(Value.of(2));
        assertThat(client.store().get("/a").stat().ownerSession()).isEqualTo(successor.id());
    }

    @Test
    void tellsOfSessionsOfTheCluster() {
        PathkeeperSession session =
                client.sessions().open(SessionOptions.defaults().identity("w"));
        assertThat(client.sessions().info(session.id()).join().identity()).isEqualTo("w");
        assertThat(client.sessions().list(10, "").join().sessions())
                .extracting(SessionInfo::id)
                .containsExactly(session.id());
    }

    @Test
    void closedClientLeavesNoThreadOfItsSessions() {
        PathkeeperSession session = client.sessions().open(shortest());
        session.addListener((of, state) -> {});
        String name = Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(thread -> thread.contains("-sessions-"))
                .findFirst()
                .orElseThrow();
        client.close();
        assertThat(session.state()).isEqualTo(SessionState.LOST);
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals(name)));
        assertThat(failureOf(client.sessions().openAsync(shortest()))).isInstanceOf(ClientClosedException.class);
    }

    @Test
    void keysHideTheirSecretAndRefuseOtherText() {
        SessionKey key = new SessionKey(7, new byte[] {1, (byte) 0xab});
        assertThat(key.encode()).isEqualTo("7:01ab");
        assertThat(SessionKey.parse("7:01ab")).isEqualTo(key);
        assertThat(key.toString()).doesNotContain("01ab");
        assertThatThrownBy(() -> SessionKey.parse("7:01axyz"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("01axyz");
    }
}

package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.pathkeeper.it.cluster.ClusterKind;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.v1.AcquireLockRequest;
import io.pathkeeper.v1.AcquireLockResponse;
import io.pathkeeper.v1.CampaignRequest;
import io.pathkeeper.v1.CampaignResponse;
import io.pathkeeper.v1.CloseSessionRequest;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.CreateSessionRequest;
import io.pathkeeper.v1.Guards;
import io.pathkeeper.v1.LockMode;
import io.pathkeeper.v1.LockRequest;
import io.pathkeeper.v1.ProclaimRequest;
import io.pathkeeper.v1.ReleaseLockRequest;
import io.pathkeeper.v1.RenewSessionRequest;
import io.pathkeeper.v1.ResignRequest;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.SyncRequest;
import io.pathkeeper.v1.TryAcquireLockRequest;
import io.pathkeeper.v1.ZnodeKind;
import java.time.Duration;
import java.util.Iterator;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What is asked wrongly about sessions, locks and elections is refused by every server for a reason of its own and changes nothing. */
class CoordinationRefusalsIT extends CoordinationScenarios {
    CoordinationRefusalsIT() {
        super(ClusterKind.IN_PROCESS, ClusterOptions.three());
    }

    @Test
    void sessionsOfOthersAndTimeoutsOutOfRangeAreRefusedByEveryServerWithoutEffect() {
        SessionKey session = anyServer().open(LONG, "mine");
        SessionKey foreign =
                session.toBuilder().setSecret(ByteString.copyFrom(new byte[32])).build();
        SessionKey unknown = session.toBuilder().setId(1_000_000).build();
        SessionKey over = anyServer().open(LONG, "over");
        anyServer().close(over);
        refusedEverywhere("ARGUMENT_INVALID", server -> open(server, 999));
        refusedEverywhere("ARGUMENT_INVALID", server -> open(server, -1));
        refusedEverywhere("ARGUMENT_INVALID", server -> open(server, 300_001));
        refusedEverywhere("ARGUMENT_INVALID", server -> open(server, Long.MAX_VALUE));
        for (var wrong : java.util.Map.of(
                        "SESSION_SECRET_WRONG", foreign, "SESSION_NOT_FOUND", unknown, "SESSION_EXPIRED", over)
                .entrySet()) {
            SessionKey key = wrong.getValue();
            refusedEverywhere(
                    wrong.getKey(),
                    server -> server.sessions(CALL_LIMIT)
                            .renewSession(RenewSessionRequest.newBuilder()
                                    .setSession(key)
                                    .build()));
            refusedEverywhere(
                    wrong.getKey(),
                    server -> server.sessions(CALL_LIMIT)
                            .closeSession(CloseSessionRequest.newBuilder()
                                    .setSession(key)
                                    .build()));
            refusedEverywhere(
                    wrong.getKey(),
                    server -> server.sessions(CALL_LIMIT)
                            .createSession(CreateSessionRequest.newBuilder()
                                    .setResume(key)
                                    .build()));
            refusedEverywhere(wrong.getKey(), server -> create(server, "/wrong", key));
            refusedEverywhere(wrong.getKey(), server -> tryAcquire(server, exclusive("/locks/wrong", key, "h")));
            refusedEverywhere(wrong.getKey(), server -> acquire(server, exclusive("/locks/wrong", key, "h")));
            refusedEverywhere(wrong.getKey(), server -> campaign(server, "/elections/wrong", key));
            refusedEverywhere(
                    wrong.getKey(),
                    server -> server.store(CALL_LIMIT)
                            .set(Requests.set("/", 1).toBuilder()
                                    .setGuards(Guards.newBuilder().setRequireSession(key))
                                    .build()));
        }
        assertThat(anyServer().renew(session)).isPositive();
        anyServer().close(session);
    }

    @Test
    void nothingStandsBelowAnEphemeralZnodeAndNoneBelowAnother() {
        SessionKey session = anyServer().open(LONG, "parent");
        anyServer().createEphemeral(session, "/parent/one");
        refusedEverywhere(
                "EPHEMERAL_PARENT", server -> server.store(CALL_LIMIT).create(Requests.create("/parent/one/child", 1)));
        refusedEverywhere("EPHEMERAL_PARENT", server -> create(server, "/parent/one/child", session));
        refusedEverywhere(
                "ARGUMENT_INVALID",
                server -> server.store(CALL_LIMIT)
                        .create(CreateRequest.newBuilder()
                                .setPath("/parent/nobodys")
                                .setKind(ZnodeKind.ZNODE_KIND_EPHEMERAL)
                                .build()));
        refusedEverywhere("NODE_EXISTS", server -> create(server, "/parent/one", session));
        assertThat(anyServer().close(session).getDeletedCount()).isEqualTo(1);
    }

    @Test
    void whatOneDoesNotHoldIsNotReleasedAndNothingIsUsedInTwoWays() {
        SessionKey session = anyServer().open(LONG, "holder");
        SessionKey other = anyServer().open(LONG, "other");
        String path = "/locks/refused";
        long token = anyServer().acquire(exclusive(path, session, "h"));
        refusedEverywhere("LOCK_NOT_HELD", server -> release(server, path, session, "h", token + 1));
        refusedEverywhere("LOCK_NOT_HELD", server -> release(server, path, session, "another", token));
        refusedEverywhere("LOCK_NOT_HELD", server -> release(server, path, other, "h", token));
        refusedEverywhere("LOCK_NOT_HELD", server -> release(server, "/locks/nobodys", session, "h", token));
        LockRequest shared = exclusive(path, session, "h").toBuilder()
                .setMode(LockMode.LOCK_MODE_SHARED)
                .build();
        refusedEverywhere("LOCK_MODE_MISMATCH", server -> tryAcquire(server, shared));
        refusedEverywhere("LOCK_MODE_MISMATCH", server -> tryAcquire(server, permits(path, other, 1, 2)));
        refusedEverywhere("LOCK_MODE_MISMATCH", server -> campaign(server, path, other));
        refusedEverywhere("ARGUMENT_INVALID", server -> tryAcquire(server, permits("/locks/p", other, 3, 2)));
        refusedEverywhere("ARGUMENT_INVALID", server -> tryAcquire(server, permits("/locks/p", other, 0, 2)));
        refusedEverywhere("PATH_INVALID", server -> tryAcquire(server, exclusive("locks", other, "h")));
        assertThat(anyServer().look(path).getLock().getHoldersList()).hasSize(1);
        anyServer().guardedSet("/refused", 1, path, token);
        anyServer().release(exclusive(path, session, "h"), token);
        anyServer().close(session);
        anyServer().close(other);
    }

    @Test
    void aSecondCampaignOfACandidateIsTheFirstAndOnlyTheLeaderProclaimsAndResigns() {
        SessionKey session = anyServer().open(LONG, "leader");
        SessionKey other = anyServer().open(LONG, "other");
        String path = "/elections/twice";
        long term = campaign(servers().get(0), path, session).getElected().getTerm();
        long before = revision();
        for (ServerStubs server : servers()) {
            assertThat(campaign(server, path, session).getElected().getTerm()).isEqualTo(term);
        }
        assertThat(revision()).as("standing twice changes nothing").isEqualTo(before);
        refusedEverywhere("LOCK_NOT_HELD", server -> proclaim(server, path, session, term + 1));
        refusedEverywhere("LOCK_NOT_HELD", server -> proclaim(server, path, other, term));
        refusedEverywhere("LOCK_NOT_HELD", server -> resign(server, path, other, term));
        refusedEverywhere("LOCK_NOT_HELD", server -> resign(server, path, session, term + 1));
        refusedEverywhere("LOCK_MODE_MISMATCH", server -> tryAcquire(server, exclusive(path, other, "h")));
        resign(servers().get(1), path, session, term);
        refusedEverywhere("LOCK_NOT_HELD", server -> resign(server, path, session, term));
        anyServer().close(session);
        anyServer().close(other);
    }

    private void refusedEverywhere(String reason, Consumer<ServerStubs> call) {
        long before = revision();
        for (ServerStubs server : servers()) {
            assertRefused(reason, () -> call.accept(server));
        }
        assertThat(revision()).as("revision behind a refusal with " + reason).isEqualTo(before);
    }

    private long revision() {
        return anyServer()
                .call(server -> server.store(CALL_LIMIT).sync(SyncRequest.getDefaultInstance()))
                .getHeader()
                .getRevision();
    }

    private static void open(ServerStubs server, long timeoutMillis) {
        server.sessions(CALL_LIMIT)
                .createSession(CreateSessionRequest.newBuilder()
                        .setTimeoutMs(timeoutMillis)
                        .build());
    }

    private static void create(ServerStubs server, String path, SessionKey owner) {
        server.store(CALL_LIMIT)
                .create(CreateRequest.newBuilder()
                        .setPath(path)
                        .setKind(ZnodeKind.ZNODE_KIND_EPHEMERAL)
                        .setSession(owner)
                        .build());
    }

    private static LockRequest permits(String path, SessionKey session, long permits, long maxPermits) {
        return exclusive(path, session, "p").toBuilder()
                .setMode(LockMode.LOCK_MODE_PERMITS)
                .setPermits(permits)
                .setMaxPermits(maxPermits)
                .build();
    }

    private static void tryAcquire(ServerStubs server, LockRequest lock) {
        server.locks(CALL_LIMIT)
                .tryAcquireLock(TryAcquireLockRequest.newBuilder().setLock(lock).build());
    }

    private static void acquire(ServerStubs server, LockRequest lock) {
        Iterator<AcquireLockResponse> events = server.locks(CALL_LIMIT)
                .acquireLock(AcquireLockRequest.newBuilder().setLock(lock).build());
        events.next();
    }

    private static CampaignResponse campaign(ServerStubs server, String path, SessionKey session) {
        return server.elections(Duration.ofSeconds(30))
                .campaign(CampaignRequest.newBuilder()
                        .setPath(path)
                        .setSession(session)
                        .setCandidateId("c")
                        .build())
                .next();
    }

    private static void release(ServerStubs server, String path, SessionKey session, String holder, long token) {
        server.locks(CALL_LIMIT)
                .releaseLock(ReleaseLockRequest.newBuilder()
                        .setPath(path)
                        .setSession(session)
                        .setHolderId(holder)
                        .setToken(token)
                        .build());
    }

    private static void proclaim(ServerStubs server, String path, SessionKey session, long term) {
        server.elections(CALL_LIMIT)
                .proclaim(ProclaimRequest.newBuilder()
                        .setPath(path)
                        .setSession(session)
                        .setCandidateId("c")
                        .setTerm(term)
                        .setData(Requests.number(1))
                        .build());
    }

    private static void resign(ServerStubs server, String path, SessionKey session, long term) {
        server.elections(CALL_LIMIT)
                .resign(ResignRequest.newBuilder()
                        .setPath(path)
                        .setSession(session)
                        .setCandidateId("c")
                        .setTerm(term)
                        .build());
    }
}

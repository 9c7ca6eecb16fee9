package io.pathkeeper.server.rpc;

import static io.pathkeeper.server.rpc.WireFixture.errorOf;
import static io.pathkeeper.server.rpc.WireFixture.infoOf;
import static io.pathkeeper.server.rpc.WireFixture.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.CreateResponse;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.FieldOperation;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.Guards;
import io.pathkeeper.v1.ListChildrenRequest;
import io.pathkeeper.v1.LockGuard;
import io.pathkeeper.v1.PatchRequest;
import io.pathkeeper.v1.PipelineOperation;
import io.pathkeeper.v1.PipelineRequest;
import io.pathkeeper.v1.PipelineResponse;
import io.pathkeeper.v1.ReleaseLockRequest;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.TransactOperation;
import io.pathkeeper.v1.TransactRequest;
import io.pathkeeper.v1.TryAcquireLockRequest;
import io.pathkeeper.v1.View;
import io.pathkeeper.v1.ZnodeKind;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards of writes, ephemeral znodes and their takeover, on the wire. */
@Timeout(60)
class GuardsTest {
    private CoordinationWire all;
    private SessionKey session;
    private long token;

    @BeforeEach
    void start() throws IOException {
        all = new CoordinationWire();
        session = all.open("worker");
        all.wire.create("/a", "1");
        token = all.locks()
                .tryAcquireLock(TryAcquireLockRequest.newBuilder()
                        .setLock(CoordinationWire.lock("/lock", session, "h"))
                        .build())
                .getToken();
    }

    @AfterEach
    void stop() {
        all.close();
    }

    private Guards held(long withToken) {
        return Guards.newBuilder()
                .setRequireSession(session)
                .setRequireLock(LockGuard.newBuilder().setPath("/lock").setToken(withToken))
                .build();
    }

    /** Every write with these guards. */
    private Map<String, Runnable> writes(Guards guards) {
        Map<String, Runnable> writes = new LinkedHashMap<>();
        writes.put(
                "create",
                () -> all.wire
                        .soon()
                        .create(CreateRequest.newBuilder()
                                .setPath("/b")
                                .setGuards(guards)
                                .build()));
        writes.put(
                "set",
                () -> all.wire
                        .soon()
                        .set(SetRequest.newBuilder()
                                .setPath("/a")
                                .setData(WireFixture.text("2"))
                                .setGuards(guards)
                                .build()));
        writes.put(
                "patch",
                () -> all.wire
                        .soon()
                        .patch(PatchRequest.newBuilder()
                                .setPath("/a")
                                .addOperations(FieldOperation.newBuilder()
                                        .setType(FieldOperation.Type.TYPE_SET)
                                        .setValue(WireFixture.text("3")))
                                .setGuards(guards)
                                .build()));
        writes.put(
                "transact",
                () -> all.wire
                        .soon()
                        .transact(TransactRequest.newBuilder()
                                .addThen(TransactOperation.newBuilder()
                                        .setSet(SetRequest.newBuilder().setPath("/a")))
                                .setGuards(guards)
                                .build()));
        writes.put(
                "delete",
                () -> all.wire
                        .soon()
                        .delete(DeleteRequest.newBuilder()
                                .setPath("/a")
                                .setGuards(guards)
                                .build()));
        return writes;
    }

    @Test
    void writesOfTheHolderAreCarriedOut() {
        long before = all.direct.view().revision();

        writes(held(token)).forEach((name, write) -> write.run());

        assertThat(all.direct.view().revision()).isEqualTo(before + 5);
    }

    @Test
    void writesWithAnOldTokenChangeNothing() {
        all.locks()
                .releaseLock(ReleaseLockRequest.newBuilder()
                        .setPath("/lock")
                        .setSession(session)
                        .setHolderId("h")
                        .setToken(token)
                        .build());
        long before = all.direct.view().revision();

        writes(held(token))
                .forEach((name, write) -> assertThat(reasonOf(write)).as(name).isEqualTo("LOCK_NOT_HELD"));

        assertThat(all.direct.view().revision()).isEqualTo(before);
    }

    @Test
    void writesOfAnEndedOrForeignSessionChangeNothing() {
        SessionKey foreign =
                session.toBuilder().setSecret(ByteString.copyFrom(new byte[32])).build();
        writes(Guards.newBuilder().setRequireSession(foreign).build())
                .forEach((name, write) -> assertThat(reasonOf(write)).as(name).isEqualTo("SESSION_SECRET_WRONG"));
        all.direct.expire(session.getId());
        long before = all.direct.view().revision();

        writes(Guards.newBuilder().setRequireSession(session).build())
                .forEach((name, write) -> assertThat(reasonOf(write)).as(name).isEqualTo("SESSION_EXPIRED"));
        writes(Guards.newBuilder()
                        .setRequireLock(LockGuard.newBuilder().setPath("/lock").setToken(token))
                        .build())
                .forEach((name, write) -> assertThat(reasonOf(write)).as(name).isEqualTo("LOCK_NOT_HELD"));

        assertThat(all.direct.view().revision()).isEqualTo(before);
    }

    @Test
    void guardsInsideATransactionAndWithoutTokenAreRefused() {
        StatusRuntimeException inside = errorOf(() -> all.wire
                .soon()
                .transact(TransactRequest.newBuilder()
                        .addThen(TransactOperation.newBuilder()
                                .setSet(SetRequest.newBuilder().setPath("/a").setGuards(held(token))))
                        .build()));

        assertThat(infoOf(inside).getReason()).isEqualTo("ARGUMENT_INVALID");
        assertThat(infoOf(inside).getMetadataMap()).containsEntry("op_index", "0");
        writes(held(0)).forEach((name, write) -> assertThat(reasonOf(write)).isEqualTo("ARGUMENT_INVALID"));
    }

    @Test
    void pipelinesCarryGuardsAndEphemeralsInOrder() {
        var answers = new CoordinationWire.Stream<PipelineRequest, PipelineResponse>();
        var requests = StoreServiceGrpc.newStub(all.wire.channel).pipeline(answers);

        requests.onNext(PipelineRequest.newBuilder()
                .addOperations(PipelineOperation.newBuilder()
                        .setSet(SetRequest.newBuilder().setPath("/a").setGuards(held(token))))
                .addOperations(PipelineOperation.newBuilder()
                        .setGet(GetRequest.newBuilder().setPath("/a")))
                .addOperations(PipelineOperation.newBuilder()
                        .setSet(SetRequest.newBuilder().setPath("/a").setGuards(held(token + 1))))
                .addOperations(PipelineOperation.newBuilder()
                        .setCreate(CreateRequest.newBuilder()
                                .setPath("/e")
                                .setKind(ZnodeKind.ZNODE_KIND_EPHEMERAL)
                                .setSession(session)))
                .build());
        requests.onCompleted();

        PipelineResponse.Builder got = PipelineResponse.newBuilder();
        while (got.getResultsCount() < 4) {
            got.addAllResults(answers.next().getResultsList());
        }
        assertThat(got.getResults(0).getSet().getChanged()).isTrue();
        assertThat(got.getResults(1).getGet().getStat().getVersion()).isEqualTo(2);
        assertThat(infoOf(got.getResults(2).getError()).getReason()).isEqualTo("LOCK_NOT_HELD");
        assertThat(got.getResults(3).getCreate().getStat().getOwnerIdentity()).isEqualTo("worker");
    }

    private CreateRequest.Builder ephemeral(SessionKey owner) {
        return CreateRequest.newBuilder()
                .setPath("/member")
                .setKind(ZnodeKind.ZNODE_KIND_EPHEMERAL)
                .setSession(owner);
    }

    @Test
    void ownerStandsInEveryStatAndIsHandedOverByIdentityOnly() {
        SessionKey next = all.open("worker");
        SessionKey other = all.open("other");
        all.wire.soon().create(ephemeral(session).build());

        assertThat(reasonOf(() -> all.wire.soon().create(ephemeral(next).build())))
                .isEqualTo("NODE_EXISTS");
        assertThat(reasonOf(() -> all.wire
                        .soon()
                        .create(ephemeral(other).setTakeOverIdentity(true).build())))
                .isEqualTo("NODE_EXISTS");
        CreateResponse taken = all.wire
                .soon()
                .create(ephemeral(next)
                        .setTakeOverIdentity(true)
                        .setData(WireFixture.text("new"))
                        .build());

        assertThat(taken.getStat().getOwnerSession()).isEqualTo(next.getId());
        assertThat(taken.getStat().getVersion()).isEqualTo(2);
        all.direct.expire(session.getId());
        var listed = all.wire
                .soon()
                .listChildren(ListChildrenRequest.newBuilder()
                        .setPath("/")
                        .setView(View.VIEW_STAT)
                        .build())
                .getChildren(1);
        assertThat(listed.getName()).isEqualTo("member");
        assertThat(listed.getStat().getOwnerIdentity()).isEqualTo("worker");
        assertThat(all.wire
                        .soon()
                        .get(GetRequest.newBuilder().setPath("/member").build())
                        .getStat())
                .isEqualTo(listed.getStat());
    }

    @Test
    void ephemeralsWithoutSessionAndSessionsWithoutEphemeralAreRefused() {
        assertThat(reasonOf(() ->
                        all.wire.soon().create(ephemeral(session).clearSession().build())))
                .isEqualTo("ARGUMENT_INVALID");
        assertThat(reasonOf(() ->
                        all.wire.soon().create(ephemeral(session).clearKind().build())))
                .isEqualTo("ARGUMENT_INVALID");
        assertThat(reasonOf(() -> all.wire
                        .soon()
                        .create(ephemeral(session)
                                .setPath("/member-")
                                .setSequential(true)
                                .setTakeOverIdentity(true)
                                .build())))
                .isEqualTo("ARGUMENT_INVALID");
        all.wire.soon().create(ephemeral(session).build());
        assertThat(reasonOf(() -> all.wire
                        .soon()
                        .create(CreateRequest.newBuilder()
                                .setPath("/member/child")
                                .build())))
                .isEqualTo("EPHEMERAL_PARENT");
    }
}

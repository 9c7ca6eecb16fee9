package io.pathkeeper.server.rpc;

import static io.pathkeeper.server.rpc.WireFixture.errorOf;
import static io.pathkeeper.server.rpc.WireFixture.infoOf;
import static io.pathkeeper.server.rpc.WireFixture.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.store.StoreFailure.Outcome;
import io.pathkeeper.v1.CloseSessionRequest;
import io.pathkeeper.v1.CloseSessionResponse;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.CreateSessionRequest;
import io.pathkeeper.v1.CreateSessionResponse;
import io.pathkeeper.v1.GetMemberStatusRequest;
import io.pathkeeper.v1.GetMemberStatusResponse;
import io.pathkeeper.v1.GetSessionRequest;
import io.pathkeeper.v1.KeepAliveRequest;
import io.pathkeeper.v1.KeepAliveResponse;
import io.pathkeeper.v1.ListSessionNodesRequest;
import io.pathkeeper.v1.ListSessionNodesResponse;
import io.pathkeeper.v1.ListSessionsRequest;
import io.pathkeeper.v1.ListSessionsResponse;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import io.pathkeeper.v1.RenewSessionRequest;
import io.pathkeeper.v1.RequestId;
import io.pathkeeper.v1.Session;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.SessionServiceGrpc;
import io.pathkeeper.v1.ZnodeKind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SessionService on the wire, with what clients get wrong, too. */
@Timeout(60)
class SessionEndpointTest {
    private CoordinationWire all;

    @BeforeEach
    void start() throws IOException {
        all = new CoordinationWire();
    }

    @AfterEach
    void stop() {
        all.close();
    }

    private static SessionKey stranger(SessionKey key) {
        return key.toBuilder().setSecret(ByteString.copyFrom(new byte[32])).build();
    }

    private long ephemeral(SessionKey session, String path) {
        return all.wire
                .soon()
                .create(CreateRequest.newBuilder()
                        .setPath(path)
                        .setKind(ZnodeKind.ZNODE_KIND_EPHEMERAL)
                        .setSession(session)
                        .build())
                .getRevision();
    }

    @Test
    void openedSessionIsShownWithoutItsSecret() {
        CreateSessionResponse opened = all.sessions()
                .createSession(CreateSessionRequest.newBuilder()
                        .setTimeoutMs(1_500)
                        .setClientIdentity("worker")
                        .putLabels("zone", "a")
                        .build());
        ephemeral(opened.getSession(), "/e");

        Session shown = all.sessions()
                .getSession(GetSessionRequest.newBuilder()
                        .setSessionId(opened.getSession().getId())
                        .build())
                .getSession();

        assertThat(opened.getSession().getSecret().size()).isEqualTo(32);
        assertThat(opened.getTimeoutMs()).isEqualTo(1_500);
        assertThat(opened.getResumed()).isFalse();
        assertThat(shown.getClientIdentity()).isEqualTo("worker");
        assertThat(shown.getLabelsMap()).containsEntry("zone", "a");
        assertThat(shown.getAddress()).startsWith("127.0.0.1:");
        assertThat(shown.getEphemeralCount()).isEqualTo(1);
        assertThat(shown.getCreatedRevision()).isEqualTo(opened.getRevision()).isEqualTo(1);
        assertThat(shown.toByteString().toStringUtf8())
                .doesNotContain(opened.getSession().getSecret().toStringUtf8());
    }

    @Test
    void theDigestOfAServerIsThatOfItsSessionsToo() {
        GetMemberStatusResponse before = memberStatus();
        all.open("worker");
        GetMemberStatusResponse after = memberStatus();

        assertThat(after.getZnodeCount()).isEqualTo(before.getZnodeCount());
        assertThat(after.getDigest())
                .isNotEqualTo(before.getDigest())
                .isEqualTo(all.direct.digest().digest());
        assertThat(after.getHeader().getRevision())
                .isEqualTo(all.direct.digest().revision());
    }

    private GetMemberStatusResponse memberStatus() {
        return MaintenanceServiceGrpc.newBlockingStub(all.wire.channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .getMemberStatus(GetMemberStatusRequest.getDefaultInstance());
    }

    @Test
    void withoutATimeoutTheDefaultIsGranted() {
        assertThat(all.sessions()
                        .createSession(CreateSessionRequest.getDefaultInstance())
                        .getTimeoutMs())
                .isEqualTo(10_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 999, 300_001, Long.MAX_VALUE, Long.MIN_VALUE})
    void timeoutsOutsideOfTheLimitsAreRefusedWithTheLimits(long timeout) {
        StatusRuntimeException error = errorOf(() -> all.sessions()
                .createSession(
                        CreateSessionRequest.newBuilder().setTimeoutMs(timeout).build()));

        assertThat(infoOf(error).getReason()).isEqualTo("ARGUMENT_INVALID");
        assertThat(error.getStatus().getDescription()).contains("timeout_ms", "1000", "300000");
        assertThat(all.direct.sessions().count()).isZero();
    }

    @Test
    void oversizeIdentitiesAndLabelsAreRefused() {
        List<CreateSessionRequest.Builder> bad = new ArrayList<>();
        bad.add(CreateSessionRequest.newBuilder().setClientIdentity("i".repeat(129)));
        bad.add(CreateSessionRequest.newBuilder().setClientIdentity("\u00e9".repeat(65)));
        bad.add(CreateSessionRequest.newBuilder().putLabels("k".repeat(65), "v"));
        bad.add(CreateSessionRequest.newBuilder().putLabels("k", "v".repeat(257)));
        bad.add(CreateSessionRequest.newBuilder().putLabels("", "v"));
        CreateSessionRequest.Builder many = CreateSessionRequest.newBuilder();
        for (int i = 0; i < 17; i++) {
            many.putLabels("k" + i, "");
        }
        bad.add(many);

        for (CreateSessionRequest.Builder request : bad) {
            assertThat(reasonOf(() -> all.sessions().createSession(request.build())))
                    .isEqualTo("ARGUMENT_INVALID");
        }
        assertThat(all.direct.proposals.get()).isZero();
    }

    @Test
    void aRepeatedCreationGivesTheFirstSessionAndSecret() {
        CreateSessionRequest request = CreateSessionRequest.newBuilder()
                .setRequestId(RequestId.newBuilder().setClientId("c").setSequence(1))
                .build();

        SessionKey first = all.sessions().createSession(request).getSession();
        SessionKey second = all.sessions().createSession(request).getSession();

        assertThat(second).isEqualTo(first);
        assertThat(all.direct.sessions().count()).isEqualTo(1);
    }

    @Test
    void resumesBySecretOnly() {
        SessionKey key = all.open("worker");

        CreateSessionResponse resumed = all.sessions()
                .createSession(CreateSessionRequest.newBuilder().setResume(key).build());

        assertThat(resumed.getResumed()).isTrue();
        assertThat(resumed.getSession()).isEqualTo(key);
        assertThat(all.direct.touched).contains(key.getId());
        assertThat(reasonOf(() -> all.sessions()
                        .createSession(CreateSessionRequest.newBuilder()
                                .setResume(stranger(key))
                                .build())))
                .isEqualTo("SESSION_SECRET_WRONG");
    }

    @Test
    void wrongSecretRenewsNothingAndClosesNothing() {
        SessionKey key = all.open("");

        StatusRuntimeException renewal = errorOf(() -> all.sessions()
                .renewSession(RenewSessionRequest.newBuilder()
                        .setSession(stranger(key))
                        .build()));

        assertThat(infoOf(renewal).getReason()).isEqualTo("SESSION_SECRET_WRONG");
        assertThat(renewal.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(all.direct.touched).isEmpty();
        assertThat(reasonOf(() -> all.sessions()
                        .closeSession(CloseSessionRequest.newBuilder()
                                .setSession(stranger(key))
                                .build())))
                .isEqualTo("SESSION_SECRET_WRONG");
        assertThat(all.direct.sessions().count()).isEqualTo(1);
    }

    @Test
    void missingAndMisshapenKeysAreRefusedBeforeAnythingIsAsked() {
        SessionKey key = all.open("");
        SessionKey cut =
                key.toBuilder().setSecret(key.getSecret().substring(0, 31)).build();
        all.direct.proposals.set(0);

        assertThat(reasonOf(() -> all.sessions().renewSession(RenewSessionRequest.getDefaultInstance())))
                .isEqualTo("ARGUMENT_INVALID");
        assertThat(reasonOf(() -> all.sessions()
                        .renewSession(
                                RenewSessionRequest.newBuilder().setSession(cut).build())))
                .isEqualTo("ARGUMENT_INVALID");
        assertThat(reasonOf(() -> all.sessions().closeSession(CloseSessionRequest.getDefaultInstance())))
                .isEqualTo("ARGUMENT_INVALID");
        assertThat(all.direct.proposals.get()).isZero();
        assertThat(all.direct.renewals.get()).isZero();
    }

    @Test
    void endedAndUnknownSessionsHaveTheirOwnReasons() {
        SessionKey key = all.open("");
        all.direct.expire(key.getId());
        SessionKey unknown = key.toBuilder().setId(key.getId() + 100).build();

        for (SessionKey each : List.of(key, unknown)) {
            String reason = each == key ? "SESSION_EXPIRED" : "SESSION_NOT_FOUND";
            assertThat(reasonOf(() -> all.sessions()
                            .renewSession(RenewSessionRequest.newBuilder()
                                    .setSession(each)
                                    .build())))
                    .isEqualTo(reason);
            assertThat(reasonOf(() -> all.sessions()
                            .getSession(GetSessionRequest.newBuilder()
                                    .setSessionId(each.getId())
                                    .build())))
                    .isEqualTo(reason);
            assertThat(reasonOf(() -> all.sessions()
                            .closeSession(CloseSessionRequest.newBuilder()
                                    .setSession(each)
                                    .build())))
                    .isEqualTo(reason);
            assertThat(reasonOf(() -> ephemeral(each, "/e"))).isEqualTo(reason);
        }
        assertThat(all.direct.view().znodeCount()).isEqualTo(1);
    }

    @Test
    void closingTakesAllEphemeralsInOneRevision() {
        SessionKey key = all.open("");
        ephemeral(key, "/a");
        long last = ephemeral(key, "/b");

        CloseSessionResponse closed = all.sessions()
                .closeSession(CloseSessionRequest.newBuilder().setSession(key).build());

        assertThat(closed.getDeletedCount()).isEqualTo(2);
        assertThat(closed.getRevision()).isEqualTo(last + 1);
        assertThat(all.direct.view().revision()).isEqualTo(last + 1);
        assertThat(all.direct.view().znodeCount()).isEqualTo(1);
    }

    @Test
    void pagesOfSessionsAndNodesAreComplete() {
        SessionKey owner = all.open("");
        for (int i = 0; i < 6; i++) {
            all.open("");
            ephemeral(owner, "/e" + i + "-" + "x".repeat(240));
        }
        List<Long> ids = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        String token = "";
        do {
            ListSessionsResponse page = all.sessions()
                    .listSessions(ListSessionsRequest.newBuilder()
                            .setPageSize(3)
                            .setPageToken(token)
                            .build());
            page.getSessionsList().forEach(session -> ids.add(session.getId()));
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        do {
            ListSessionNodesResponse page = all.sessions()
                    .listSessionNodes(ListSessionNodesRequest.newBuilder()
                            .setSessionId(owner.getId())
                            .setPageSize(4)
                            .setPageToken(token)
                            .build());
            paths.addAll(page.getPathsList());
            token = page.getNextPageToken();
        } while (!token.isEmpty());

        assertThat(ids).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(paths).hasSize(6).isSorted();
    }

    @Test
    void tokensOfOtherListingsAndBadPageSizesAreRefused() {
        all.open("");
        all.open("");
        String token = all.sessions()
                .listSessions(ListSessionsRequest.newBuilder().setPageSize(1).build())
                .getNextPageToken();

        assertThat(token).isNotEmpty();
        assertThat(reasonOf(() -> all.sessions()
                        .listSessionNodes(ListSessionNodesRequest.newBuilder()
                                .setSessionId(1)
                                .setPageToken(token)
                                .build())))
                .isEqualTo("PAGE_TOKEN_INVALID");
        assertThat(reasonOf(() -> all.sessions()
                        .listSessions(ListSessionsRequest.newBuilder()
                                .setPageToken("!!")
                                .build())))
                .isEqualTo("PAGE_TOKEN_INVALID");
        assertThat(reasonOf(() -> all.sessions()
                        .listSessions(ListSessionsRequest.newBuilder()
                                .setPageSize(1_001)
                                .build())))
                .isEqualTo("ARGUMENT_INVALID");
    }

    @Test
    void aSessionThatTheLeaderRefusesIsAskedForAgainUntilItIsDecided() {
        SessionKey renewed = all.open("");
        SessionKey ended = all.open("");
        all.direct.refusedRenewals.addAll(List.of(renewed.getId(), ended.getId()));
        var answers = new CoordinationWire.Stream<KeepAliveRequest, KeepAliveResponse>();
        StreamObserver<KeepAliveRequest> requests =
                SessionServiceGrpc.newStub(all.wire.channel).keepAlive(answers);
        requests.onNext(KeepAliveRequest.newBuilder()
                .addSessions(renewed)
                .addSessions(ended)
                .build());
        await().atMost(Duration.ofSeconds(10)).until(() -> all.direct.renewals.get() >= 2);
        assertThat(answers.isQuiet()).isTrue();

        all.direct.expire(ended.getId());
        all.direct.refusedRenewals.clear();

        KeepAliveResponse answer = answers.next();
        assertThat(answer.getResults(0).getRemainingMs()).isEqualTo(10_000);
        assertThat(answer.getResults(0).getReason()).isEmpty();
        assertThat(answer.getResults(1).getRemainingMs()).isZero();
        assertThat(answer.getResults(1).getReason()).isEqualTo("SESSION_EXPIRED");
    }

    @Test
    void keepAliveAnswersEverySessionInOrderAndEveryMessageInOrder() {
        SessionKey key = all.open("");
        SessionKey over = all.open("");
        all.direct.expire(over.getId());
        var answers = new CoordinationWire.Stream<KeepAliveRequest, KeepAliveResponse>();
        StreamObserver<KeepAliveRequest> requests =
                SessionServiceGrpc.newStub(all.wire.channel).keepAlive(answers);

        for (int i = 1; i <= 50; i++) {
            requests.onNext(KeepAliveRequest.newBuilder()
                    .setCorrelationId(i)
                    .addSessions(over)
                    .addSessions(key)
                    .addSessions(stranger(key))
                    .addSessions(SessionKey.newBuilder().setId(99))
                    .build());
        }
        requests.onCompleted();

        for (int i = 1; i <= 50; i++) {
            KeepAliveResponse answer = answers.next();
            assertThat(answer.getCorrelationId()).isEqualTo(i);
            assertThat(answer.getResultsList())
                    .extracting(
                            result -> result.getSessionId() + " " + result.getRemainingMs() + " " + result.getReason())
                    .containsExactly(
                            over.getId() + " 0 SESSION_EXPIRED",
                            key.getId() + " 10000 ",
                            key.getId() + " 0 SESSION_SECRET_WRONG",
                            "99 0 SESSION_NOT_FOUND");
        }
        answers.endsWell();
    }

    @Test
    void keepAliveWithoutAMajorityEndsTheStreamAndClaimsNothing() {
        SessionKey key = all.open("");
        all.direct.renewFailure = DirectStore.failure(RejectReason.NO_QUORUM, Outcome.NOT_APPLIED);
        var answers = new CoordinationWire.Stream<KeepAliveRequest, KeepAliveResponse>();

        SessionServiceGrpc.newStub(all.wire.channel)
                .keepAlive(answers)
                .onNext(KeepAliveRequest.newBuilder().addSessions(key).build());

        assertThat(answers.endReason()).isEqualTo("NO_QUORUM");
    }

    @Test
    void keepAliveOfNoneOrTooManyIsRefused() {
        KeepAliveRequest.Builder many = KeepAliveRequest.newBuilder();
        for (int i = 0; i < 1_001; i++) {
            many.addSessions(SessionKey.newBuilder().setId(i));
        }
        for (KeepAliveRequest bad : List.of(KeepAliveRequest.getDefaultInstance(), many.build())) {
            var answers = new CoordinationWire.Stream<KeepAliveRequest, KeepAliveResponse>();

            SessionServiceGrpc.newStub(all.wire.channel).keepAlive(answers).onNext(bad);

            assertThat(answers.endReason()).isEqualTo("ARGUMENT_INVALID");
        }
    }
}

package io.pathkeeper.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.v1.BatchGetRequest;
import io.pathkeeper.v1.BatchGetResponse;
import io.pathkeeper.v1.BatchGetResult;
import io.pathkeeper.v1.CallCount;
import io.pathkeeper.v1.ClusterServiceGrpc;
import io.pathkeeper.v1.Condition;
import io.pathkeeper.v1.Consistency;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.CreateResponse;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.DeleteResponse;
import io.pathkeeper.v1.FieldOperation;
import io.pathkeeper.v1.GetClusterInfoRequest;
import io.pathkeeper.v1.GetClusterInfoResponse;
import io.pathkeeper.v1.GetMemberStatusRequest;
import io.pathkeeper.v1.GetMemberStatusResponse;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.GetResponse;
import io.pathkeeper.v1.ListLogLevelsRequest;
import io.pathkeeper.v1.ListMembersRequest;
import io.pathkeeper.v1.LogLevel;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import io.pathkeeper.v1.MemberRole;
import io.pathkeeper.v1.PatchRequest;
import io.pathkeeper.v1.PatchResponse;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.ReadOptions;
import io.pathkeeper.v1.RequestId;
import io.pathkeeper.v1.SetLogLevelRequest;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.SetResponse;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.SyncRequest;
import io.pathkeeper.v1.TransactOperation;
import io.pathkeeper.v1.TransactRequest;
import io.pathkeeper.v1.TransactResponse;
import io.pathkeeper.v1.Value;
import io.pathkeeper.v1.ValueFormat;
import io.pathkeeper.v1.View;
import io.pathkeeper.v1.ZnodeKind;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every unary call of the API on the wire. */
@Timeout(60)
class StoreEndpointTest {
    private WireFixture wire;

    @BeforeEach
    void start() throws IOException {
        wire = new WireFixture();
    }

    @AfterEach
    void stop() {
        wire.close();
    }

    private static Payload json(String text) {
        return Payload.newBuilder().setJson(text).build();
    }

    private String jsonAt(String path) {
        return wire.soon()
                .get(GetRequest.newBuilder()
                        .setPath(path)
                        .setValueFormat(ValueFormat.VALUE_FORMAT_JSON)
                        .build())
                .getData()
                .getJson();
    }

    @Test
    void createdZnodeIsReadInEveryForm() {
        CreateResponse created = wire.soon()
                .create(CreateRequest.newBuilder()
                        .setPath("/config")
                        .setData(json("{\"port\":8080,\"host\":\"localhost\"}").toBuilder()
                                .setContentType("application/json"))
                        .build());

        GetResponse typed =
                wire.soon().get(GetRequest.newBuilder().setPath("/config").build());

        assertThat(created.getPath()).isEqualTo("/config");
        assertThat(created.getHeader().getRevision())
                .isEqualTo(created.getRevision())
                .isEqualTo(1);
        assertThat(typed.getStat()).isEqualTo(created.getStat());
        assertThat(typed.getData().getContentType()).isEqualTo("application/json");
        assertThat(typed.getData().getValue().getMapValue().getEntriesList())
                .extracting(e -> e.getKey())
                .containsExactly("host", "port");
        assertThat(typed.getStat().getDataBytes())
                .isEqualTo(typed.getData().getValue().getSerializedSize());
        assertThat(jsonAt("/config")).isEqualTo("{\"host\":\"localhost\",\"port\":8080}");
        assertThat(wire.soon()
                        .get(GetRequest.newBuilder()
                                .setPath("/config")
                                .setValueFormat(ValueFormat.VALUE_FORMAT_RAW)
                                .build())
                        .getData()
                        .getRaw()
                        .toStringUtf8())
                .isEqualTo("{\"host\":\"localhost\",\"port\":8080}");
        assertThat(typed.getHeader().getClusterId()).isEqualTo(DirectStore.CLUSTER);
        assertThat(typed.getHeader().getMemberId()).isEqualTo(DirectStore.MEMBER);
        assertThat(typed.getHeader().getLeaderId()).isEqualTo(DirectStore.MEMBER);
        assertThat(typed.getHeader().getTerm()).isEqualTo(7);
    }

    @Test
    void viewsLeaveOutWhatIsNotAskedFor() {
        wire.create("/a", "x");

        GetResponse stat = wire.soon()
                .get(GetRequest.newBuilder()
                        .setPath("/a")
                        .setView(View.VIEW_STAT)
                        .build());
        GetResponse name = wire.soon()
                .get(GetRequest.newBuilder()
                        .setPath("/a")
                        .setView(View.VIEW_NAME)
                        .build());

        assertThat(stat.hasStat()).isTrue();
        assertThat(stat.hasData()).isFalse();
        assertThat(name.hasStat()).isFalse();
    }

    @Test
    void sequentialNamesComeWithTheirNumber() {
        wire.create("/q", "");

        CreateResponse first = wire.soon()
                .create(CreateRequest.newBuilder()
                        .setPath("/q/")
                        .setSequential(true)
                        .build());
        CreateResponse second = wire.soon()
                .create(CreateRequest.newBuilder()
                        .setPath("/q/job-")
                        .setSequential(true)
                        .setKind(ZnodeKind.ZNODE_KIND_TTL)
                        .setTtlMs(60_000)
                        .build());

        assertThat(first.getPath()).isEqualTo("/q/0000000000");
        assertThat(second.getPath()).isEqualTo("/q/job-0000000001");
        assertThat(second.getSequence()).isEqualTo(1);
        assertThat(second.getStat().getKind()).isEqualTo(ZnodeKind.ZNODE_KIND_TTL);
        assertThat(second.getStat().getTtlMs()).isEqualTo(60_000);
    }

    @Test
    void setTellsWhatItDid() {
        wire.create("/a", "one");

        SetResponse changed = wire.soon()
                .set(SetRequest.newBuilder()
                        .setPath("/a")
                        .setData(WireFixture.text("two"))
                        .setExpectedVersion(1)
                        .setReturnPrevious(true)
                        .setValueFormat(ValueFormat.VALUE_FORMAT_JSON)
                        .build());
        SetResponse same = wire.soon()
                .set(SetRequest.newBuilder()
                        .setPath("/a")
                        .setData(WireFixture.text("two"))
                        .setIfChanged(true)
                        .build());
        SetResponse made = wire.soon()
                .set(SetRequest.newBuilder().setPath("/b").setAllowMissing(true).build());

        assertThat(changed.getChanged()).isTrue();
        assertThat(changed.getPrevious().getData().getJson()).isEqualTo("\"one\"");
        assertThat(changed.getPrevious().getPath()).isEqualTo("/a");
        assertThat(same.getChanged()).isFalse();
        assertThat(same.getStat().getVersion()).isEqualTo(2);
        assertThat(made.getCreated()).isTrue();
        assertThat(jsonAt("/b")).isEqualTo("null");
    }

    @Test
    void patchChangesFields() {
        wire.soon()
                .create(CreateRequest.newBuilder()
                        .setPath("/p")
                        .setData(json("{\"n\":1,\"l\":[1]}"))
                        .build());

        PatchResponse patched = wire.soon()
                .patch(PatchRequest.newBuilder()
                        .setPath("/p")
                        .addOperations(FieldOperation.newBuilder()
                                .setType(FieldOperation.Type.TYPE_INCREMENT)
                                .setPointer("/n")
                                .setDelta(41))
                        .addOperations(FieldOperation.newBuilder()
                                .setType(FieldOperation.Type.TYPE_LIST_INSERT)
                                .setPointer("/l")
                                .setIndex(0)
                                .setValue(json("{\"$bytes\":\"AAE=\"}")))
                        .setReturnData(true)
                        .setReturnPrevious(true)
                        .setValueFormat(ValueFormat.VALUE_FORMAT_JSON)
                        .build());

        assertThat(patched.getData().getJson()).isEqualTo("{\"l\":[{\"$bytes\":\"AAE=\"},1],\"n\":42}");
        assertThat(patched.getPrevious().getData().getJson()).isEqualTo("{\"l\":[1],\"n\":1}");
        assertThat(patched.getRevision()).isEqualTo(2);
    }

    @Test
    void deleteCountsWhatItTook() {
        wire.create("/d/a/b", "x");

        DeleteResponse deleted = wire.soon()
                .delete(DeleteRequest.newBuilder()
                        .setPath("/d")
                        .setRecursive(true)
                        .setReturnPrevious(true)
                        .build());

        assertThat(deleted.getDeletedCount()).isEqualTo(3);
        assertThat(deleted.getPrevious().getPath()).isEqualTo("/d");
    }

    @Test
    void batchGetAnswersEveryPathAtOneRevision() {
        wire.create("/a", "x");

        BatchGetResponse batch = wire.soon()
                .batchGet(BatchGetRequest.newBuilder()
                        .addPaths("/a")
                        .addPaths("/missing")
                        .addPaths("/")
                        .build());

        assertThat(batch.getResultsList()).extracting(BatchGetResult::getFound).containsExactly(true, false, true);
        assertThat(batch.getResults(0).getZnode().getData().getValue().getStringValue())
                .isEqualTo("x");
    }

    @Test
    void transactionTakesOneOfTwoWays() {
        wire.create("/t", "x");
        TransactRequest request = TransactRequest.newBuilder()
                .addConditions(Condition.newBuilder().setPath("/t").setVersion(1))
                .addThen(TransactOperation.newBuilder()
                        .setSet(SetRequest.newBuilder().setPath("/t").setData(WireFixture.text("y"))))
                .addThen(TransactOperation.newBuilder()
                        .setGet(GetRequest.newBuilder().setPath("/t")))
                .addThen(TransactOperation.newBuilder()
                        .setCreate(CreateRequest.newBuilder().setPath("/t/c")))
                .addThen(TransactOperation.newBuilder()
                        .setDelete(DeleteRequest.newBuilder().setPath("/t/c")))
                .addOtherwise(TransactOperation.newBuilder()
                        .setGet(GetRequest.newBuilder().setPath("/none")))
                .build();

        TransactResponse held = wire.soon().transact(request);
        TransactResponse failed = wire.soon().transact(request);

        assertThat(held.getSucceeded()).isTrue();
        assertThat(held.getResults(1).getGet().getZnode().getData().getValue().getStringValue())
                .isEqualTo("y");
        assertThat(held.getResults(2).getCreate().getPath()).isEqualTo("/t/c");
        assertThat(held.getResults(3).getDelete().getDeletedCount()).isEqualTo(1);
        assertThat(held.getRevision()).isEqualTo(2);
        assertThat(failed.getSucceeded()).isFalse();
        assertThat(failed.getResults(0).getGet().getFound()).isFalse();
        assertThat(failed.getRevision()).isEqualTo(2);
        assertThat(wire.meters.scrape()).contains("pathkeeper_txn_conflicts_total 1.0");
    }

    @Test
    void repeatedRequestIdGetsTheFirstResult() {
        CreateRequest request = CreateRequest.newBuilder()
                .setPath("/once-")
                .setSequential(true)
                .setRequestId(RequestId.newBuilder().setClientId("c").setSequence(1))
                .build();

        CreateResponse first = wire.soon().create(request);
        CreateResponse second = wire.soon().create(request);
        String other = WireFixture.reasonOf(() -> wire.soon()
                .delete(DeleteRequest.newBuilder()
                        .setPath("/none")
                        .setRequestId(request.getRequestId())
                        .build()));

        assertThat(second.getPath()).isEqualTo(first.getPath());
        assertThat(second.getRevision()).isEqualTo(first.getRevision());
        assertThat(other).isEqualTo("ARGUMENT_INVALID");
    }

    @Test
    void readsKeepTheirConsistency() {
        wire.create("/a", "x");
        int before = wire.direct.barriers.get();
        wire.direct.lastContactMillis = 500;

        wire.soon().get(get(ReadOptions.newBuilder().setConsistency(Consistency.CONSISTENCY_LOCAL)));
        wire.soon()
                .get(get(ReadOptions.newBuilder()
                        .setConsistency(Consistency.CONSISTENCY_AT_LEAST)
                        .setMinRevision(1)));
        int afterLocal = wire.direct.barriers.get();
        wire.soon().sync(SyncRequest.getDefaultInstance());
        String stale = WireFixture.reasonOf(() -> wire.soon()
                .get(get(ReadOptions.newBuilder()
                        .setConsistency(Consistency.CONSISTENCY_LOCAL)
                        .setMaxStalenessMs(499))));
        String future = WireFixture.reasonOf(() -> wire.soon()
                .get(get(ReadOptions.newBuilder()
                        .setConsistency(Consistency.CONSISTENCY_AT_LEAST)
                        .setMinRevision(1_000))));

        assertThat(afterLocal).isEqualTo(before);
        assertThat(wire.direct.barriers.get()).isGreaterThan(before);
        assertThat(stale).isEqualTo("STALE");
        assertThat(future).isEqualTo("REVISION_IN_FUTURE");
    }

    private static GetRequest get(ReadOptions.Builder options) {
        return GetRequest.newBuilder().setPath("/a").setOptions(options).build();
    }

    @Test
    void atLeastWaitsForTheRevision() throws Exception {
        wire.create("/a", "x");
        CompletableFuture<GetResponse> read = CompletableFuture.supplyAsync(() -> wire.soon()
                .get(get(ReadOptions.newBuilder()
                        .setConsistency(Consistency.CONSISTENCY_AT_LEAST)
                        .setMinRevision(1))));
        assertThat(read.get(10, TimeUnit.SECONDS).getHeader().getRevision()).isEqualTo(1);
    }

    @Test
    void readBehindAnOverdueDeadlineEnds() {
        wire.create("/a", "x");
        wire.direct.held = new CompletableFuture<>();

        assertThat(WireFixture.errorOf(() -> wire.stub
                                .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                                .get(GetRequest.newBuilder().setPath("/a").build()))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }

    @Test
    void clusterAndMemberTellOfThemselves() {
        wire.create("/a", "x");
        var cluster = ClusterServiceGrpc.newBlockingStub(wire.channel);

        GetClusterInfoResponse info = cluster.getClusterInfo(GetClusterInfoRequest.getDefaultInstance());
        GetMemberStatusResponse status = MaintenanceServiceGrpc.newBlockingStub(wire.channel)
                .getMemberStatus(GetMemberStatusRequest.getDefaultInstance());

        assertThat(info.getVersion()).isEqualTo("1.2.3");
        assertThat(info.getLimits().getMaxValueBytes()).isEqualTo(1 << 20);
        assertThat(info.getLimits().getMaxRequestBytes()).isEqualTo(2 << 20);
        assertThat(info.getLimits().getMaxPageSize()).isEqualTo(1_000);
        assertThat(info.getMembers(0).getRole()).isEqualTo(MemberRole.MEMBER_ROLE_LEADER);
        assertThat(cluster.listMembers(ListMembersRequest.getDefaultInstance()).getMembersList())
                .isEqualTo(info.getMembersList());
        assertThat(status.getZnodeCount()).isEqualTo(2);
        assertThat(status.getObservationCount()).isEqualTo(3);
        assertThat(status.getSnapshotIndex()).isEqualTo(5);
        assertThat(status.getReady()).isTrue();
        assertThat(status.getSessionCount()).isZero();
        assertThat(status.getLockCount()).isZero();
        String get = StoreServiceGrpc.getGetMethod().getFullMethodName();
        assertThat(status.getCallsList()).extracting(CallCount::getMethod).doesNotContain(get);
        wire.soon().get(GetRequest.newBuilder().setPath("/a").build());
        wire.soon().get(GetRequest.newBuilder().setPath("/a").build());
        assertThat(MaintenanceServiceGrpc.newBlockingStub(wire.channel)
                        .getMemberStatus(GetMemberStatusRequest.getDefaultInstance())
                        .getCallsList())
                .filteredOn(calls -> calls.getMethod().equals(get))
                .singleElement()
                .satisfies(calls -> {
                    assertThat(calls.getEndedCount()).isEqualTo(2);
                    assertThat(calls.getTotalUs()).isPositive();
                });
    }

    @Test
    void levelsOfTheLogAreSetAndListedAndWrongOnesRefused() {
        var maintenance = MaintenanceServiceGrpc.newBlockingStub(wire.channel);
        String logger = StoreEndpoint.class.getPackageName();
        long before = System.currentTimeMillis();

        var set = maintenance.setLogLevel(SetLogLevelRequest.newBuilder()
                .setLogger(logger)
                .setLevel(LogLevel.LOG_LEVEL_ERROR)
                .build());

        assertThat(set.getLevelsList()).singleElement().satisfies(level -> {
            assertThat(level.getLogger()).isEqualTo(logger);
            assertThat(level.getLevel()).isEqualTo(LogLevel.LOG_LEVEL_ERROR);
            assertThat(level.getUntilMs()).isGreaterThanOrEqualTo(before + 600_000);
        });
        assertThat(maintenance
                        .listLogLevels(ListLogLevelsRequest.getDefaultInstance())
                        .getLevelsList())
                .isEqualTo(set.getLevelsList());
        assertThat(maintenance
                        .setLogLevel(SetLogLevelRequest.newBuilder()
                                .setLogger(logger)
                                .build())
                        .getLevelsList())
                .isEmpty();
        Map<SetLogLevelRequest.Builder, String> wrong = Map.of(
                SetLogLevelRequest.newBuilder().setLogger("no.such").setLevel(LogLevel.LOG_LEVEL_INFO), "logger",
                SetLogLevelRequest.newBuilder().setLogger(logger).setLevelValue(77), "level",
                SetLogLevelRequest.newBuilder()
                                .setLogger(logger)
                                .setLevel(LogLevel.LOG_LEVEL_INFO)
                                .setDurationMs(-1),
                        "duration_ms");
        wrong.forEach((request, field) -> assertThatThrownBy(() -> maintenance.setLogLevel(request.build()))
                .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
                    assertThat(e.getStatus().getDescription()).startsWith(field + " ");
                }));
        assertThat(maintenance
                        .listLogLevels(ListLogLevelsRequest.getDefaultInstance())
                        .getLevelsList())
                .isEmpty();
    }

    @Test
    void typedValueOfGreatestDepthGoesThroughEveryWayIn() {
        Value deep = Value.newBuilder().setIntValue(1).build();
        for (int i = 1; i < 32; i++) {
            deep = Value.newBuilder()
                    .setMapValue(io.pathkeeper.v1.MapValue.newBuilder()
                            .addEntries(io.pathkeeper.v1.MapEntry.newBuilder()
                                    .setKey("k")
                                    .setValue(deep)))
                    .build();
        }
        Payload payload = Payload.newBuilder().setValue(deep).build();

        TransactResponse response = wire.soon()
                .transact(TransactRequest.newBuilder()
                        .addThen(TransactOperation.newBuilder()
                                .setCreate(CreateRequest.newBuilder()
                                        .setPath("/deep")
                                        .setData(payload)))
                        .addThen(TransactOperation.newBuilder()
                                .setPatch(PatchRequest.newBuilder()
                                        .setPath("/deep")
                                        .addOperations(FieldOperation.newBuilder()
                                                .setType(FieldOperation.Type.TYPE_SET)
                                                .setValue(payload))))
                        .addThen(TransactOperation.newBuilder()
                                .setGet(GetRequest.newBuilder().setPath("/deep")))
                        .build());

        assertThat(response.getResults(2).getGet().getZnode().getData().getValue())
                .isEqualTo(deep);
    }
}

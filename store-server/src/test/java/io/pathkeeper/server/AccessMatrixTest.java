package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.pathkeeper.v1.*;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every method that is served, by every kind of caller. The methods come from the service descriptors: one without a row here fails, and
 * the server does not start with one that has no rule.
 */
@Timeout(180)
class AccessMatrixTest {
    /** What a method needs; the order is that of the columns of {@link #PASSES}. */
    enum Needs {
        NOTHING,
        IDENTITY,
        READ,
        OBSERVE,
        CHANGE,
        ADMIN,
        AUTH_ADMIN
    }

    /** Who passes, by what is needed. */
    private static final Map<String, List<Needs>> PASSES = new LinkedHashMap<>();

    static {
        PASSES.put("none", List.of(Needs.NOTHING));
        PASSES.put("reader", List.of(Needs.NOTHING, Needs.IDENTITY, Needs.READ, Needs.OBSERVE));
        PASSES.put("writer", List.of(Needs.NOTHING, Needs.IDENTITY, Needs.CHANGE));
        PASSES.put("stranger", List.of(Needs.NOTHING, Needs.IDENTITY));
        PASSES.put("reader inside", PASSES.get("reader"));
        PASSES.put("stranger inside", PASSES.get("stranger"));
        PASSES.put("nobody", List.of(Needs.NOTHING, Needs.IDENTITY));
        PASSES.put("admin", List.of(Needs.values()));
        PASSES.put("root", List.of(Needs.values()));
        PASSES.put("wrong", List.of());
        PASSES.put("expired", List.of());
        PASSES.put("deleted", List.of());
    }

    /** Kinds of operations that pipelines and transactions carry. */
    private static final Map<String, Needs> CARRIED = Map.of(
            "create", Needs.CHANGE,
            "set", Needs.CHANGE,
            "patch", Needs.CHANGE,
            "delete", Needs.CHANGE,
            "transact", Needs.CHANGE,
            "get", Needs.READ,
            "batch_get", Needs.READ,
            "list_children", Needs.READ,
            "sync", Needs.IDENTITY);

    private static final String PIPELINE = StoreServiceGrpc.getPipelineMethod().getFullMethodName();
    private static final String TRANSACT = StoreServiceGrpc.getTransactMethod().getFullMethodName();
    private static final String PATH = "/app/x";

    private record Row(Needs needs, Message request) {}

    @TempDir
    private static Path dir;

    private static AuthCluster cluster;
    private static final Map<String, String> TOKENS = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        cluster = new AuthCluster(dir, Map.of());
        Verb[] changes = {Verb.VERB_CREATE, Verb.VERB_WRITE, Verb.VERB_DELETE};
        Verb[] all = {
            Verb.VERB_READ, Verb.VERB_OBSERVE, Verb.VERB_CREATE, Verb.VERB_WRITE, Verb.VERB_DELETE, Verb.VERB_ADMIN
        };
        cluster.grant("reader", "reader", AuthCluster.allow("/app", Verb.VERB_READ, Verb.VERB_OBSERVE));
        cluster.grant("writer", "writer", AuthCluster.allow("/app", changes));
        cluster.grant("stranger", "stranger", AuthCluster.allow("/other", all));
        cluster.bind("admin", "admin");
        for (String principal : List.of("reader", "writer", "stranger", "nobody", "admin")) {
            TOKENS.put(principal, cluster.token(principal));
        }
        TOKENS.put("none", "");
        TOKENS.put("root", AuthCluster.ROOT);
        TOKENS.put("wrong", TOKENS.get("admin").replaceAll(".$", "_"));
        TOKENS.put(
                "expired",
                cluster.root()
                        .createToken(CreateTokenRequest.newBuilder()
                                .setPrincipal("admin")
                                .setLifeMs(1)
                                .build())
                        .getToken());
        String gone = cluster.token("admin");
        TOKENS.put("deleted", gone);
        cluster.root()
                .deleteToken(DeleteTokenRequest.newBuilder()
                        .setId(gone.split("\\.")[1])
                        .build());
        StoreServiceGrpc.newBlockingStub(cluster.as(AuthCluster.ROOT))
                .create(CreateRequest.newBuilder().setPath("/app").build());
        cluster.root()
                .setNamespace(SetNamespaceRequest.newBuilder()
                        .setNamespace(Namespace.newBuilder().setName("app").setPath("/app"))
                        .build());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static Map<String, Row> rows() {
        Map<String, Row> rows = new HashMap<>();
        String path = PATH;
        carried(rows);
        store(rows, path);
        coordination(rows, path);
        row(rows, Needs.IDENTITY, ClusterServiceGrpc.getGetClusterInfoMethod(), GetClusterInfoRequest.newBuilder());
        row(rows, Needs.IDENTITY, ClusterServiceGrpc.getListMembersMethod(), ListMembersRequest.newBuilder());
        row(rows, Needs.ADMIN, ClusterServiceGrpc.getAddMemberMethod(), AddMemberRequest.newBuilder());
        row(rows, Needs.ADMIN, ClusterServiceGrpc.getRemoveMemberMethod(), RemoveMemberRequest.newBuilder());
        row(rows, Needs.ADMIN, ClusterServiceGrpc.getUpdateMemberMethod(), UpdateMemberRequest.newBuilder());
        row(rows, Needs.ADMIN, ClusterServiceGrpc.getReplaceMemberMethod(), ReplaceMemberRequest.newBuilder());
        row(rows, Needs.ADMIN, ClusterServiceGrpc.getPromoteMemberMethod(), PromoteMemberRequest.newBuilder());
        row(rows, Needs.ADMIN, ClusterServiceGrpc.getDemoteMemberMethod(), DemoteMemberRequest.newBuilder());
        row(
                rows,
                Needs.ADMIN,
                ClusterServiceGrpc.getTransferLeadershipMethod(),
                TransferLeadershipRequest.newBuilder().setMemberId("?"));
        row(rows, Needs.ADMIN, ClusterServiceGrpc.getSetQuotaMethod(), SetQuotaRequest.newBuilder());
        row(rows, Needs.ADMIN, ClusterServiceGrpc.getGetQuotaMethod(), GetQuotaRequest.newBuilder());
        row(rows, Needs.ADMIN, ClusterServiceGrpc.getListQuotasMethod(), ListQuotasRequest.newBuilder());
        row(rows, Needs.ADMIN, ClusterServiceGrpc.getDeleteQuotaMethod(), DeleteQuotaRequest.newBuilder());
        row(rows, Needs.ADMIN, MaintenanceServiceGrpc.getGetMemberStatusMethod(), GetMemberStatusRequest.newBuilder());
        row(rows, Needs.ADMIN, MaintenanceServiceGrpc.getListAlarmsMethod(), ListAlarmsRequest.newBuilder());
        row(rows, Needs.ADMIN, MaintenanceServiceGrpc.getSetLogLevelMethod(), SetLogLevelRequest.newBuilder());
        row(rows, Needs.ADMIN, MaintenanceServiceGrpc.getListLogLevelsMethod(), ListLogLevelsRequest.newBuilder());
        row(rows, Needs.ADMIN, MaintenanceServiceGrpc.getBackupMethod(), BackupRequest.newBuilder());
        row(rows, Needs.NOTHING, AuthServiceGrpc.getAuthenticateMethod(), AuthenticateRequest.newBuilder());
        row(rows, Needs.NOTHING, AuthServiceGrpc.getChangePasswordMethod(), ChangePasswordRequest.newBuilder());
        row(rows, Needs.IDENTITY, AuthServiceGrpc.getWhoAmIMethod(), WhoAmIRequest.newBuilder());
        row(
                rows,
                Needs.IDENTITY,
                AuthServiceGrpc.getCheckAccessMethod(),
                CheckAccessRequest.newBuilder().setPath(path).setVerb(Verb.VERB_READ));
        // requests that change nothing: none of them names anything
        for (MethodDescriptor<?, ?> method :
                AuthServiceGrpc.getServiceDescriptor().getMethods()) {
            if (!rows.containsKey(method.getFullMethodName())) {
                rows.put(method.getFullMethodName(), new Row(Needs.AUTH_ADMIN, AnyCall.empty(method)));
            }
        }
        for (MethodDescriptor<?, ?> method : HealthGrpc.getServiceDescriptor().getMethods()) {
            rows.put(method.getFullMethodName(), new Row(Needs.NOTHING, AnyCall.empty(method)));
        }
        row(
                rows,
                Needs.IDENTITY,
                ServerReflectionGrpc.getServerReflectionInfoMethod(),
                ServerReflectionRequest.newBuilder().setListServices(""));
        return rows;
    }

    /** By the descriptors: a kind of operation that is new has no row until its needs are written down. */
    private static void carried(Map<String, Row> rows) {
        for (FieldDescriptor kind : kinds(PipelineOperation.getDescriptor())) {
            PipelineOperation.Builder operation = PipelineOperation.newBuilder();
            operation.setField(kind, aboutPath(operation.newBuilderForField(kind)));
            carried(rows, PIPELINE + "/" + kind.getName(), kind, piped(operation));
        }
        for (FieldDescriptor kind : kinds(TransactOperation.getDescriptor())) {
            TransactOperation.Builder operation = TransactOperation.newBuilder();
            operation.setField(kind, aboutPath(operation.newBuilderForField(kind)));
            TransactRequest then =
                    TransactRequest.newBuilder().addThen(operation).build();
            TransactRequest otherwise =
                    TransactRequest.newBuilder().addOtherwise(operation).build();
            carried(rows, TRANSACT + "/then/" + kind.getName(), kind, then);
            carried(rows, TRANSACT + "/otherwise/" + kind.getName(), kind, otherwise);
            carried(
                    rows,
                    PIPELINE + "/transact/" + kind.getName(),
                    kind,
                    piped(PipelineOperation.newBuilder().setTransact(then)));
        }
        TransactRequest condition = TransactRequest.newBuilder()
                .addConditions(Condition.newBuilder().setPath(PATH).setExists(true))
                .build();
        rows.put(TRANSACT + "/condition", new Row(Needs.READ, condition));
        rows.put(
                PIPELINE + "/transact/condition",
                new Row(Needs.READ, piped(PipelineOperation.newBuilder().setTransact(condition))));
    }

    private static void carried(Map<String, Row> rows, String name, FieldDescriptor kind, Message request) {
        Needs needs = CARRIED.get(kind.getName());
        if (needs != null) {
            rows.put(name, new Row(needs, request));
        }
    }

    private static PipelineRequest piped(PipelineOperation.Builder operation) {
        return PipelineRequest.newBuilder().addOperations(operation).build();
    }

    private static List<FieldDescriptor> kinds(Descriptor operation) {
        return operation.getOneofs().get(0).getFields();
    }

    private static Message aboutPath(Message.Builder request) {
        FieldDescriptor one = request.getDescriptorForType().findFieldByName("path");
        FieldDescriptor many = request.getDescriptorForType().findFieldByName("paths");
        if (one != null) {
            request.setField(one, PATH);
        } else if (many != null) {
            request.addRepeatedField(many, PATH);
        } else if (request instanceof TransactRequest.Builder transact) {
            transact.addThen(TransactOperation.newBuilder()
                    .setCreate(CreateRequest.newBuilder().setPath(PATH)));
        }
        return request.build();
    }

    /** Everything that can be asked for: methods, and what streams and transactions carry. */
    private static TreeSet<String> names() {
        TreeSet<String> names = new TreeSet<>(AnyCall.methods().keySet());
        kinds(PipelineOperation.getDescriptor()).forEach(kind -> names.add(PIPELINE + "/" + kind.getName()));
        for (FieldDescriptor kind : kinds(TransactOperation.getDescriptor())) {
            names.addAll(List.of(
                    TRANSACT + "/then/" + kind.getName(),
                    TRANSACT + "/otherwise/" + kind.getName(),
                    PIPELINE + "/transact/" + kind.getName()));
        }
        names.addAll(List.of(TRANSACT + "/condition", PIPELINE + "/transact/condition"));
        return names;
    }

    /** A row's name is its method's, with what is carried behind it. */
    private static MethodDescriptor<?, ?> method(String name) {
        String[] parts = name.split("/");
        return AnyCall.methods().get(parts[0] + "/" + parts[1]);
    }

    private static Channel channel(String who) {
        boolean inside = who.endsWith(" inside");
        String token = TOKENS.get(inside ? who.substring(0, who.indexOf(' ')) : who);
        return inside
                ? cluster.with(Map.of("authorization", "Bearer " + token, "pathkeeper-namespace", "app"))
                : cluster.as(token);
    }

    private static void store(Map<String, Row> rows, String path) {
        CreateRequest create = CreateRequest.newBuilder().setPath(path).build();
        row(rows, Needs.CHANGE, StoreServiceGrpc.getCreateMethod(), create.toBuilder());
        row(
                rows,
                Needs.CHANGE,
                StoreServiceGrpc.getSetMethod(),
                SetRequest.newBuilder().setPath(path));
        row(
                rows,
                Needs.CHANGE,
                StoreServiceGrpc.getPatchMethod(),
                PatchRequest.newBuilder().setPath(path));
        row(
                rows,
                Needs.CHANGE,
                StoreServiceGrpc.getDeleteMethod(),
                DeleteRequest.newBuilder().setPath(path));
        row(
                rows,
                Needs.CHANGE,
                StoreServiceGrpc.getTransactMethod(),
                TransactRequest.newBuilder()
                        .addOtherwise(TransactOperation.newBuilder().setCreate(create)));
        row(
                rows,
                Needs.CHANGE,
                StoreServiceGrpc.getPipelineMethod(),
                PipelineRequest.newBuilder()
                        .addOperations(PipelineOperation.newBuilder().setCreate(create)));
        row(
                rows,
                Needs.READ,
                StoreServiceGrpc.getGetMethod(),
                GetRequest.newBuilder().setPath(path));
        row(
                rows,
                Needs.READ,
                StoreServiceGrpc.getBatchGetMethod(),
                BatchGetRequest.newBuilder().addPaths(path));
        row(
                rows,
                Needs.READ,
                StoreServiceGrpc.getListChildrenMethod(),
                ListChildrenRequest.newBuilder().setPath(path));
        row(
                rows,
                Needs.READ,
                StoreServiceGrpc.getScanSubtreeMethod(),
                ScanSubtreeRequest.newBuilder().setPath(path));
        row(rows, Needs.IDENTITY, StoreServiceGrpc.getSyncMethod(), SyncRequest.newBuilder());
        row(
                rows,
                Needs.OBSERVE,
                ObserveServiceGrpc.getObserveMethod(),
                ObserveRequest.newBuilder()
                        .addTargets(ObserveTarget.newBuilder().setPath(path)));
    }

    private static void coordination(Map<String, Row> rows, String path) {
        row(rows, Needs.IDENTITY, SessionServiceGrpc.getCreateSessionMethod(), CreateSessionRequest.newBuilder());
        row(rows, Needs.IDENTITY, SessionServiceGrpc.getKeepAliveMethod(), KeepAliveRequest.newBuilder());
        row(rows, Needs.IDENTITY, SessionServiceGrpc.getRenewSessionMethod(), RenewSessionRequest.newBuilder());
        row(rows, Needs.IDENTITY, SessionServiceGrpc.getCloseSessionMethod(), CloseSessionRequest.newBuilder());
        row(rows, Needs.ADMIN, SessionServiceGrpc.getGetSessionMethod(), GetSessionRequest.newBuilder());
        row(rows, Needs.ADMIN, SessionServiceGrpc.getListSessionsMethod(), ListSessionsRequest.newBuilder());
        row(rows, Needs.ADMIN, SessionServiceGrpc.getListSessionNodesMethod(), ListSessionNodesRequest.newBuilder());
        LockRequest lock = LockRequest.newBuilder().setPath(path).build();
        row(
                rows,
                Needs.CHANGE,
                LockServiceGrpc.getAcquireLockMethod(),
                AcquireLockRequest.newBuilder().setLock(lock));
        row(
                rows,
                Needs.CHANGE,
                LockServiceGrpc.getTryAcquireLockMethod(),
                TryAcquireLockRequest.newBuilder().setLock(lock));
        row(
                rows,
                Needs.CHANGE,
                LockServiceGrpc.getReleaseLockMethod(),
                ReleaseLockRequest.newBuilder().setPath(path));
        row(
                rows,
                Needs.READ,
                LockServiceGrpc.getGetLockMethod(),
                GetLockRequest.newBuilder().setPath(path));
        row(
                rows,
                Needs.READ,
                LockServiceGrpc.getListLocksMethod(),
                ListLocksRequest.newBuilder().setPath(path));
        row(
                rows,
                Needs.CHANGE,
                ElectionServiceGrpc.getCampaignMethod(),
                CampaignRequest.newBuilder().setPath(path));
        row(
                rows,
                Needs.CHANGE,
                ElectionServiceGrpc.getProclaimMethod(),
                ProclaimRequest.newBuilder().setPath(path));
        row(
                rows,
                Needs.CHANGE,
                ElectionServiceGrpc.getResignMethod(),
                ResignRequest.newBuilder().setPath(path));
        row(
                rows,
                Needs.READ,
                ElectionServiceGrpc.getGetLeaderMethod(),
                GetLeaderRequest.newBuilder().setPath(path));
        row(
                rows,
                Needs.OBSERVE,
                ElectionServiceGrpc.getObserveMethod(),
                ElectionServiceObserveRequest.newBuilder().setPath(path));
    }

    private static void row(
            Map<String, Row> rows, Needs needs, MethodDescriptor<?, ?> method, Message.Builder request) {
        rows.put(method.getFullMethodName(), new Row(needs, request.build()));
    }

    @Test
    void everyMethodLetsThroughWhomItShouldAndNobodyElse() {
        assertThat(violations(rows())).isEmpty();
    }

    @Test
    void aMethodWithoutARowIsFound() {
        Map<String, Row> incomplete = rows();
        incomplete.remove(StoreServiceGrpc.getSetMethod().getFullMethodName());

        incomplete.remove(PIPELINE + "/patch");

        assertThat(violations(incomplete, List.of(PIPELINE + "/patch", "pathkeeper.v1.StoreService/Set")))
                .containsExactly(
                        "pathkeeper.v1.StoreService/Pipeline/patch has no row",
                        "pathkeeper.v1.StoreService/Set has no row");
    }

    @Test
    void nobodyWritesTheRecordsOfUsersByWhateverWay() throws Exception {
        String record = "/_sys/auth/users/eve";
        for (Map.Entry<String, Row> row : rows().entrySet()) {
            if (row.getValue().needs() != Needs.CHANGE) {
                continue;
            }
            Message request = row.getValue().request();
            Message.Builder moved = request.newBuilderForType();
            TextFormat.merge(TextFormat.printer().printToString(request).replace(PATH, record), moved);
            assertThat(moved.build().toString()).as(row.getKey()).contains(record);
            long before = cluster.server.node().view().revision();
            for (String who : List.of("root", "admin", "writer")) {
                assertThat(AnyCall.make(channel(who), method(row.getKey()), moved.build())
                                .isOk())
                        .as(row.getKey() + " by " + who)
                        .isFalse();
            }
            assertThat(cluster.server.node().view().revision())
                    .as("state behind " + row.getKey())
                    .isEqualTo(before);
        }
        SessionKey session = SessionServiceGrpc.newBlockingStub(cluster.as(AuthCluster.ROOT))
                .createSession(
                        CreateSessionRequest.newBuilder().setTimeoutMs(60_000).build())
                .getSession();
        assertThat(Reasons.of(() -> LockServiceGrpc.newBlockingStub(cluster.as(AuthCluster.ROOT))
                        .tryAcquireLock(TryAcquireLockRequest.newBuilder()
                                .setLock(
                                        LockRequest.newBuilder().setPath(record).setSession(session))
                                .build())))
                .isIn("DENIED", "PATH_INVALID");
    }

    @Test
    void aMethodThatAsksForTooLittleOrTooMuchIsFound() {
        for (String method : List.of(
                "StoreService/Set",
                "StoreService/Pipeline/set",
                "StoreService/Pipeline/transact/delete",
                "StoreService/Transact/otherwise/patch",
                "LockService/AcquireLock",
                "AuthService/SetRole")) {
            for (Needs wrong : List.of(Needs.IDENTITY, Needs.READ)) {
                Map<String, Row> planted = rows();
                String name = "pathkeeper.v1." + method;
                planted.computeIfPresent(name, (key, row) -> new Row(wrong, row.request()));

                assertThat(violations(planted, List.of(name)))
                        .as(method + " with " + wrong)
                        .isNotEmpty();
            }
        }
    }

    private static List<String> violations(Map<String, Row> rows) {
        return violations(rows, new ArrayList<>(names()));
    }

    private static List<String> violations(Map<String, Row> rows, List<String> names) {
        List<String> wrong = new ArrayList<>();
        for (String name : names) {
            Row row = rows.get(name);
            if (row == null) {
                wrong.add(name + " has no row");
                continue;
            }
            PASSES.forEach((who, passes) -> {
                String expected = expected(who, passes.contains(row.needs()), row.needs());
                String actual = outcome(channel(who), method(name), row.request());
                if (!actual.equals(expected)) {
                    wrong.add(name + " by " + who + ": expected " + expected + ", was " + actual);
                }
            });
        }
        return wrong;
    }

    private static String expected(String who, boolean passes, Needs needs) {
        return switch (who) {
            case "wrong", "deleted" -> "TOKEN_INVALID";
            case "expired" -> "TOKEN_EXPIRED";
            case "none" -> passes ? "passed" : "CREDENTIAL_MISSING";
            default -> passes ? "passed" : "DENIED";
        };
    }

    /** "passed" when the gate let the call through, whatever became of it; else the reason. */
    @SuppressWarnings("unchecked")
    private static String outcome(Channel channel, MethodDescriptor<?, ?> method, Message request) {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        ClientCall<Object, Object> call = channel.newCall(
                (MethodDescriptor<Object, Object>) method, CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS));
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(Object message) {
                        outcome.complete(
                                message instanceof PipelineResponse pipeline
                                                && pipeline.getResults(0).hasError()
                                        ? judged(pipeline.getResults(0).getError())
                                        : "passed");
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        outcome.complete(
                                status.isOk()
                                        ? "passed"
                                        : judged(StatusProto.fromThrowable(
                                                new StatusRuntimeException(status, trailers))));
                    }
                },
                new Metadata());
        call.request(1);
        call.sendMessage(request);
        call.halfClose();
        String found = outcome.join();
        call.cancel("seen", null);
        return found;
    }

    private static String judged(com.google.rpc.Status status) {
        Status.Code code = Status.fromCodeValue(status.getCode()).getCode();
        return code == Status.Code.PERMISSION_DENIED || code == Status.Code.UNAUTHENTICATED
                ? gateReason(status)
                : code == Status.Code.INTERNAL || code == Status.Code.DEADLINE_EXCEEDED ? code.name() : "passed";
    }

    private static String gateReason(com.google.rpc.Status status) {
        String reason = Reasons.of(status);
        return reason.equals("SIGN_IN_FAILED") ? "passed" : reason;
    }
}

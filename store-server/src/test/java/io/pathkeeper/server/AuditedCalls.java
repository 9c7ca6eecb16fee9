package io.pathkeeper.server;

import com.google.protobuf.Message;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.pathkeeper.server.store.ClusterStatus;
import io.pathkeeper.v1.*;
import io.pathkeeper.v1.ListLogLevelsRequest;
import io.pathkeeper.v1.SetLogLevelRequest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A request for each method, and each operation of a pipeline, that does what the method is for; with secrets in it where it takes any. */
final class AuditedCalls {
    static final String VALUE = "value-that-nobody-logs";
    static final String PASSWORD = "password-that-nobody-logs";
    static final String NOTE = "note-that-nobody-logs";

    private static final String PIPELINE = StoreServiceGrpc.getPipelineMethod().getFullMethodName();

    /**
     * A call.
     *
     * @param changes whether it changes the state
     * @param outcome what it ends with for an administrator
     * @param request makes what it needs, and then it; the paths and names in it are new for each call
     */
    record Row(boolean changes, String outcome, Supplier<Message> request) {
        Row(boolean changes, Supplier<Message> request) {
            this(changes, "OK", request);
        }
    }

    private final AuthCluster cluster;
    private final StoreServiceGrpc.StoreServiceBlockingStub store;
    private final SessionServiceGrpc.SessionServiceBlockingStub sessions;
    private final LockServiceGrpc.LockServiceBlockingStub locks;
    private final ElectionServiceGrpc.ElectionServiceBlockingStub elections;
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final Payload secret =
            Payload.newBuilder().setJson("{\"s\":\"" + VALUE + "\"}").build();
    /** Whose end would be the leadership's. */
    private final List<Iterator<CampaignResponse>> leading = new ArrayList<>();

    private int number;

    AuditedCalls(AuthCluster cluster) {
        this.cluster = cluster;
        store = StoreServiceGrpc.newBlockingStub(cluster.as(AuthCluster.ROOT));
        sessions = SessionServiceGrpc.newBlockingStub(cluster.as(AuthCluster.ROOT));
        locks = LockServiceGrpc.newBlockingStub(cluster.as(AuthCluster.ROOT));
        elections = ElectionServiceGrpc.newBlockingStub(cluster.as(AuthCluster.ROOT));
        store();
        sessions();
        locks();
        elections();
        users();
        roles();
        members();
        readsOfTheServer();
    }

    /** By full name of the method; of an operation of a pipeline with its kind behind it. */
    Map<String, Row> rows() {
        return rows;
    }

    private void row(io.grpc.MethodDescriptor<?, ?> method, boolean changes, Supplier<Message> request) {
        rows.put(method.getFullMethodName(), new Row(changes, request));
    }

    private void piped(String kind, boolean changes, Supplier<PipelineOperation.Builder> operation) {
        rows.put(
                PIPELINE + "/" + kind,
                new Row(
                        changes,
                        () -> PipelineRequest.newBuilder()
                                .addOperations(operation.get())
                                .build()));
    }

    private String fresh() {
        return "/audited-" + ++number;
    }

    private String made() {
        String path = fresh();
        store.create(create(path));
        return path;
    }

    private CreateRequest create(String path) {
        return CreateRequest.newBuilder().setPath(path).setData(secret).build();
    }

    private SetRequest set() {
        return SetRequest.newBuilder().setPath(made()).setData(secret).build();
    }

    private PatchRequest patch() {
        return PatchRequest.newBuilder()
                .setPath(made())
                .addOperations(FieldOperation.newBuilder()
                        .setType(FieldOperation.Type.TYPE_SET)
                        .setPointer("/t")
                        .setValue(secret))
                .build();
    }

    private DeleteRequest delete() {
        return DeleteRequest.newBuilder().setPath(made()).build();
    }

    private TransactRequest transact() {
        return TransactRequest.newBuilder()
                .addThen(TransactOperation.newBuilder().setSet(set()))
                .addThen(TransactOperation.newBuilder().setCreate(create(fresh())))
                .build();
    }

    private GetRequest get() {
        return GetRequest.newBuilder().setPath(made()).build();
    }

    private BatchGetRequest batchGet() {
        return BatchGetRequest.newBuilder().addPaths(made()).build();
    }

    private ListChildrenRequest list() {
        return ListChildrenRequest.newBuilder().setPath(made()).build();
    }

    private void store() {
        row(StoreServiceGrpc.getCreateMethod(), true, () -> create(fresh()));
        row(StoreServiceGrpc.getSetMethod(), true, this::set);
        row(StoreServiceGrpc.getPatchMethod(), true, this::patch);
        row(StoreServiceGrpc.getDeleteMethod(), true, this::delete);
        row(StoreServiceGrpc.getTransactMethod(), true, this::transact);
        piped("create", true, () -> PipelineOperation.newBuilder().setCreate(create(fresh())));
        piped("set", true, () -> PipelineOperation.newBuilder().setSet(set()));
        piped("patch", true, () -> PipelineOperation.newBuilder().setPatch(patch()));
        piped("delete", true, () -> PipelineOperation.newBuilder().setDelete(delete()));
        piped("transact", true, () -> PipelineOperation.newBuilder().setTransact(transact()));
        piped("get", false, () -> PipelineOperation.newBuilder().setGet(get()));
        piped("batch_get", false, () -> PipelineOperation.newBuilder().setBatchGet(batchGet()));
        piped("list_children", false, () -> PipelineOperation.newBuilder().setListChildren(list()));
        piped("sync", false, () -> PipelineOperation.newBuilder().setSync(SyncRequest.getDefaultInstance()));
        row(StoreServiceGrpc.getGetMethod(), false, this::get);
        row(StoreServiceGrpc.getBatchGetMethod(), false, this::batchGet);
        row(StoreServiceGrpc.getListChildrenMethod(), false, this::list);
        row(
                StoreServiceGrpc.getScanSubtreeMethod(),
                false,
                () -> ScanSubtreeRequest.newBuilder().setPath(made()).build());
        row(StoreServiceGrpc.getSyncMethod(), false, SyncRequest::getDefaultInstance);
        row(
                ObserveServiceGrpc.getObserveMethod(),
                false,
                () -> ObserveRequest.newBuilder()
                        .addTargets(ObserveTarget.newBuilder().setPath(made()))
                        .build());
    }

    private SessionKey session() {
        return sessions.createSession(
                        CreateSessionRequest.newBuilder().setTimeoutMs(300_000).build())
                .getSession();
    }

    private void sessions() {
        row(
                SessionServiceGrpc.getCreateSessionMethod(),
                true,
                () -> CreateSessionRequest.newBuilder()
                        .setTimeoutMs(300_000)
                        .putLabels("label", NOTE)
                        .build());
        row(
                SessionServiceGrpc.getCloseSessionMethod(),
                true,
                () -> CloseSessionRequest.newBuilder().setSession(session()).build());
        row(
                SessionServiceGrpc.getKeepAliveMethod(),
                false,
                () -> KeepAliveRequest.newBuilder().addSessions(session()).build());
        row(
                SessionServiceGrpc.getRenewSessionMethod(),
                false,
                () -> RenewSessionRequest.newBuilder().setSession(session()).build());
        row(
                SessionServiceGrpc.getGetSessionMethod(),
                false,
                () -> GetSessionRequest.newBuilder()
                        .setSessionId(session().getId())
                        .build());
        row(SessionServiceGrpc.getListSessionsMethod(), false, ListSessionsRequest::getDefaultInstance);
        row(
                SessionServiceGrpc.getListSessionNodesMethod(),
                false,
                () -> ListSessionNodesRequest.newBuilder()
                        .setSessionId(session().getId())
                        .build());
    }

    private LockRequest lock() {
        return LockRequest.newBuilder()
                .setPath(fresh())
                .setSession(session())
                .setNote(NOTE)
                .build();
    }

    private void locks() {
        row(
                LockServiceGrpc.getAcquireLockMethod(),
                true,
                () -> AcquireLockRequest.newBuilder().setLock(lock()).build());
        row(
                LockServiceGrpc.getTryAcquireLockMethod(),
                true,
                () -> TryAcquireLockRequest.newBuilder().setLock(lock()).build());
        row(LockServiceGrpc.getReleaseLockMethod(), true, () -> {
            LockRequest lock = lock();
            TryAcquireLockResponse held = locks.tryAcquireLock(
                    TryAcquireLockRequest.newBuilder().setLock(lock).build());
            return ReleaseLockRequest.newBuilder()
                    .setPath(lock.getPath())
                    .setSession(lock.getSession())
                    .setToken(held.getToken())
                    .build();
        });
        row(
                LockServiceGrpc.getGetLockMethod(),
                false,
                () -> GetLockRequest.newBuilder().setPath(made()).build());
        row(LockServiceGrpc.getListLocksMethod(), false, ListLocksRequest::getDefaultInstance);
    }

    private CampaignRequest campaign() {
        return CampaignRequest.newBuilder()
                .setPath(fresh())
                .setSession(session())
                .setCandidateId("candidate")
                .setData(secret)
                .build();
    }

    private record Led(CampaignRequest campaign, long term) {}

    private Led led() {
        CampaignRequest campaign = campaign();
        Iterator<CampaignResponse> answers = elections.campaign(campaign);
        leading.add(answers);
        CampaignResponse answer = answers.next();
        while (!answer.hasElected()) {
            answer = answers.next();
        }
        return new Led(campaign, answer.getElected().getTerm());
    }

    private void elections() {
        row(ElectionServiceGrpc.getCampaignMethod(), true, this::campaign);
        row(ElectionServiceGrpc.getProclaimMethod(), true, () -> {
            Led led = led();
            return ProclaimRequest.newBuilder()
                    .setPath(led.campaign().getPath())
                    .setSession(led.campaign().getSession())
                    .setCandidateId("candidate")
                    .setTerm(led.term())
                    .setData(secret)
                    .build();
        });
        row(ElectionServiceGrpc.getResignMethod(), true, () -> {
            Led led = led();
            return ResignRequest.newBuilder()
                    .setPath(led.campaign().getPath())
                    .setSession(led.campaign().getSession())
                    .setCandidateId("candidate")
                    .setTerm(led.term())
                    .build();
        });
        row(
                ElectionServiceGrpc.getGetLeaderMethod(),
                false,
                () -> GetLeaderRequest.newBuilder()
                        .setPath(led().campaign().getPath())
                        .build());
        row(
                ElectionServiceGrpc.getObserveMethod(),
                false,
                () -> ElectionServiceObserveRequest.newBuilder()
                        .setPath(led().campaign().getPath())
                        .build());
    }

    private String user() {
        String name = "user-" + ++number;
        cluster.user(name, PASSWORD);
        return name;
    }

    private void users() {
        row(
                AuthServiceGrpc.getAuthenticateMethod(),
                false,
                () -> AuthenticateRequest.newBuilder()
                        .setUser(user())
                        .setPassword(PASSWORD)
                        .build());
        row(
                AuthServiceGrpc.getChangePasswordMethod(),
                true,
                () -> ChangePasswordRequest.newBuilder()
                        .setUser(user())
                        .setOldPassword(PASSWORD)
                        .setNewPassword(PASSWORD + "-2")
                        .build());
        row(
                AuthServiceGrpc.getSetUserMethod(),
                true,
                () -> SetUserRequest.newBuilder()
                        .setName("user-" + ++number)
                        .setPassword(PASSWORD)
                        .build());
        row(
                AuthServiceGrpc.getDeleteUserMethod(),
                true,
                () -> DeleteUserRequest.newBuilder().setName(user()).build());
        row(
                AuthServiceGrpc.getCreateTokenMethod(),
                true,
                () -> CreateTokenRequest.newBuilder()
                        .setPrincipal("somebody")
                        .setDescription(NOTE)
                        .build());
        row(
                AuthServiceGrpc.getDeleteTokenMethod(),
                true,
                () -> DeleteTokenRequest.newBuilder()
                        .setId(cluster.token("somebody").split("\\.")[1])
                        .build());
        row(AuthServiceGrpc.getWhoAmIMethod(), false, WhoAmIRequest::getDefaultInstance);
        row(
                AuthServiceGrpc.getCheckAccessMethod(),
                false,
                () -> CheckAccessRequest.newBuilder()
                        .setPath("/x")
                        .setVerb(Verb.VERB_READ)
                        .setPrincipal("somebody")
                        .build());
        row(AuthServiceGrpc.getListUsersMethod(), false, ListUsersRequest::getDefaultInstance);
        row(AuthServiceGrpc.getListTokensMethod(), false, ListTokensRequest::getDefaultInstance);
    }

    private SetRoleRequest role() {
        return SetRoleRequest.newBuilder()
                .setRole(
                        Role.newBuilder().setName("role-" + ++number).addRules(AuthCluster.allow("/x", Verb.VERB_READ)))
                .build();
    }

    private SetBindingRequest binding() {
        return SetBindingRequest.newBuilder()
                .setBinding(Binding.newBuilder()
                        .setName("binding-" + ++number)
                        .setRole("admin")
                        .addPrincipals("somebody else"))
                .build();
    }

    private SetQuotaRequest quota() {
        return SetQuotaRequest.newBuilder()
                .setQuota(Quota.newBuilder()
                        .setName("quota-" + ++number)
                        .setPath("/x")
                        .setMaxZnodes(1_000))
                .build();
    }

    private Quota setQuota() {
        SetQuotaRequest request = quota();
        ClusterServiceGrpc.newBlockingStub(cluster.as(AuthCluster.ROOT)).setQuota(request);
        return request.getQuota();
    }

    private SetNamespaceRequest namespace() {
        return SetNamespaceRequest.newBuilder()
                .setNamespace(
                        Namespace.newBuilder().setName("namespace-" + ++number).setPath("/x"))
                .build();
    }

    private void roles() {
        row(AuthServiceGrpc.getSetRoleMethod(), true, this::role);
        row(AuthServiceGrpc.getDeleteRoleMethod(), true, () -> {
            SetRoleRequest role = role();
            cluster.root().setRole(role);
            return DeleteRoleRequest.newBuilder()
                    .setName(role.getRole().getName())
                    .build();
        });
        row(AuthServiceGrpc.getSetBindingMethod(), true, this::binding);
        row(AuthServiceGrpc.getDeleteBindingMethod(), true, () -> {
            SetBindingRequest binding = binding();
            cluster.root().setBinding(binding);
            return DeleteBindingRequest.newBuilder()
                    .setName(binding.getBinding().getName())
                    .build();
        });
        row(AuthServiceGrpc.getSetNamespaceMethod(), true, this::namespace);
        row(AuthServiceGrpc.getDeleteNamespaceMethod(), true, () -> {
            SetNamespaceRequest namespace = namespace();
            cluster.root().setNamespace(namespace);
            return DeleteNamespaceRequest.newBuilder()
                    .setName(namespace.getNamespace().getName())
                    .build();
        });
        row(AuthServiceGrpc.getListRolesMethod(), false, ListRolesRequest::getDefaultInstance);
        row(AuthServiceGrpc.getListBindingsMethod(), false, ListBindingsRequest::getDefaultInstance);
        row(AuthServiceGrpc.getListNamespacesMethod(), false, ListNamespacesRequest::getDefaultInstance);
    }

    /** Of the only member, so that the server stays as it is: what is there already is done, and the last voter cannot go. */
    private void members() {
        String self = "s1";
        ClusterStatus.Member member = cluster.server.status().members().get(0);
        row(
                ClusterServiceGrpc.getAddMemberMethod(),
                false,
                () -> AddMemberRequest.newBuilder()
                        .setMemberId(self)
                        .setRaftAddress(member.raftAddress())
                        .setClientAddress(member.clientAddress())
                        .build());
        row(
                ClusterServiceGrpc.getReplaceMemberMethod(),
                false,
                () -> ReplaceMemberRequest.newBuilder()
                        .setMemberId("s0")
                        .setNewMemberId(self)
                        .setRaftAddress(member.raftAddress())
                        .setClientAddress(member.clientAddress())
                        .build());
        row(
                ClusterServiceGrpc.getUpdateMemberMethod(),
                false,
                () -> UpdateMemberRequest.newBuilder()
                        .setMemberId(self)
                        .setPriority(0)
                        .build());
        row(
                MaintenanceServiceGrpc.getSetLogLevelMethod(),
                false,
                () -> SetLogLevelRequest.newBuilder().setLogger("ROOT").build());
        row(
                ClusterServiceGrpc.getPromoteMemberMethod(),
                false,
                () -> PromoteMemberRequest.newBuilder().setMemberId(self).build());
        row(ClusterServiceGrpc.getSetQuotaMethod(), true, this::quota);
        row(
                ClusterServiceGrpc.getDeleteQuotaMethod(),
                true,
                () -> DeleteQuotaRequest.newBuilder()
                        .setName(setQuota().getName())
                        .build());
        row(
                ClusterServiceGrpc.getGetQuotaMethod(),
                false,
                () -> GetQuotaRequest.newBuilder().setName(setQuota().getName()).build());
        row(
                ClusterServiceGrpc.getTransferLeadershipMethod(),
                false,
                () -> TransferLeadershipRequest.newBuilder().setMemberId(self).build());
        rows.put(
                ClusterServiceGrpc.getRemoveMemberMethod().getFullMethodName(),
                new Row(
                        false,
                        "FAILED_PRECONDITION",
                        () -> RemoveMemberRequest.newBuilder().setMemberId(self).build()));
        rows.put(
                ClusterServiceGrpc.getDemoteMemberMethod().getFullMethodName(),
                new Row(
                        false,
                        "FAILED_PRECONDITION",
                        () -> DemoteMemberRequest.newBuilder().setMemberId(self).build()));
    }

    private void readsOfTheServer() {
        row(ClusterServiceGrpc.getGetClusterInfoMethod(), false, GetClusterInfoRequest::getDefaultInstance);
        row(ClusterServiceGrpc.getListMembersMethod(), false, ListMembersRequest::getDefaultInstance);
        row(ClusterServiceGrpc.getListQuotasMethod(), false, ListQuotasRequest::getDefaultInstance);
        row(MaintenanceServiceGrpc.getGetMemberStatusMethod(), false, GetMemberStatusRequest::getDefaultInstance);
        row(MaintenanceServiceGrpc.getListAlarmsMethod(), false, ListAlarmsRequest::getDefaultInstance);
        row(MaintenanceServiceGrpc.getListLogLevelsMethod(), false, ListLogLevelsRequest::getDefaultInstance);
        row(MaintenanceServiceGrpc.getBackupMethod(), false, BackupRequest::getDefaultInstance);
        row(HealthGrpc.getCheckMethod(), false, HealthCheckRequest::getDefaultInstance);
        row(HealthGrpc.getWatchMethod(), false, HealthCheckRequest::getDefaultInstance);
        row(
                ServerReflectionGrpc.getServerReflectionInfoMethod(),
                false,
                () -> ServerReflectionRequest.newBuilder().setListServices("").build());
    }
}

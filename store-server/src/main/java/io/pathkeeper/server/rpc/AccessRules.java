package io.pathkeeper.server.rpc;

import io.grpc.MethodDescriptor;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.pathkeeper.server.acl.Verb;
import io.pathkeeper.server.auth.AuthPaths;
import io.pathkeeper.server.rpc.MethodRule.Audited;
import io.pathkeeper.server.rpc.MethodRule.Check;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.AuthServiceGrpc;
import io.pathkeeper.v1.CheckAccessRequest;
import io.pathkeeper.v1.ClusterServiceGrpc;
import io.pathkeeper.v1.ElectionServiceGrpc;
import io.pathkeeper.v1.ListLocksRequest;
import io.pathkeeper.v1.LockServiceGrpc;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveServiceGrpc;
import io.pathkeeper.v1.ObserveTarget;
import io.pathkeeper.v1.SessionServiceGrpc;
import io.pathkeeper.v1.StoreServiceGrpc;
import java.util.HashMap;
import java.util.Map;

/**
 * The one table of what each method asks of its caller. A method without a row cannot be served: the server does not start, and the test
 * that goes through the service descriptors fails. Immutable.
 */
final class AccessRules {
    private static final Map<String, MethodRule<?>> RULES = new HashMap<>();

    static {
        store();
        coordination();
        administration();
        add(ObserveServiceGrpc.getObserveMethod(), Audited.READS, AccessRules::observe);
        open(AuthServiceGrpc.getAuthenticateMethod(), Audited.SIGN_IN);
        open(AuthServiceGrpc.getChangePasswordMethod(), Audited.ADMINISTRATION);
        add(AuthServiceGrpc.getWhoAmIMethod(), Audited.READS, anybody());
        add(AuthServiceGrpc.getCheckAccessMethod(), Audited.READS, AccessRules::checkAccess);
        HealthGrpc.getServiceDescriptor()
                .getMethods()
                .forEach(method ->
                        RULES.put(method.getFullMethodName(), new MethodRule<>(true, Audited.READS, anybody())));
        add(ServerReflectionGrpc.getServerReflectionInfoMethod(), Audited.READS, anybody());
    }

    private AccessRules() {}

    /** The rule of a method. */
    static MethodRule<?> of(String fullMethodName) {
        MethodRule<?> rule = RULES.get(fullMethodName);
        if (rule == null) {
            throw new IllegalStateException("the method " + fullMethodName + " has no row in AccessRules");
        }
        return rule;
    }

    private static void store() {
        add(StoreServiceGrpc.getCreateMethod(), Audited.WRITES, OperationRules::create);
        add(StoreServiceGrpc.getSetMethod(), Audited.WRITES, OperationRules::set);
        add(StoreServiceGrpc.getPatchMethod(), Audited.WRITES, OperationRules::patch);
        add(StoreServiceGrpc.getDeleteMethod(), Audited.WRITES, OperationRules::delete);
        add(StoreServiceGrpc.getTransactMethod(), Audited.WRITES, OperationRules::transact);
        add(
                StoreServiceGrpc.getPipelineMethod(),
                Audited.READS,
                anybody()); // each operation is checked and audited by itself
        add(StoreServiceGrpc.getGetMethod(), Audited.READS, (a, r) -> a.require(Verb.READ, path(r.getPath())));
        add(StoreServiceGrpc.getBatchGetMethod(), Audited.READS, OperationRules::batchGet);
        add(StoreServiceGrpc.getListChildrenMethod(), Audited.READS, (a, r) -> a.require(Verb.READ, path(r.getPath())));
        add(StoreServiceGrpc.getScanSubtreeMethod(), Audited.READS, (a, r) -> a.require(Verb.READ, path(r.getPath())));
        add(StoreServiceGrpc.getSyncMethod(), Audited.READS, anybody());
    }

    private static void coordination() {
        // whoever has the secret of a session may use it
        add(SessionServiceGrpc.getCreateSessionMethod(), Audited.WRITES, anybody());
        add(SessionServiceGrpc.getKeepAliveMethod(), Audited.READS, anybody());
        add(SessionServiceGrpc.getRenewSessionMethod(), Audited.READS, anybody());
        add(SessionServiceGrpc.getCloseSessionMethod(), Audited.WRITES, anybody());
        add(SessionServiceGrpc.getGetSessionMethod(), Audited.READS, administrator());
        add(SessionServiceGrpc.getListSessionsMethod(), Audited.READS, administrator());
        add(SessionServiceGrpc.getListSessionNodesMethod(), Audited.READS, administrator());
        add(
                LockServiceGrpc.getAcquireLockMethod(),
                Audited.WRITES,
                (a, r) -> a.require(Verb.WRITE, path(r.getLock().getPath())));
        add(
                LockServiceGrpc.getTryAcquireLockMethod(),
                Audited.WRITES,
                (a, r) -> a.require(Verb.WRITE, path(r.getLock().getPath())));
        add(LockServiceGrpc.getReleaseLockMethod(), Audited.WRITES, (a, r) -> a.require(Verb.WRITE, path(r.getPath())));
        add(LockServiceGrpc.getGetLockMethod(), Audited.READS, (a, r) -> a.require(Verb.READ, path(r.getPath())));
        add(LockServiceGrpc.getListLocksMethod(), Audited.READS, AccessRules::listLocks);
        add(
                ElectionServiceGrpc.getCampaignMethod(),
                Audited.WRITES,
                (a, r) -> a.require(Verb.WRITE, path(r.getPath())));
        add(
                ElectionServiceGrpc.getProclaimMethod(),
                Audited.WRITES,
                (a, r) -> a.require(Verb.WRITE, path(r.getPath())));
        add(ElectionServiceGrpc.getResignMethod(), Audited.WRITES, (a, r) -> a.require(Verb.WRITE, path(r.getPath())));
        add(ElectionServiceGrpc.getGetLeaderMethod(), Audited.READS, (a, r) -> a.require(Verb.READ, path(r.getPath())));
        add(
                ElectionServiceGrpc.getObserveMethod(),
                Audited.READS,
                (a, r) -> a.require(Verb.OBSERVE, path(r.getPath())));
    }

    private static void administration() {
        // clients find the servers by these two
        add(ClusterServiceGrpc.getGetClusterInfoMethod(), Audited.READS, anybody());
        add(ClusterServiceGrpc.getListMembersMethod(), Audited.READS, anybody());
        add(ClusterServiceGrpc.getAddMemberMethod(), Audited.ADMINISTRATION, administrator());
        add(ClusterServiceGrpc.getRemoveMemberMethod(), Audited.ADMINISTRATION, administrator());
        add(ClusterServiceGrpc.getUpdateMemberMethod(), Audited.ADMINISTRATION, administrator());
        add(ClusterServiceGrpc.getReplaceMemberMethod(), Audited.ADMINISTRATION, administrator());
        add(ClusterServiceGrpc.getPromoteMemberMethod(), Audited.ADMINISTRATION, administrator());
        add(ClusterServiceGrpc.getDemoteMemberMethod(), Audited.ADMINISTRATION, administrator());
        add(ClusterServiceGrpc.getTransferLeadershipMethod(), Audited.ADMINISTRATION, administrator());
        add(ClusterServiceGrpc.getSetQuotaMethod(), Audited.ADMINISTRATION, administrator());
        add(ClusterServiceGrpc.getGetQuotaMethod(), Audited.READS, administrator());
        add(ClusterServiceGrpc.getListQuotasMethod(), Audited.READS, administrator());
        add(ClusterServiceGrpc.getDeleteQuotaMethod(), Audited.ADMINISTRATION, administrator());
        add(MaintenanceServiceGrpc.getGetMemberStatusMethod(), Audited.READS, administrator());
        add(MaintenanceServiceGrpc.getListAlarmsMethod(), Audited.READS, administrator());
        add(MaintenanceServiceGrpc.getSetLogLevelMethod(), Audited.ADMINISTRATION, administrator());
        add(MaintenanceServiceGrpc.getListLogLevelsMethod(), Audited.READS, administrator());
        // a backup holds the records of users and roles, the signing key among them
        add(MaintenanceServiceGrpc.getBackupMethod(), Audited.ADMINISTRATION, (access, request) -> {
            access.require(Verb.ADMIN, ZnodePath.ROOT);
            access.require(Verb.ADMIN, AuthPaths.TOP);
        });
        AuthServiceGrpc.getServiceDescriptor()
                .getMethods()
                .forEach(method -> RULES.put(
                        method.getFullMethodName(),
                        new MethodRule<>(
                                false,
                                method.getBareMethodName() != null
                                                && method.getBareMethodName().startsWith("List")
                                        ? Audited.READS
                                        : Audited.ADMINISTRATION,
                                (access, request) -> access.require(Verb.ADMIN, AuthPaths.TOP))));
    }

    private static <Q> void add(MethodDescriptor<Q, ?> method, Audited audited, Check<Q> check) {
        RULES.put(method.getFullMethodName(), new MethodRule<>(false, audited, check));
    }

    private static <Q> void open(MethodDescriptor<Q, ?> method, Audited audited) {
        RULES.put(method.getFullMethodName(), new MethodRule<Q>(true, audited, anybody()));
    }

    private static <Q> Check<Q> anybody() {
        return (access, request) -> {};
    }

    private static <Q> Check<Q> administrator() {
        return (access, request) -> access.require(Verb.ADMIN, ZnodePath.ROOT);
    }

    private static ZnodePath path(String text) {
        return FieldReader.path(text);
    }

    static void observe(Access access, ObserveRequest request) {
        int count = Math.min(request.getTargetsCount(), ObserveRequests.MAX_TARGETS);
        for (ObserveTarget target : request.getTargetsList().subList(0, count)) {
            access.require(Verb.OBSERVE, path(target.getPath()));
        }
    }

    private static void listLocks(Access access, ListLocksRequest request) {
        access.require(Verb.READ, request.getPath().isEmpty() ? ZnodePath.ROOT : path(request.getPath()));
    }

    private static void checkAccess(Access access, CheckAccessRequest request) {
        String principal = request.getPrincipal();
        if (!principal.isEmpty() && !principal.equals(access.identity().principal())) {
            access.require(Verb.ADMIN, AuthPaths.TOP);
        }
    }
}

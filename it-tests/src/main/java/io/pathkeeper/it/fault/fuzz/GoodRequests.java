package io.pathkeeper.it.fault.fuzz;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.pathkeeper.server.session.Session;
import java.util.Map;

/** For each call a request that a {@link ServerUnderFuzz} accepts, as it is when it was just made: dice seldom make one. */
final class GoodRequests {
    private static final String SECRET = "secret: \"" + "\\000".repeat(Session.SECRET_BYTES) + "\"";
    private static final String SESSION = "session { id: 1 " + SECRET + " }";
    private static final String LOCK =
            "lock { path: \"%s\" " + SESSION + " holder_id: \"h\" mode: LOCK_MODE_EXCLUSIVE }";
    private static final String ACCESS = "pathkeeper.v1.AuthService/";
    private static final String CLUSTER = "pathkeeper.v1.ClusterService/";
    private static final String ELECTION = "pathkeeper.v1.ElectionService/";
    private static final String LOCKS = "pathkeeper.v1.LockService/";
    private static final String SESSIONS = "pathkeeper.v1.SessionService/";
    private static final String STORE = "pathkeeper.v1.StoreService/";

    private static final Map<String, String> TEXTS = Map.ofEntries(
            Map.entry(ACCESS + "DeleteBinding", "name: \"b\""),
            Map.entry(ACCESS + "CheckAccess", "path: \"/a\" verb: VERB_READ principal: \"user:u\""),
            Map.entry(ACCESS + "CreateToken", "principal: \"app\" life_ms: 60000"),
            Map.entry(ACCESS + "DeleteUser", "name: \"v\""),
            Map.entry(ACCESS + "DeleteNamespace", "name: \"m\""),
            Map.entry(ACCESS + "DeleteRole", "name: \"r\""),
            Map.entry(ACCESS + "SetNamespace", "namespace { name: \"n\" path: \"/a\" }"),
            Map.entry(
                    ACCESS + "SetBinding", "binding { name: \"c\" role: \"q\" principals: \"user:u\" groups: \"g\" }"),
            Map.entry(ACCESS + "SetRole", "role { name: \"s\" rules { path: \"/a/**\" verbs: VERB_READ deny: true } }"),
            Map.entry(ACCESS + "SetUser", "name: \"u\" groups { names: \"g\" } disabled: true"),
            Map.entry(
                    CLUSTER + "AddMember",
                    "member_id: \"s2\" raft_address: \"127.0.0.1:3\" client_address: \"127.0.0.1:4\" listener: true"),
            Map.entry(CLUSTER + "DeleteQuota", "name: \"q\""),
            Map.entry(CLUSTER + "DemoteMember", "member_id: \"s1\""),
            Map.entry(CLUSTER + "PromoteMember", "member_id: \"s1\""),
            Map.entry(CLUSTER + "RemoveMember", "member_id: \"s1\""),
            Map.entry(CLUSTER + "UpdateMember", "member_id: \"s1\" priority: 3"),
            Map.entry(CLUSTER + "GetQuota", "name: \"k\""),
            Map.entry(
                    CLUSTER + "ReplaceMember",
                    "member_id: \"s1\" new_member_id: \"s2\" raft_address: \"127.0.0.1:3\" client_address: \"127.0.0.1:4\""),
            Map.entry(CLUSTER + "SetQuota", "quota { name: \"p\" path: \"/c\" max_znodes: 1000 max_bytes: 100000 }"),
            Map.entry(ELECTION + "Campaign", "path: \"/f\" " + SESSION + " candidate_id: \"h\" data { json: \"1\" }"),
            Map.entry(ELECTION + "GetLeader", "path: \"/e\""),
            Map.entry(ELECTION + "Observe", "path: \"/e\""),
            Map.entry(
                    ELECTION + "Proclaim",
                    "path: \"/e\" " + SESSION + " candidate_id: \"h\" term: " + ServerUnderFuzz.TERM_OF_ELECTION
                            + " data { json: \"1\" }"),
            Map.entry(
                    ELECTION + "Resign",
                    "path: \"/e\" " + SESSION + " candidate_id: \"h\" term: " + ServerUnderFuzz.TERM_OF_ELECTION),
            Map.entry(LOCKS + "GetLock", "path: \"/l\""),
            Map.entry(LOCKS + "AcquireLock", LOCK.formatted("/m")),
            Map.entry(
                    LOCKS + "ReleaseLock",
                    "path: \"/l\" " + SESSION + " holder_id: \"h\" token: " + ServerUnderFuzz.TOKEN_OF_LOCK),
            Map.entry(LOCKS + "TryAcquireLock", LOCK.formatted("/o") + " wait_ms: 1"),
            Map.entry(
                    "pathkeeper.v1.ObserveService/Observe",
                    "targets { path: \"/a\" scope: OBSERVE_SCOPE_SUBTREE } initial_state: true"),
            Map.entry(SESSIONS + "GetSession", "session_id: 1"),
            Map.entry(SESSIONS + "KeepAlive", "sessions { id: 1 " + SECRET + " } sessions { id: 99 }"),
            Map.entry(SESSIONS + "ListSessionNodes", "session_id: 1"),
            Map.entry(SESSIONS + "RenewSession", SESSION),
            Map.entry(SESSIONS + "CloseSession", "session { id: 2 " + SECRET + " }"),
            Map.entry(STORE + "Create", "path: \"/a/n\" data { json: \"[1]\" } kind: ZNODE_KIND_EPHEMERAL " + SESSION),
            Map.entry(STORE + "BatchGet", "paths: \"/a\" paths: \"/none\""),
            Map.entry(STORE + "Get", "path: \"/a/b\" value_format: VALUE_FORMAT_JSON"),
            Map.entry(STORE + "ListChildren", "path: \"/a\" page_size: 1"),
            Map.entry(STORE + "ScanSubtree", "path: \"/\""),
            Map.entry(STORE + "Set", "path: \"/c\" data { raw: \"x\" } return_previous: true"),
            Map.entry(STORE + "Delete", "path: \"/q\" return_previous: true"),
            Map.entry(
                    STORE + "Patch",
                    "path: \"/c\" operations { type: TYPE_SET pointer: \"/a\" value { json: \"2\" } } return_data: true"),
            Map.entry(
                    STORE + "Pipeline",
                    "client_id: \"c\" operations { correlation_id: 1 set { path: \"/c\" data { json: \"3\" } } }"
                            + " operations { correlation_id: 2 get { path: \"/c\" } }"));

    private GoodRequests() {}

    /** The good request of a call; one without any field where that is good. */
    static byte[] of(ApiCall call) {
        Message.Builder request = call.request().newBuilderForType();
        try {
            TextFormat.merge(TEXTS.getOrDefault(call.method(), ""), request);
        } catch (TextFormat.ParseException e) {
            throw new IllegalStateException("the good request of " + call.method(), e);
        }
        return request.build().toByteArray();
    }
}

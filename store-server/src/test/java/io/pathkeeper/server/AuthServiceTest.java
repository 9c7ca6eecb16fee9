package io.pathkeeper.server;

import static io.pathkeeper.server.AuthCluster.allow;
import static io.pathkeeper.server.AuthCluster.deny;
import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.v1.AcquireLockRequest;
import io.pathkeeper.v1.AcquireLockResponse;
import io.pathkeeper.v1.AuthServiceGrpc;
import io.pathkeeper.v1.AuthServiceGrpc.AuthServiceBlockingStub;
import io.pathkeeper.v1.BatchGetRequest;
import io.pathkeeper.v1.ChangePasswordRequest;
import io.pathkeeper.v1.CheckAccessRequest;
import io.pathkeeper.v1.CheckAccessResponse;
import io.pathkeeper.v1.Child;
import io.pathkeeper.v1.Condition;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.CreateSessionRequest;
import io.pathkeeper.v1.CredentialKind;
import io.pathkeeper.v1.DeleteBindingRequest;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.DeleteTokenRequest;
import io.pathkeeper.v1.DeleteUserRequest;
import io.pathkeeper.v1.Event;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.ListChildrenRequest;
import io.pathkeeper.v1.ListUsersRequest;
import io.pathkeeper.v1.ListUsersResponse;
import io.pathkeeper.v1.LockRequest;
import io.pathkeeper.v1.LockServiceGrpc;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveScope;
import io.pathkeeper.v1.ObserveServiceGrpc;
import io.pathkeeper.v1.ObserveTarget;
import io.pathkeeper.v1.ScanSubtreeRequest;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.SessionServiceGrpc;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.SetUserRequest;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.StoreServiceGrpc.StoreServiceBlockingStub;
import io.pathkeeper.v1.TransactOperation;
import io.pathkeeper.v1.TransactRequest;
import io.pathkeeper.v1.Verb;
import io.pathkeeper.v1.WhoAmIRequest;
import io.pathkeeper.v1.WhoAmIResponse;
import io.pathkeeper.v1.Znode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Users, roles, tokens and what they lead to, on a whole server that all tests share: each leaves it empty. */
@Timeout(120)
class AuthServiceTest {
    private static final Verb[] CHANGES = {Verb.VERB_CREATE, Verb.VERB_WRITE, Verb.VERB_DELETE};

    @TempDir
    private static Path dir;

    private static AuthCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = new AuthCluster(dir, Map.of());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void clear() {
        cluster.clear();
    }

    private StoreServiceBlockingStub store(String token) {
        return StoreServiceGrpc.newBlockingStub(cluster.as(token)).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private AuthServiceBlockingStub auth(String token) {
        return AuthServiceGrpc.newBlockingStub(cluster.as(token)).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private static CreateRequest create(String path) {
        return CreateRequest.newBuilder().setPath(path).setCreateParents(true).build();
    }

    private static GetRequest get(String path) {
        return GetRequest.newBuilder().setPath(path).build();
    }

    private void user(String name, String password, String... groups) {
        cluster.user(name, password, groups);
    }

    private String signIn(String name, String password) {
        return cluster.signIn(name, password);
    }

    @Test
    void aPasswordIsExchangedForATokenThatEndsWithThePassword() {
        user("alice", "correct horse", "ops");
        String token = signIn("alice", "correct horse");

        WhoAmIResponse who = auth(token).whoAmI(WhoAmIRequest.getDefaultInstance());
        assertThat(who.getPrincipal()).isEqualTo("alice");
        assertThat(who.getKind()).isEqualTo(CredentialKind.CREDENTIAL_KIND_PASSWORD);
        assertThat(who.getGroupsList()).containsExactly("ops");
        assertThat(who.getExpiresAtMs()).isPositive();
        assertThat(Reasons.of(() -> signIn("alice", "wrong horse"))).isEqualTo("SIGN_IN_FAILED");
        assertThat(Reasons.of(() -> signIn("nobody", "correct horse"))).isEqualTo("SIGN_IN_FAILED");

        auth("").changePassword(ChangePasswordRequest.newBuilder()
                .setUser("alice")
                .setOldPassword("correct horse")
                .setNewPassword("battery staple")
                .build());
        assertThat(Reasons.of(() -> auth(token).whoAmI(WhoAmIRequest.getDefaultInstance())))
                .isEqualTo("TOKEN_INVALID");
        assertThat(Reasons.of(() -> signIn("alice", "correct horse"))).isEqualTo("SIGN_IN_FAILED");
        assertThat(signIn("alice", "battery staple")).startsWith("pks1.");
    }

    @Test
    void aChangeOfRolesCountsFromTheNextRequestAndTokensStay() {
        String token = cluster.token("alice");
        store(AuthCluster.ROOT).create(create("/app/x"));
        assertThat(Reasons.of(() -> store(token).get(get("/app/x")))).isEqualTo("DENIED");

        cluster.grant("app", "alice", allow("/app", Verb.VERB_READ));
        assertThat(store(token).get(get("/app/x")).getPath()).isEqualTo("/app/x");

        cluster.grant("app", "alice", allow("/app", Verb.VERB_READ), deny("/app/x", Verb.VERB_READ));
        var denied = Reasons.info(() -> store(token).get(get("/app/x")));
        assertThat(denied.getMetadataMap())
                .containsEntry("principal", "alice")
                .containsEntry("verb", "READ")
                .containsEntry("path", "/app/x")
                .containsEntry("method", "pathkeeper.v1.StoreService/Get");
        assertThat(store(token).get(get("/app")).getPath()).isEqualTo("/app");
    }

    @Test
    void disabledAndDeletedCredentialsCountNoMore() {
        user("alice", "correct horse");
        String signedIn = signIn("alice", "correct horse");
        String made = cluster.token("alice");
        cluster.root()
                .setUser(SetUserRequest.newBuilder()
                        .setName("alice")
                        .setDisabled(true)
                        .build());
        for (String token : List.of(signedIn, made)) {
            assertThat(Reasons.of(() -> auth(token).whoAmI(WhoAmIRequest.getDefaultInstance())))
                    .isEqualTo("TOKEN_INVALID");
        }
        cluster.root()
                .setUser(SetUserRequest.newBuilder()
                        .setName("alice")
                        .setDisabled(false)
                        .build());
        assertThat(auth(made).whoAmI(WhoAmIRequest.getDefaultInstance()).getPrincipal())
                .isEqualTo("alice");

        cluster.root()
                .deleteUser(DeleteUserRequest.newBuilder().setName("alice").build());
        assertThat(Reasons.of(() -> auth(signedIn).whoAmI(WhoAmIRequest.getDefaultInstance())))
                .isEqualTo("TOKEN_INVALID");
        cluster.root()
                .deleteToken(DeleteTokenRequest.newBuilder()
                        .setId(made.split("\\.")[1])
                        .build());
        assertThat(Reasons.of(() -> auth(made).whoAmI(WhoAmIRequest.getDefaultInstance())))
                .isEqualTo("TOKEN_INVALID");
    }

    @Test
    void templatesStandForThePrincipal() {
        cluster.root();
        cluster.grant("own", "alice", allow("/users/${principal}", CHANGES));
        cluster.bind("own", "ali");
        String alice = cluster.token("alice");
        String ali = cluster.token("ali");
        store(AuthCluster.ROOT).create(create("/users"));

        assertThat(store(alice).create(create("/users/alice/x")).getPath()).isEqualTo("/users/alice/x");
        assertThat(Reasons.of(() -> store(ali).create(create("/users/alice/y"))))
                .isEqualTo("DENIED");
        // a sequential name has digits behind the prefix: it is no longer the principal's
        assertThat(Reasons.of(() -> store(ali)
                        .create(CreateRequest.newBuilder()
                                .setPath("/users/ali")
                                .setSequential(true)
                                .build())))
                .isEqualTo("DENIED");
        for (String trick : List.of(
                "/users/ali/../alice/y",
                "/users/./alice",
                "/users/ali/",
                "users/ali",
                "/users//ali",
                "/users/%61lice")) {
            assertThat(Reasons.of(() -> store(ali).create(create(trick))))
                    .as(trick)
                    .isIn("DENIED", "PATH_INVALID");
        }
        // letters that look alike, or are written in another way, are other letters
        assertThat(Reasons.of(() -> store(ali).create(create("/users/\u0430li/x"))))
                .isEqualTo("DENIED");
        assertThat(Reasons.of(() -> store(ali).create(create("/users/ALI/x")))).isEqualTo("DENIED");
    }

    @Test
    void listingsShowOnlyWhatMayBeRead() {
        for (String path : List.of("/app/a", "/app/secret/x", "/app/z")) {
            store(AuthCluster.ROOT).create(create(path));
        }
        cluster.grant("app", "alice", allow("/", Verb.VERB_READ), deny("/app/secret", Verb.VERB_READ));
        String token = cluster.token("alice");

        assertThat(store(token)
                        .listChildren(
                                ListChildrenRequest.newBuilder().setPath("/app").build())
                        .getChildrenList())
                .extracting(Child::getName)
                .containsExactly("a", "z");
        List<String> scanned = new ArrayList<>();
        store(token)
                .scanSubtree(ScanSubtreeRequest.newBuilder().setPath("/").build())
                .forEachRemaining(chunk ->
                        chunk.getZnodesList().stream().map(Znode::getPath).forEach(scanned::add));
        assertThat(scanned).containsExactly("/", "/app", "/app/a", "/app/z");
        assertThat(Reasons.of(() -> store(token)
                        .batchGet(BatchGetRequest.newBuilder()
                                .addPaths("/app/a")
                                .addPaths("/app/secret/x")
                                .build())))
                .isEqualTo("DENIED");
    }

    @Test
    void recordsOfUsersAreNoZnodesForAnybody() {
        user("alice", "correct horse");
        StoreServiceBlockingStub root = store(AuthCluster.ROOT);

        assertThat(Reasons.of(() -> root.get(get("/_sys/auth/users/alice")))).isEqualTo("DENIED");
        assertThat(Reasons.of(() -> root.listChildren(
                        ListChildrenRequest.newBuilder().setPath("/_sys/auth").build())))
                .isEqualTo("DENIED");
        assertThat(Reasons.of(() -> root.set(SetRequest.newBuilder()
                        .setPath("/_sys/auth/users/alice")
                        .build())))
                .isEqualTo("DENIED");
        assertThat(Reasons.of(() -> root.transact(TransactRequest.newBuilder()
                        .addOtherwise(TransactOperation.newBuilder().setGet(get("/_sys/auth/signing-key")))
                        .build())))
                .isEqualTo("DENIED");
        assertThat(Reasons.of(() -> root.transact(TransactRequest.newBuilder()
                        .addConditions(Condition.newBuilder()
                                .setPath("/_sys/auth/users/bob")
                                .setExists(true))
                        .build())))
                .isEqualTo("DENIED");
        List<String> scanned = new ArrayList<>();
        root.scanSubtree(ScanSubtreeRequest.newBuilder().setPath("/").build())
                .forEachRemaining(chunk ->
                        chunk.getZnodesList().stream().map(Znode::getPath).forEach(scanned::add));
        assertThat(scanned).containsExactly("/", "/_sys");
        assertThat(Reasons.of(() -> root.create(create("/_sys/x")))).isEqualTo("PATH_INVALID");
    }

    @Test
    void whatShowsAValueNeedsRead() {
        store(AuthCluster.ROOT).create(create("/app/x"));
        cluster.grant("w", "alice", allow("/app", CHANGES));
        StoreServiceBlockingStub alice = store(cluster.token("alice"));
        SetRequest set = SetRequest.newBuilder().setPath("/app/x").build();

        assertThat(alice.set(set).getChanged()).isTrue();
        assertThat(Reasons.of(
                        () -> alice.set(set.toBuilder().setReturnPrevious(true).build())))
                .isEqualTo("DENIED");
        assertThat(Reasons.of(() -> alice.transact(TransactRequest.newBuilder()
                        .addConditions(Condition.newBuilder().setPath("/app/x").setExists(true))
                        .addThen(TransactOperation.newBuilder().setSet(set))
                        .build())))
                .isEqualTo("DENIED");
    }

    @Test
    void aDeletionOfASubtreeNeedsTheRightToAllOfIt() {
        store(AuthCluster.ROOT).create(create("/app/a/b"));
        cluster.grant("w", "alice", allow("/app", CHANGES), deny("/app/a/b", Verb.VERB_DELETE));
        StoreServiceBlockingStub alice = store(cluster.token("alice"));
        DeleteRequest all =
                DeleteRequest.newBuilder().setPath("/app/a").setRecursive(true).build();

        assertThat(Reasons.of(() -> alice.delete(all))).isEqualTo("DENIED");
        cluster.grant("w", "alice", allow("/app", CHANGES));
        assertThat(alice.delete(all).getDeletedCount()).isEqualTo(2);
    }

    @Test
    void parentsThatAreCreatedNeedTheRightToo() {
        cluster.grant("w", "alice", allow("/a/b", CHANGES));
        StoreServiceBlockingStub alice = store(cluster.token("alice"));

        assertThat(Reasons.of(() -> alice.create(create("/a/b/c")))).isEqualTo("DENIED");
        store(AuthCluster.ROOT).create(create("/a"));
        assertThat(alice.create(create("/a/b/c")).getPath()).isEqualTo("/a/b/c");
    }

    @Test
    void observersAreToldOnlyWhatTheyMayAndEndWhenTheRightGoes() {
        cluster.grant("o", "alice", allow("/app", Verb.VERB_OBSERVE), deny("/app/secret", Verb.VERB_OBSERVE));
        store(AuthCluster.ROOT).create(create("/app"));
        Iterator<ObserveResponse> frames = ObserveServiceGrpc.newBlockingStub(cluster.as(cluster.token("alice")))
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .observe(ObserveRequest.newBuilder()
                        .addTargets(
                                ObserveTarget.newBuilder().setPath("/app").setScope(ObserveScope.OBSERVE_SCOPE_SUBTREE))
                        .build());
        assertThat(frames.next().hasCreated()).isTrue();
        store(AuthCluster.ROOT).create(create("/app/secret"));
        store(AuthCluster.ROOT).create(create("/app/seen"));
        assertThat(frames.next().getEvents().getEventsList())
                .extracting(Event::getPath)
                .containsExactly("/app/seen");

        // nothing happens at the target: the observation ends all the same
        cluster.root()
                .deleteBinding(
                        DeleteBindingRequest.newBuilder().setName("o-alice").build());
        assertThat(Reasons.of(frames::next)).isEqualTo("DENIED");
    }

    @Test
    void whoeverWaitsForALockIsSentAwayWhenTheTokenIsTakenBack() throws Exception {
        cluster.grant("w", "alice", allow("/locks", CHANGES));
        String token = cluster.token("alice");
        SessionKey holder = session(AuthCluster.ROOT);
        AcquireLockRequest.Builder lock = AcquireLockRequest.newBuilder();
        lock(AuthCluster.ROOT, lock, holder).next();
        Iterator<AcquireLockResponse> waiting = lock(token, lock, session(token));
        assertThat(waiting.next().hasQueued()).isTrue();

        CompletableFuture<String> end = CompletableFuture.supplyAsync(() -> Reasons.of(waiting::next));
        cluster.root()
                .deleteToken(DeleteTokenRequest.newBuilder()
                        .setId(token.split("\\.")[1])
                        .build());
        assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo("TOKEN_INVALID");
    }

    private SessionKey session(String token) {
        return SessionServiceGrpc.newBlockingStub(cluster.as(token))
                .createSession(
                        CreateSessionRequest.newBuilder().setTimeoutMs(60_000).build())
                .getSession();
    }

    private Iterator<AcquireLockResponse> lock(String token, AcquireLockRequest.Builder lock, SessionKey session) {
        return LockServiceGrpc.newBlockingStub(cluster.as(token))
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .acquireLock(lock.setLock(
                                LockRequest.newBuilder().setPath("/locks/l").setSession(session))
                        .build());
    }

    @Test
    void theLastAdministratorCannotBeRemoved() {
        user("alice", "correct horse");
        cluster.bind("admin", "alice");
        cluster.unbind(AuthCluster.KEEPER_BINDING);
        AuthServiceBlockingStub alice = auth(signIn("alice", "correct horse"));

        assertThat(Reasons.of(() -> alice.deleteBinding(
                        DeleteBindingRequest.newBuilder().setName("admin-alice").build())))
                .isEqualTo("LAST_ADMINISTRATOR");
        assertThat(Reasons.of(() -> alice.setUser(SetUserRequest.newBuilder()
                        .setName("alice")
                        .setDisabled(true)
                        .build())))
                .isEqualTo("LAST_ADMINISTRATOR");
        user("bob", "another horse");
        cluster.bind("admin", "bob");
        alice.deleteBinding(
                DeleteBindingRequest.newBuilder().setName("admin-alice").build());
        assertThat(Reasons.of(() -> alice.listUsers(ListUsersRequest.getDefaultInstance())))
                .isEqualTo("DENIED");
    }

    @Test
    void accessIsExplained() {
        cluster.grant("app", "alice", allow("/app", Verb.VERB_READ), deny("/app/secret", Verb.VERB_READ));
        CheckAccessRequest about = CheckAccessRequest.newBuilder()
                .setPath("/app/secret/x")
                .setVerb(Verb.VERB_READ)
                .build();

        CheckAccessResponse own = auth(cluster.token("alice")).checkAccess(about);
        assertThat(own.getAllowed()).isFalse();
        assertThat(own.getRole()).isEqualTo("app");
        assertThat(own.getRule().getPath()).isEqualTo("/app/secret");
        assertThat(own.getRule().getDeny()).isTrue();
        CheckAccessResponse others = cluster.root()
                .checkAccess(about.toBuilder()
                        .setPath("/app/y")
                        .setPrincipal("alice")
                        .build());
        assertThat(others.getAllowed()).isTrue();
        assertThat(others.getExplanation()).contains("app").contains("allows");
        assertThat(Reasons.of(() -> auth(cluster.token("alice"))
                        .checkAccess(about.toBuilder().setPrincipal("bob").build())))
                .isEqualTo("DENIED");
        assertThat(cluster.root()
                        .checkAccess(
                                about.toBuilder().setPath("/_sys/auth/users").build())
                        .getAllowed())
                .isFalse();
    }

    @Test
    void recordsAreListedInPages() {
        for (int i = 0; i < 5; i++) {
            cluster.root().setUser(SetUserRequest.newBuilder().setName("u" + i).build());
        }
        List<String> names = new ArrayList<>();
        String token = "";
        do {
            ListUsersResponse page = cluster.root()
                    .listUsers(ListUsersRequest.newBuilder()
                            .setPageSize(2)
                            .setPageToken(token)
                            .build());
            assertThat(page.getUsersCount()).isLessThanOrEqualTo(2);
            page.getUsersList().forEach(user -> names.add(user.getName()));
            token = page.getNextPageToken();
        } while (!token.isEmpty());

        assertThat(names).containsExactly("u0", "u1", "u2", "u3", "u4");
    }

    @Test
    void failedSignInsAreLimited(@TempDir Path own) throws Exception {
        try (AuthCluster alone = new AuthCluster(own, Map.of())) { // the others sign in from the same address
            alone.user("alice", "correct horse");
            String last = "";
            for (int i = 0; i < 30 && !last.equals("SIGN_IN_LIMITED"); i++) {
                last = Reasons.of(() -> alone.signIn("alice", "wrong horse"));
            }

            assertThat(last).isEqualTo("SIGN_IN_LIMITED");
            assertThat(Reasons.of(() -> alone.signIn("alice", "correct horse"))).isEqualTo("SIGN_IN_LIMITED");
        }
    }
}

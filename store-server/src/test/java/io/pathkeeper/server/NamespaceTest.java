package io.pathkeeper.server;

import static io.pathkeeper.server.AuthCluster.allow;
import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.v1.BatchGetRequest;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.ListChildrenRequest;
import io.pathkeeper.v1.ListLocksRequest;
import io.pathkeeper.v1.LockServiceGrpc;
import io.pathkeeper.v1.Namespace;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveScope;
import io.pathkeeper.v1.ObserveServiceGrpc;
import io.pathkeeper.v1.ObserveTarget;
import io.pathkeeper.v1.ScanSubtreeRequest;
import io.pathkeeper.v1.SetNamespaceRequest;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.StoreServiceGrpc.StoreServiceBlockingStub;
import io.pathkeeper.v1.TransactOperation;
import io.pathkeeper.v1.TransactRequest;
import io.pathkeeper.v1.Verb;
import io.pathkeeper.v1.Znode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A call in a namespace sees a part of the tree as the whole, and nothing else. */
@Timeout(120)
class NamespaceTest {
    @TempDir
    private static Path dir;

    private static AuthCluster cluster;
    private StoreServiceBlockingStub inside;
    private StoreServiceBlockingStub root;
    private String token;

    @BeforeAll
    static void start() throws Exception {
        cluster = new AuthCluster(dir, Map.of());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void fill() {
        cluster.clear();
        Verb[] all = {Verb.VERB_READ, Verb.VERB_OBSERVE, Verb.VERB_CREATE, Verb.VERB_WRITE, Verb.VERB_DELETE};
        cluster.grant("a", "alice", allow("/tenants/a", all));
        token = cluster.token("alice");
        for (String name : List.of("a", "b")) {
            cluster.root()
                    .setNamespace(SetNamespaceRequest.newBuilder()
                            .setNamespace(Namespace.newBuilder().setName(name).setPath("/tenants/" + name))
                            .build());
        }
        root = StoreServiceGrpc.newBlockingStub(cluster.as(AuthCluster.ROOT));
        inside = in("a");
        root.create(create("/tenants/a"));
        root.create(create("/tenants/ab"));
    }

    private StoreServiceBlockingStub in(String namespace) {
        return StoreServiceGrpc.newBlockingStub(
                        cluster.with(Map.of("authorization", "Bearer " + token, "pathkeeper-namespace", namespace)))
                .withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private static CreateRequest create(String path) {
        return CreateRequest.newBuilder().setPath(path).setCreateParents(true).build();
    }

    @Test
    void pathsAreOfTheNamespaceBothWays() throws Exception {
        assertThat(inside.create(create("/x/y")).getPath()).isEqualTo("/x/y");
        assertThat(root.get(GetRequest.newBuilder().setPath("/tenants/a/x/y").build())
                        .getPath())
                .isEqualTo("/tenants/a/x/y");
        assertThat(inside.create(create("/").toBuilder().setSequential(true).build())
                        .getPath())
                .isEqualTo("/0000000000");
        assertThat(inside.listChildren(
                                ListChildrenRequest.newBuilder().setPath("/").build())
                        .getChildrenCount())
                .isEqualTo(2);
        List<String> scanned = new ArrayList<>();
        inside.scanSubtree(ScanSubtreeRequest.newBuilder().setPath("/").build())
                .forEachRemaining(chunk ->
                        chunk.getZnodesList().stream().map(Znode::getPath).forEach(scanned::add));
        assertThat(scanned).containsExactly("/", "/0000000000", "/x", "/x/y");
        assertThat(inside.batchGet(BatchGetRequest.newBuilder()
                                .addPaths("/x")
                                .addPaths("/no")
                                .build())
                        .getResultsList())
                .extracting(result -> result.getPath() + result.getZnode().getPath())
                .containsExactly("/x/x", "/no");
        assertThat(inside.transact(TransactRequest.newBuilder()
                                .addOtherwise(TransactOperation.newBuilder()
                                        .setGet(GetRequest.newBuilder().setPath("/x")))
                                .addThen(TransactOperation.newBuilder().setCreate(create("/t")))
                                .build())
                        .getResults(0)
                        .getCreate()
                        .getPath())
                .isEqualTo("/t");
        assertThat(LockServiceGrpc.newBlockingStub(
                                cluster.with(Map.of("authorization", "Bearer " + token, "pathkeeper-namespace", "a")))
                        .listLocks(ListLocksRequest.getDefaultInstance())
                        .getLocksCount())
                .isZero();
        assertThat(Files.readString(cluster.auditFile)).contains("\"namespace\":\"a\",\"path\":\"/tenants/a/x/y\"");
    }

    @Test
    void nothingOfTheRootIsShownInErrors() {
        var missing = Reasons.info(
                () -> inside.get(GetRequest.newBuilder().setPath("/tenants").build()));
        assertThat(missing.getReason()).isEqualTo("NODE_NOT_FOUND");
        assertThat(missing.getMetadataMap()).containsEntry("path", "/tenants");
        for (String path : List.of("/../b", "/./x", "//x", "", "x", "/x/")) {
            assertThat(Reasons.of(() ->
                            inside.get(GetRequest.newBuilder().setPath(path).build())))
                    .as(path)
                    .isEqualTo("PATH_INVALID");
        }
        assertThat(Reasons.of(() -> inside.delete(DeleteRequest.newBuilder()
                        .setPath("/")
                        .setRecursive(true)
                        .build())))
                .isEqualTo("DENIED");
    }

    @Test
    void rolesDecideWhichNamespacesCanBeUsed() {
        assertThat(Reasons.of(() -> in("b").create(create("/x")))).isEqualTo("DENIED");
        assertThat(Reasons.of(() -> in("c").create(create("/x")))).isEqualTo("NAMESPACE_NOT_FOUND");
        assertThat(Reasons.of(() -> in("").create(create("/x")))).isEqualTo("NAMESPACE_NOT_FOUND");
        assertThat(Reasons.of(() -> in("../a").create(create("/x")))).isEqualTo("NAMESPACE_NOT_FOUND");
    }

    @Test
    void observersSeeTheNamespace() {
        Iterator<ObserveResponse> frames = ObserveServiceGrpc.newBlockingStub(
                        cluster.with(Map.of("authorization", "Bearer " + token, "pathkeeper-namespace", "a")))
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .observe(ObserveRequest.newBuilder()
                        .addTargets(
                                ObserveTarget.newBuilder().setPath("/").setScope(ObserveScope.OBSERVE_SCOPE_SUBTREE))
                        .build());
        assertThat(frames.next().hasCreated()).isTrue();
        root.create(create("/tenants/ab/hidden"));
        root.create(create("/tenants/a/seen"));
        assertThat(frames.next().getEvents().getEvents(0).getPath()).isEqualTo("/seen");
    }
}

package io.pathkeeper.server;

import static io.pathkeeper.server.AuthCluster.allow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.rpc.QuotaFailure;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.pathkeeper.v1.ClusterServiceGrpc;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.Namespace;
import io.pathkeeper.v1.Quota;
import io.pathkeeper.v1.SetNamespaceRequest;
import io.pathkeeper.v1.SetQuotaRequest;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.StoreServiceGrpc.StoreServiceBlockingStub;
import io.pathkeeper.v1.Verb;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a caller is not told whose write a quota refuses, and that it is told even of the longest path; the rest is in {@link QuotaWireTest}. */
@Timeout(120)
class QuotaErrorsTest {
    @TempDir
    private static Path dir;

    private static AuthCluster cluster;
    private static StoreServiceBlockingStub root;

    @BeforeAll
    static void start() throws Exception {
        cluster = new AuthCluster(dir, Map.of());
        root = StoreServiceGrpc.newBlockingStub(cluster.as(AuthCluster.ROOT)).withDeadlineAfter(60, TimeUnit.SECONDS);
        root.create(create("/tenants/secret"));
        ClusterServiceGrpc.newBlockingStub(cluster.as(AuthCluster.ROOT))
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .setQuota(SetQuotaRequest.newBuilder()
                        .setQuota(Quota.newBuilder()
                                .setName("small")
                                .setPath("/tenants/secret")
                                .setMaxZnodes(1))
                        .build());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static CreateRequest create(String path) {
        return CreateRequest.newBuilder().setPath(path).setCreateParents(true).build();
    }

    private static Status refused(StoreServiceBlockingStub stub, String path) {
        StatusRuntimeException thrown =
                catchThrowableOfType(StatusRuntimeException.class, () -> stub.create(create(path)));
        assertThat(thrown).as("nothing refused %s", path).isNotNull();
        Status status = StatusProto.fromThrowable(thrown);
        assertThat(status).isNotNull();
        return status;
    }

    private static QuotaFailure failure(Status status) throws Exception {
        for (Any detail : status.getDetailsList()) {
            if (detail.is(QuotaFailure.class)) {
                return detail.unpack(QuotaFailure.class);
            }
        }
        throw new AssertionError("no QuotaFailure in " + status);
    }

    /** Whoever is in a namespace learns nothing of where it stands, from no part of the error. */
    @Test
    void whoIsInANamespaceIsToldNoPathOfTheWholeTree() {
        cluster.grant("t", "tenant", allow("/tenants/secret", Verb.VERB_CREATE, Verb.VERB_READ, Verb.VERB_WRITE));
        cluster.root()
                .setNamespace(SetNamespaceRequest.newBuilder()
                        .setNamespace(Namespace.newBuilder().setName("t").setPath("/tenants/secret"))
                        .build());
        StoreServiceBlockingStub inside = StoreServiceGrpc.newBlockingStub(cluster.with(
                        Map.of("authorization", "Bearer " + cluster.token("tenant"), "pathkeeper-namespace", "t")))
                .withDeadlineAfter(60, TimeUnit.SECONDS);

        Status status = refused(inside, "/x");

        assertThat(status.getMessage()).contains("writing /x would add 1");
        assertThat(status.toByteString().toStringUtf8()).doesNotContain("secret");
    }

    /** The trailers of HTTP/2, in which errors travel, take 8 KiB; what is longer would come as an error of the transport. */
    @Test
    void theLongestPathThatIsRefusedComesWithItsReason() throws Exception {
        String path = "/tenants/secret" + ("/" + "\u0436".repeat(62)).repeat(8);
        assertThat(path.getBytes(java.nio.charset.StandardCharsets.UTF_8)).hasSizeBetween(1_000, 1_024);

        assertThat(failure(refused(root, path)).getViolations(0).getSubject()).isEqualTo("quota:small");
    }
}

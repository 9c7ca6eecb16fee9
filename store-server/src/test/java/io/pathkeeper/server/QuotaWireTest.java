package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.QuotaFailure;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.pathkeeper.server.config.ConfigLoader;
import io.pathkeeper.v1.ClusterServiceGrpc;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.DeleteQuotaRequest;
import io.pathkeeper.v1.Quota;
import io.pathkeeper.v1.SetQuotaRequest;
import io.pathkeeper.v1.StoreServiceGrpc;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole server with a quota: what its clients and its operator see of it. */
@Timeout(120)
class QuotaWireTest {
    private PathkeeperServer server;
    private ManagedChannel channel;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        server = PathkeeperServer.start(new ConfigLoader()
                .set("data.dir", directory.resolve("data").toString(), "test")
                .set("client.listen", "127.0.0.1:0", "test")
                .set("raft.listen", "127.0.0.1:0", "test")
                .set("http.listen", "127.0.0.1:0", "test")
                .set("raft.election_timeout_min", "50ms", "test")
                .set("raft.election_timeout_max", "100ms", "test")
                .load());
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(server::isReady);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.clientPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    private ClusterServiceGrpc.ClusterServiceBlockingStub cluster() {
        return ClusterServiceGrpc.newBlockingStub(channel);
    }

    private void create(String path) {
        StoreServiceGrpc.newBlockingStub(channel)
                .create(CreateRequest.newBuilder().setPath(path).build());
    }

    private void letAppsHave(long znodes) {
        cluster()
                .setQuota(SetQuotaRequest.newBuilder()
                        .setQuota(Quota.newBuilder()
                                .setName("apps")
                                .setPath("/app")
                                .setMaxZnodes(znodes))
                        .build());
    }

    private List<String> metered() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + "/metrics"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith("pathkeeper_quota_"))
                .sorted()
                .toList();
    }

    private static void eventually(org.awaitility.core.ThrowingRunnable check) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(check);
    }

    @Test
    void aWriteBeyondItNamesTheQuotaWhatIsUsedAndTheLimit() throws Exception {
        letAppsHave(2);
        create("/app");
        create("/app/one");

        StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, () -> create("/app/two"));

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        List<Any> details = StatusProto.fromThrowable(refused).getDetailsList();
        ErrorInfo info = details.get(0).unpack(ErrorInfo.class);
        assertThat(info.getReason()).isEqualTo("QUOTA_EXCEEDED");
        assertThat(info.getMetadataMap())
                .containsAllEntriesOf(
                        Map.of("path", "/app/two", "quota", "apps", "kind", "znodes", "used", "2", "limit", "2"));
        assertThat(details.get(1).unpack(QuotaFailure.class).getViolations(0)).satisfies(violation -> {
            assertThat(violation.getSubject()).isEqualTo("quota:apps");
            assertThat(violation.getDescription()).isEqualTo("znodes: 2 used; the limit is 2");
        });
        assertThat(refused.getStatus().getDescription()).contains("2 znodes", "/app/two");
    }

    @Test
    void itsValuesStandInTheMetricsForAsLongAsItDoes() {
        letAppsHave(2);
        eventually(() -> assertThat(metered())
                .containsExactly(
                        "pathkeeper_quota_limit{kind=\"znodes\",name=\"apps\"} 2.0",
                        "pathkeeper_quota_used{kind=\"znodes\",name=\"apps\"} 0.0"));
        create("/app");
        letAppsHave(5);
        eventually(() -> assertThat(metered())
                .containsExactly(
                        "pathkeeper_quota_limit{kind=\"znodes\",name=\"apps\"} 5.0",
                        "pathkeeper_quota_used{kind=\"znodes\",name=\"apps\"} 1.0"));
        cluster().deleteQuota(DeleteQuotaRequest.newBuilder().setName("apps").build());
        eventually(() -> assertThat(metered()).isEmpty());
    }
}

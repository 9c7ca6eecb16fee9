package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveServiceGrpc;
import io.pathkeeper.v1.ObserveTarget;
import io.pathkeeper.v1.PipelineOperation;
import io.pathkeeper.v1.PipelineRequest;
import io.pathkeeper.v1.PipelineResponse;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.Verb;
import io.pathkeeper.v1.WhoAmIRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One token comes in a thousand seconds here, so that what is refused does not hang on the speed of the machine. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RateLimitWireTest {
    private static final int BURST = 20;

    private AuthCluster cluster;

    @BeforeAll
    void start(@TempDir Path dir) throws Exception {
        cluster = new AuthCluster(
                dir, Map.of("limits.requests_per_second", "1", "limits.requests_burst", Integer.toString(BURST)));
        for (String principal : new String[] {"unary", "pipeline", "observer", "spared"}) {
            cluster.grant("of-" + principal, principal, AuthCluster.allow("/", Verb.VERB_READ, Verb.VERB_OBSERVE));
        }
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    private static void get(Channel channel) {
        StoreServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .get(GetRequest.newBuilder().setPath("/").build());
    }

    /** Calls until it is refused: with a token a second, some more than the burst may get through. */
    private static com.google.rpc.Status refusalOf(Runnable call) {
        for (int i = 0; i < 10 * BURST; i++) {
            try {
                call.run();
            } catch (StatusRuntimeException e) {
                com.google.rpc.Status status = StatusProto.fromThrowable(e);
                if (Reasons.of(status).equals("RATE_LIMITED")) {
                    assertThat(i).isGreaterThanOrEqualTo(BURST);
                    return status;
                }
                assertThat(Reasons.of(status)).isIn("CREDENTIAL_MISSING", "TOKEN_INVALID");
            }
        }
        throw new AssertionError("never refused");
    }

    private static void isToldWhen(com.google.rpc.Status status) throws Exception {
        assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED.value());
        assertThat(Reasons.info(status).getMetadataMap())
                .containsEntry("limit", "1")
                .containsEntry("burst", Integer.toString(BURST))
                .containsKey("retry_after_ms");
        for (Any detail : status.getDetailsList()) {
            if (detail.is(RetryInfo.class)) {
                var delay = detail.unpack(RetryInfo.class).getRetryDelay();
                assertThat(delay.getSeconds() * 1_000_000_000L + delay.getNanos())
                        .isPositive();
                return;
            }
        }
        throw new AssertionError("no RetryInfo in " + status);
    }

    private double limited(String caller) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + cluster.server.httpPort() + "/metrics"))
                .build();
        String line = "pathkeeper_rate_limited_total{caller=\"" + caller + "\"} ";
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .filter(each -> each.startsWith(line))
                .mapToDouble(each -> Double.parseDouble(each.substring(line.length())))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void principalThatCallsTooOftenIsRefusedAndNobodyElse() throws Exception {
        double before = limited("principal");
        Channel unary = cluster.as(cluster.token("unary"));

        isToldWhen(refusalOf(() -> get(unary)));

        assertThat(limited("principal")).isGreaterThan(before);
        get(cluster.as(cluster.token("spared")));
        for (int i = 0; i < 2 * BURST; i++) {
            get(cluster.as(AuthCluster.ROOT)); // whoever has to help gets through
        }
        var another = cluster.as(cluster.token("unary"));
        assertThat(refusesAtOnce(another))
                .as("another token of the same principal")
                .isTrue();
    }

    /** Within a second at most one more token comes. */
    private static boolean refusesAtOnce(Channel channel) {
        int refused = 0;
        for (int i = 0; i < 20; i++) {
            try {
                get(channel);
            } catch (StatusRuntimeException e) {
                assertThat(Reasons.of(StatusProto.fromThrowable(e))).isEqualTo("RATE_LIMITED");
                refused++;
            }
        }
        return refused > 10;
    }

    @Test
    void callersWithoutCredentialCountByAddressAndHealthChecksDoNot() throws Exception {
        isToldWhen(refusalOf(() -> get(cluster.as(""))));
        assertThat(limited("address")).isPositive();
        for (int i = 0; i < 2 * BURST; i++) {
            HealthGrpc.newBlockingStub(cluster.as(""))
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .check(HealthCheckRequest.getDefaultInstance());
        }
        isToldWhen(refusalAtOnceOrLater(cluster.as("pkt1.wrong")));
    }

    private static com.google.rpc.Status refusalAtOnceOrLater(Channel channel) {
        for (int i = 0; i < 10 * BURST; i++) {
            try {
                io.pathkeeper.v1.AuthServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .whoAmI(WhoAmIRequest.getDefaultInstance());
            } catch (StatusRuntimeException e) {
                com.google.rpc.Status status = StatusProto.fromThrowable(e);
                if (Reasons.of(status).equals("RATE_LIMITED")) {
                    return status;
                }
            }
        }
        throw new AssertionError("never refused");
    }

    @Test
    void operationsOfPipelinesCountOneByOne() throws Exception {
        BlockingQueue<PipelineResponse> answers = new LinkedBlockingQueue<>();
        StreamObserver<PipelineRequest> requests =
                StoreServiceGrpc.newStub(cluster.as(cluster.token("pipeline"))).pipeline(new Collector<>(answers));
        PipelineRequest.Builder message = PipelineRequest.newBuilder();
        for (int i = 0; i < 5 * BURST; i++) {
            message.addOperations(PipelineOperation.newBuilder()
                    .setGet(GetRequest.newBuilder().setPath("/")));
        }

        requests.onNext(message.build());
        requests.onNext(message.build());

        int good = 0;
        int refused = 0;
        while (good + refused < 10 * BURST) {
            PipelineResponse answer = answers.poll(20, TimeUnit.SECONDS);
            assertThat(answer).isNotNull();
            for (var result : answer.getResultsList()) {
                if (result.hasError()) {
                    isToldWhen(result.getError());
                    refused++;
                } else {
                    good++;
                }
            }
        }
        assertThat(good).as("the first message, which found tokens").isEqualTo(5 * BURST);
        requests.onCompleted();
    }

    @Test
    void openingObservationsCounts() throws Exception {
        Channel observer = cluster.as(cluster.token("observer"));
        isToldWhen(refusalOf(() -> {
            var frames = ObserveServiceGrpc.newBlockingStub(observer)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .observe(ObserveRequest.newBuilder()
                            .addTargets(ObserveTarget.newBuilder().setPath("/"))
                            .build());
            assertThat(frames.hasNext()).isTrue();
        }));
    }

    private record Collector<T>(BlockingQueue<T> answers) implements StreamObserver<T> {
        @Override
        public void onNext(T answer) {
            answers.add(answer);
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {}
    }
}

package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.pathkeeper.server.config.ConfigException;
import io.pathkeeper.server.config.ConfigLoader;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.StoreServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Spans of calls reach a collector over the wire, of those calls whose clients trace, with the phases of the call. */
@Timeout(120)
class TracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";
    private static final Metadata.Key<String> PARENT = Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

    @TempDir
    Path directory;

    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private HttpServer collector;
    private volatile int answer = 200;

    @BeforeEach
    void startCollector() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (answer == 200) {
                ExportTraceServiceRequest.parseFrom(body)
                        .getResourceSpansList()
                        .forEach(resource ->
                                resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList())));
            }
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
        });
        collector.start();
    }

    @AfterEach
    void stopCollector() {
        collector.stop(0);
    }

    private String endpoint() {
        return "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces";
    }

    private PathkeeperServer start(String perMillion) throws StartException {
        PathkeeperServer server = PathkeeperServer.start(new ConfigLoader()
                .set("data.dir", directory.toString(), "test")
                .set("client.listen", "127.0.0.1:0", "test")
                .set("raft.listen", "127.0.0.1:0", "test")
                .set("http.listen", "127.0.0.1:0", "test")
                .set("tracing.endpoint", endpoint(), "test")
                .set("tracing.per_million", perMillion, "test")
                .load());
        await().atMost(Duration.ofSeconds(60)).until(server::isReady);
        return server;
    }

    private static StoreServiceGrpc.StoreServiceBlockingStub stub(ManagedChannel channel, String parent) {
        Metadata headers = new Metadata();
        if (!parent.isEmpty()) {
            headers.put(PARENT, parent);
        }
        return StoreServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static ManagedChannel channel(PathkeeperServer server) {
        return NettyChannelBuilder.forAddress("127.0.0.1", server.clientPort())
                .usePlaintext()
                .build();
    }

    private static String hex(com.google.protobuf.ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    private static String metric(PathkeeperServer server, String outcome) throws Exception {
        String text = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        String name = "pathkeeper_trace_spans_total{outcome=\"" + outcome + "\"} ";
        return text.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()))
                .findFirst()
                .orElse("none");
    }

    @Test
    void callOfAClientThatTracesBecomesASpanWithItsPhases() throws Exception {
        try (PathkeeperServer server = start("0")) {
            ManagedChannel channel = channel(server);
            var traced = stub(channel, "00-" + TRACE + "-" + CALLER + "-01");
            traced.create(CreateRequest.newBuilder().setPath("/a").build());
            assertThatThrownBy(() ->
                            traced.get(GetRequest.newBuilder().setPath("/none").build()))
                    .isInstanceOf(StatusRuntimeException.class);
            // these are not: the first caller does not record, the second one does not trace, the third one sends
            // rubbish
            for (String parent : List.of("00-" + TRACE + "-" + CALLER + "-00", "", "rubbish")) {
                stub(channel, parent).get(GetRequest.newBuilder().setPath("/a").build());
            }
            await().until(() -> spans.stream().anyMatch(span -> span.getName().endsWith("/Get")));
            channel.shutdownNow();

            Span create = spans.stream()
                    .filter(span -> span.getName().equals("pathkeeper.v1.StoreService/Create"))
                    .findFirst()
                    .orElseThrow();
            assertThat(hex(create.getTraceId())).isEqualTo(TRACE);
            assertThat(hex(create.getParentSpanId())).isEqualTo(CALLER);
            assertThat(create.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
            assertThat(create.getEndTimeUnixNano()).isGreaterThan(create.getStartTimeUnixNano());
            assertThat(create.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
            assertThat(create.getAttributesList())
                    .extracting(a -> a.getKey() + "=" + a.getValue().getStringValue())
                    .contains("rpc.method=Create", "rpc.service=pathkeeper.v1.StoreService", "rpc.grpc.status=OK");
            List<Span> phases = spans.stream()
                    .filter(span -> span.getParentSpanId().equals(create.getSpanId()))
                    .toList();
            assertThat(phases)
                    .extracting(Span::getName)
                    .containsExactlyInAnyOrder("queue", "fsync", "replicate", "apply", "answer");
            assertThat(phases).allSatisfy(phase -> {
                assertThat(phase.getStartTimeUnixNano())
                        .isBetween(create.getStartTimeUnixNano(), create.getEndTimeUnixNano());
                assertThat(phase.getEndTimeUnixNano()).isLessThanOrEqualTo(create.getEndTimeUnixNano());
            });
            assertThat(spans)
                    .extracting(Span::getName)
                    .filteredOn(name -> name.endsWith("/Get"))
                    .hasSize(1);
            await().untilAsserted(() -> assertThat(metric(server, "exported")).isEqualTo(spans.size() + ".0"));
            assertThat(metric(server, "dropped")).isEqualTo("0.0");
        }
    }

    @Test
    void callsWithoutAContextBeginTracesByTheConfiguration() throws Exception {
        try (PathkeeperServer server = start("1000000")) {
            ManagedChannel channel = channel(server);
            stub(channel, "").create(CreateRequest.newBuilder().setPath("/a").build());
            await().until(() -> spans.stream().anyMatch(span -> span.getName().endsWith("/Create")));
            channel.shutdownNow();
            Span create = spans.stream()
                    .filter(span -> span.getName().endsWith("/Create"))
                    .findFirst()
                    .orElseThrow();
            assertThat(create.getParentSpanId().isEmpty()).isTrue();
        }
    }

    @Test
    void spansThatTheCollectorDoesNotTakeAreCountedAndServingGoesOn() throws Exception {
        answer = 400;
        try (PathkeeperServer server = start("1000000")) {
            ManagedChannel channel = channel(server);
            for (int i = 0; i < 1_000; i++) {
                stub(channel, "")
                        .create(CreateRequest.newBuilder().setPath("/a" + i).build());
            }
            channel.shutdownNow();
            await().untilAsserted(() -> {
                double failed = Double.parseDouble(metric(server, "failed"));
                double dropped = Double.parseDouble(metric(server, "dropped"));
                assertThat(failed).isPositive();
                assertThat(failed + dropped).as("nothing is lost uncounted").isGreaterThanOrEqualTo(6_000);
            });
            assertThat(metric(server, "exported")).isEqualTo("0.0");
        }
    }

    @Test
    void endpointMustBeAUrl() {
        for (String wrong : List.of("collector:4318", "ftp://collector/x", "http://", "http:// x")) {
            assertThatThrownBy(() -> new ConfigLoader()
                            .set("tracing.endpoint", wrong, "test")
                            .load())
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("tracing.endpoint is '" + wrong + "': it must be a URL");
        }
    }
}

package io.pathkeeper.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.v1.BatchGetRequest;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.ListChildrenRequest;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.PipelineOperation;
import io.pathkeeper.v1.PipelineRequest;
import io.pathkeeper.v1.PipelineResponse;
import io.pathkeeper.v1.PipelineResult;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.SyncRequest;
import io.pathkeeper.v1.TransactRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pipelines on the wire. */
@Timeout(120)
class PipelineTest {
    /** One pipeline of a client that takes what comes, or only what it asks for. */
    private static final class Client implements ClientResponseObserver<PipelineRequest, PipelineResponse> {
        final List<PipelineResult> results = new CopyOnWriteArrayList<>();
        final List<Integer> sizes = new CopyOnWriteArrayList<>();
        final CompletableFuture<Status> end = new CompletableFuture<>();
        private final boolean taking;
        ClientCallStreamObserver<PipelineRequest> call;

        Client(WireFixture wire, boolean taking) {
            this.taking = taking;
            StoreServiceGrpc.newStub(wire.channel).pipeline(this);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<PipelineRequest> stream) {
            call = stream;
            if (!taking) {
                stream.disableAutoRequestWithInitial(0);
            }
        }

        void send(PipelineOperation.Builder... operations) {
            PipelineRequest.Builder message = PipelineRequest.newBuilder().setClientId("client");
            for (PipelineOperation.Builder operation : operations) {
                message.addOperations(operation);
            }
            call.onNext(message.build());
        }

        List<PipelineResult> await(int count) {
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> results.size() >= count || end.isDone());
            return results;
        }

        @Override
        public void onNext(PipelineResponse message) {
            results.addAll(message.getResultsList());
            sizes.add(message.getResultsCount());
        }

        @Override
        public void onError(Throwable t) {
            end.complete(Status.fromThrowable(t));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }
    }

    private static PipelineOperation.Builder operation(long id) {
        return PipelineOperation.newBuilder().setCorrelationId(id);
    }

    private static PipelineOperation.Builder set(long id, String path, String text) {
        return operation(id)
                .setSet(SetRequest.newBuilder()
                        .setPath(path)
                        .setAllowMissing(true)
                        .setData(WireFixture.text(text)));
    }

    private static PipelineOperation.Builder get(long id, String path) {
        return operation(id).setGet(GetRequest.newBuilder().setPath(path));
    }

    @Test
    void everyOperationAnswersInItsPlace() throws IOException {
        try (WireFixture wire = new WireFixture()) {
            Client client = new Client(wire, true);
            client.send(
                    operation(1)
                            .setCreate(CreateRequest.newBuilder().setPath("/a").setData(WireFixture.text("x"))),
                    get(2, "/a"),
                    set(3, "/a", "y"),
                    operation(4)
                            .setBatchGet(
                                    BatchGetRequest.newBuilder().addPaths("/a").addPaths("/b")),
                    operation(5)
                            .setListChildren(ListChildrenRequest.newBuilder().setPath("/")),
                    get(6, "/missing"),
                    operation(7).setTransact(TransactRequest.newBuilder()),
                    operation(8).setSync(SyncRequest.getDefaultInstance()),
                    operation(9),
                    get(10, "no/path"),
                    operation(11).setDelete(DeleteRequest.newBuilder().setPath("/a")));
            client.call.onCompleted();

            List<PipelineResult> r = client.await(11);
            assertThat(client.end.join()).isEqualTo(Status.OK);
            assertThat(r)
                    .extracting(PipelineResult::getCorrelationId)
                    .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
            assertThat(r)
                    .extracting(PipelineResult::getResultCase)
                    .containsExactly(
                            PipelineResult.ResultCase.CREATE,
                            PipelineResult.ResultCase.GET,
                            PipelineResult.ResultCase.SET,
                            PipelineResult.ResultCase.BATCH_GET,
                            PipelineResult.ResultCase.LIST_CHILDREN,
                            PipelineResult.ResultCase.ERROR,
                            PipelineResult.ResultCase.TRANSACT,
                            PipelineResult.ResultCase.SYNC,
                            PipelineResult.ResultCase.ERROR,
                            PipelineResult.ResultCase.ERROR,
                            PipelineResult.ResultCase.DELETE);
            assertThat(WireFixture.infoOf(r.get(5).getError()).getReason()).isEqualTo("NODE_NOT_FOUND");
            assertThat(WireFixture.infoOf(r.get(8).getError()).getReason()).isEqualTo("ARGUMENT_INVALID");
            assertThat(WireFixture.infoOf(r.get(9).getError()).getReason()).isEqualTo("PATH_INVALID");
            assertThat(wire.direct.barriers.get())
                    .as("reads of one message share a barrier")
                    .isEqualTo(1);
        }
    }

    @Test
    void readShowsWhatTheStreamWroteBeforeIt() throws IOException {
        try (WireFixture wire = new WireFixture()) {
            Client client = new Client(wire, true);
            PipelineOperation.Builder[] operations = new PipelineOperation.Builder[400];
            for (int i = 0; i < operations.length; i += 2) {
                operations[i] = set(i, "/k" + i, "v" + i);
                operations[i + 1] = get(i + 1, "/k" + i);
            }
            client.send(operations);

            List<PipelineResult> r = client.await(operations.length);
            for (int i = 0; i < operations.length; i += 2) {
                assertThat(r.get(i + 1).getGet().getData().getValue().getStringValue())
                        .isEqualTo("v" + i);
            }
        }
    }

    @Test
    void readDoesNotShowWhatTheStreamWritesToItsPathBehindIt() throws IOException {
        try (WireFixture wire = new WireFixture()) {
            wire.create("/a", "start");
            Client client = new Client(wire, true);
            PipelineOperation.Builder[] operations = new PipelineOperation.Builder[200];
            for (int i = 0; i < operations.length; i += 2) {
                operations[i] = set(i, "/a", "v" + i);
                operations[i + 1] = get(i + 1, "/a");
            }
            client.send(operations);

            List<PipelineResult> r = client.await(operations.length);
            for (int i = 0; i < operations.length; i += 2) {
                assertThat(r.get(i + 1).getGet().getData().getValue().getStringValue())
                        .isEqualTo("v" + i);
            }
        }
    }

    @Test
    void orderStaysUnderRandomFailures() throws IOException {
        long seed = Long.getLong("pathkeeper.seed", System.nanoTime());
        Random random = new Random(seed);
        try (WireFixture wire = new WireFixture()) {
            Random failures = new Random(seed + 1);
            wire.direct.failing = command -> command instanceof Command.Set && failures.nextInt(4) == 0;
            Client client = new Client(wire, true);
            int sent = 0;
            while (sent < 20_000) {
                PipelineOperation.Builder[] message = new PipelineOperation.Builder[1 + random.nextInt(300)];
                for (int i = 0; i < message.length; i++, sent++) {
                    message[i] = switch (random.nextInt(10)) {
                        case 0 -> get(sent, "/k" + random.nextInt(50));
                        case 1 -> set(sent, "bad path", "");
                        case 2 -> operation(sent);
                        default -> set(sent, "/k" + random.nextInt(50), "v" + sent);
                    };
                }
                client.send(message);
            }
            client.call.onCompleted();

            List<PipelineResult> results = new ArrayList<>(client.await(sent));
            assertThat(results).as("seed %d", seed).hasSize(sent);
            long revision = 0;
            int failed = 0;
            for (int i = 0; i < sent; i++) {
                PipelineResult result = results.get(i);
                assertThat(result.getCorrelationId()).as("seed %d", seed).isEqualTo(i);
                if (result.hasSet()) {
                    assertThat(result.getSet().getRevision())
                            .as("seed %d", seed)
                            .isGreaterThan(revision);
                    revision = result.getSet().getRevision();
                } else if (result.hasError()
                        && WireFixture.infoOf(result.getError()).getReason().equals("NO_LEADER")) {
                    assertThat(WireFixture.infoOf(result.getError()).getMetadataMap())
                            .containsEntry("outcome", "NOT_APPLIED");
                    failed++;
                }
            }
            assertThat(failed).isPositive();
            assertThat(client.sizes.size()).as("answers are gathered").isLessThan(sent / 2);
        }
    }

    @Test
    void repeatedSequenceGetsTheFirstResult() throws IOException {
        try (WireFixture wire = new WireFixture()) {
            Client client = new Client(wire, true);
            PipelineOperation.Builder create = operation(1)
                    .setSequence(1)
                    .setCreate(CreateRequest.newBuilder().setPath("/q-").setSequential(true));
            client.send(create);
            client.send(
                    create,
                    operation(2).setSequence(-1).setSet(SetRequest.newBuilder().setPath("/")));

            List<PipelineResult> r = client.await(3);
            assertThat(r.get(1).getCreate()).isEqualTo(r.get(0).getCreate());
            assertThat(WireFixture.infoOf(r.get(2).getError()).getMetadataMap()).containsEntry("field", "sequence");
        }
    }

    @Test
    void serverStopsReadingWhenTooMuchWaits() throws Exception {
        try (WireFixture wire = new WireFixture(Map.of("limits.pipeline_operations", "100"))) {
            wire.direct.held = new CompletableFuture<>();
            Client client = new Client(wire, true);
            for (int i = 0; i < 50; i++) {
                PipelineOperation.Builder[] message = new PipelineOperation.Builder[40];
                for (int j = 0; j < message.length; j++) {
                    message[j] = set(i * 40 + j, "/k", "v");
                }
                client.send(message);
            }
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> wire.direct.proposals.get() >= 101);
            Awaitility.await()
                    .during(Duration.ofMillis(300))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> wire.direct.proposals.get() <= 140);

            wire.direct.held.complete(null);
            assertThat(client.await(2_000)).hasSize(2_000);
        }
    }

    @Test
    void clientThatDoesNotReadStopsTheServerFromReadingToo() throws Exception {
        try (WireFixture wire = new WireFixture(Map.of("limits.pipeline_operations", "200"))) {
            wire.soon()
                    .create(CreateRequest.newBuilder()
                            .setPath("/big")
                            .setData(Payload.newBuilder().setRaw(ByteString.copyFrom(new byte[500_000])))
                            .build());
            Client client = new Client(wire, false);
            for (int i = 0; i < 100; i++) {
                PipelineOperation.Builder[] message = new PipelineOperation.Builder[20];
                for (int j = 0; j < message.length; j++) {
                    message[j] = j == 0 ? set(i, "/counter", "v") : get(i, "/big");
                }
                client.send(message);
            }
            Awaitility.await()
                    .during(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> wire.direct.proposals.get() < 40);

            client.call.request(Integer.MAX_VALUE);
            assertThat(client.await(2_000)).hasSize(2_000);
        }
    }

    @Test
    void messageWithTooManyOperationsIsRefusedWholly() throws IOException {
        try (WireFixture wire = new WireFixture()) {
            Client client = new Client(wire, true);
            PipelineOperation.Builder[] message =
                    new PipelineOperation.Builder[PipelineCall.MAX_MESSAGE_OPERATIONS + 1];
            for (int i = 0; i < message.length; i++) {
                message[i] = operation(i).setCreate(CreateRequest.newBuilder().setPath("/x" + i));
            }
            client.send(message);
            client.send(get(9_999, "/x0"));

            List<PipelineResult> r = client.await(message.length + 1);
            assertThat(r.subList(0, message.length))
                    .allSatisfy(result -> assertThat(
                                    WireFixture.infoOf(result.getError()).getReason())
                            .isEqualTo("REQUEST_TOO_LARGE"));
            assertThat(WireFixture.infoOf(r.get(message.length).getError()).getReason())
                    .isEqualTo("NODE_NOT_FOUND");
        }
    }

    @Test
    void cancelledPipelineIsForgotten() throws Exception {
        try (WireFixture wire = new WireFixture()) {
            wire.direct.held = new CompletableFuture<>();
            Client client = new Client(wire, true);
            client.send(set(1, "/a", "x"), get(2, "/a"));
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> wire.direct.proposals.get() == 1);
            client.call.cancel("enough", null);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> wire.meters
                            .scrape()
                            .contains("code=\"CANCELLED\",method=\"pathkeeper.v1.StoreService/Pipeline\""));
            wire.direct.held.complete(null);

            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> wire.direct.view().znodeCount() == 2);
            assertThat(wire.meters.scrape()).contains("pathkeeper_rpc_inflight 0.0");
        }
    }
}

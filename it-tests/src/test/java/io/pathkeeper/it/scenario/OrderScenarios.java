package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.CreateResult;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.it.cluster.ClusterKind;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.PinnedServer;
import io.pathkeeper.v1.PipelineOperation;
import io.pathkeeper.v1.PipelineRequest;
import io.pathkeeper.v1.PipelineResponse;
import io.pathkeeper.v1.PipelineResult;
import io.pathkeeper.v1.SetResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** One order of writes for everybody: conditions, sequences and pipelines. */
abstract class OrderScenarios extends ClusterScenarios {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    OrderScenarios(ClusterKind kind) {
        super(kind, ClusterOptions.three());
    }

    @Test
    void oneOfManyWritesWithTheSameExpectedRevisionWins() throws Exception {
        try (PinnedServer one = cluster().pin("s1");
                PinnedServer two = cluster().pin("s2");
                PinnedServer three = cluster().pin("s3")) {
            List<PinnedServer> servers = List.of(one, two, three);
            long revision =
                    one.store().create(Requests.create("/cas/number", 0)).getRevision();
            for (int round = 0; round < 10; round++) {
                List<ListenableFuture<SetResponse>> attempts = new ArrayList<>();
                for (int i = 0; i < 30; i++) {
                    attempts.add(servers.get(i % 3)
                            .futures(LIMIT)
                            .set(Requests.set("/cas/number", i).toBuilder()
                                    .setExpectedRevision(revision)
                                    .build()));
                }
                List<SetResponse> winners = new ArrayList<>();
                for (ListenableFuture<SetResponse> attempt : attempts) {
                    try {
                        winners.add(attempt.get());
                    } catch (ExecutionException e) {
                        assertThat(e.getCause()).isInstanceOf(StatusRuntimeException.class);
                        StatusRuntimeException refused = (StatusRuntimeException) Objects.requireNonNull(e.getCause());
                        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
                        assertThat(PinnedServer.reasonOf(refused)).isEqualTo("VERSION_MISMATCH");
                    }
                }
                assertThat(winners).hasSize(1);
                revision = winners.get(0).getRevision();
            }
        }
    }

    @Test
    void sequentialNamesAreUniqueAndInTheOrderOfTheirRevisions() throws Exception {
        try (PathkeeperClient one = cluster().client();
                PathkeeperClient two =
                        cluster().clientBuilder().preferLeader(false).build()) {
            one.store().create("/queue", Value.NULL);
            List<CompletableFuture<CreateResult>> calls = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                PathkeeperClient client = i % 2 == 0 ? one : two;
                calls.add(client.async()
                        .create(
                                "/queue/job-",
                                Value.of(i),
                                CreateOptions.defaults().sequential(true)));
            }
            List<CreateResult> created = new ArrayList<>();
            for (CompletableFuture<CreateResult> call : calls) {
                created.add(call.get(30, TimeUnit.SECONDS));
            }
            created.sort(Comparator.comparingLong(CreateResult::revision));

            assertThat(created).extracting(CreateResult::path).doesNotHaveDuplicates();
            assertThat(created).extracting(CreateResult::sequence).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void aReadBehindAWriteOfTheSameClientSeesItAndNothingThatIsWrittenBehind() throws Exception {
        try (PathkeeperClient client = cluster().client()) {
            client.store().create("/fifo", Value.of(0));
            List<CompletableFuture<Znode>> reads = new ArrayList<>();
            for (int i = 1; i <= 300; i++) {
                client.async().set("/fifo", Value.of(i));
                reads.add(client.async().get("/fifo"));
            }
            for (int i = 1; i <= 300; i++) {
                assertThat(reads.get(i - 1).get(30, TimeUnit.SECONDS).value().asLong())
                        .isEqualTo(i);
            }
        }
    }

    @Test
    void aPipelineOfEveryServerAnswersInOrder() throws Exception {
        for (String member : cluster().members()) {
            try (PinnedServer server = cluster().pin(member)) {
                String path = "/pipeline/" + member;
                server.store().create(Requests.create(path, 0));
                List<PipelineResult> results = exchange(server, path, 5, 20);

                for (int i = 0; i < results.size(); i++) {
                    PipelineResult result = results.get(i);
                    assertThat(result.getCorrelationId()).isEqualTo(i + 1L);
                    assertThat(result.hasError())
                            .as("operation %s: %s", i, result)
                            .isFalse();
                    if (i % 2 == 0) {
                        assertThat(result.getSet().getStat().getVersion()).isEqualTo(i / 2 + 2L);
                    } else {
                        assertThat(result.getGet().getData().getValue().getIntValue())
                                .isEqualTo(i / 2 + 1L);
                    }
                }
            }
        }
    }

    /** Sends messages of pairs, a write and a read of the value written, without waiting in between; returns all results. */
    private static List<PipelineResult> exchange(PinnedServer server, String path, int messages, int pairs)
            throws Exception {
        CompletableFuture<List<PipelineResult>> answer = new CompletableFuture<>();
        StreamObserver<PipelineRequest> out = server.streams().pipeline(new StreamObserver<>() {
            private final List<PipelineResult> results = new ArrayList<>();

            @Override
            public void onNext(PipelineResponse response) {
                results.addAll(response.getResultsList());
            }

            @Override
            public void onError(Throwable error) {
                answer.completeExceptionally(error);
            }

            @Override
            public void onCompleted() {
                answer.complete(results);
            }
        });
        long number = 0;
        for (int m = 0; m < messages; m++) {
            PipelineRequest.Builder message = PipelineRequest.newBuilder();
            for (int p = 0; p < pairs; p++) {
                number++;
                message.addOperations(PipelineOperation.newBuilder()
                        .setCorrelationId(2 * number - 1)
                        .setSet(Requests.set(path, number)));
                message.addOperations(PipelineOperation.newBuilder()
                        .setCorrelationId(2 * number)
                        .setGet(Requests.get(path)));
            }
            out.onNext(message.build());
        }
        out.onCompleted();
        List<PipelineResult> results = answer.get(30, TimeUnit.SECONDS);
        assertThat(results).hasSize(2 * messages * pairs);
        return results;
    }
}

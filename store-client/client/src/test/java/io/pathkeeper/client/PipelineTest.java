package io.pathkeeper.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Status.Code;
import io.pathkeeper.client.error.InvalidRequestException;
import io.pathkeeper.client.error.LimitExceededException;
import io.pathkeeper.client.error.NodeExistsException;
import io.pathkeeper.client.error.NodeNotFoundException;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.OverloadedException;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.error.VersionMismatchException;
import io.pathkeeper.client.model.ListOptions;
import io.pathkeeper.client.model.Operation;
import io.pathkeeper.client.model.Patch;
import io.pathkeeper.client.model.ReadOptions;
import io.pathkeeper.client.model.ReadResult;
import io.pathkeeper.client.model.SetResult;
import io.pathkeeper.client.model.Transaction;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.client.wire.FakeErrors;
import io.pathkeeper.client.wire.FakeServer;
import io.pathkeeper.client.wire.FakeStore;
import io.pathkeeper.v1.Consistency;
import io.pathkeeper.v1.PipelineOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Operations over the pipeline of a server without faults: what is sent, what comes back, and the bounds. */
@Timeout(180)
class PipelineTest {
    private final FakeStore tree = new FakeStore();
    private final FakeServer server = new FakeServer("a", tree);

    @AfterEach
    void stopServer() {
        server.close();
    }

    private PathkeeperClientBuilder builder() {
        return PathkeeperClient.builder().servers(server.address()).requestTimeout(Duration.ofSeconds(60));
    }

    @Test
    void writesAndReadsEveryKindOfOperation() {
        try (PathkeeperClient client = builder().build()) {
            Store store = client.store();
            assertThat(store.create("/config", Value.map("host", "localhost", "port", 8080))
                            .revision())
                    .isEqualTo(1);
            Znode read = store.get("/config");
            assertThat(read.value()).isEqualTo(Value.map("host", "localhost", "port", 8080));
            assertThat(read.stat().version()).isEqualTo(1);
            SetResult set = store.set("/config", Value.of(2));
            assertThat(set.path()).isEqualTo("/config");
            assertThat(set.stat().version()).isEqualTo(2);
            assertThat(store.patch("/config", Patch.create().set("", 3)).revision())
                    .isEqualTo(3);
            assertThat(store.batchGet(List.of("/config", "/none")).results())
                    .extracting(result -> result.znode().isPresent())
                    .containsExactly(true, false);
            assertThat(store.transact(Transaction.of(Operation.set("/config", Value.of(4)), Operation.get("/config")))
                            .results())
                    .hasExactlyElementsOfTypes(SetResult.class, ReadResult.class);
            assertThat(store.sync()).isEqualTo(4);
            assertThat(store.delete("/config").deletedCount()).isEqualTo(1);
            assertThat(client.lastSeenRevision()).isEqualTo(5);
            assertThat(store.clusterInfo().version()).isEqualTo("fake");
            assertThat(store.memberStatus().ready()).isTrue();
            assertThat(store.memberStatus(server.address()).header().memberId()).isEqualTo("a");
        }
    }

    @Test
    void writesOfOneClientKeepTheirOrder() throws Exception {
        try (PathkeeperClient client = builder().maxOutstanding(20_000).build()) {
            List<CompletableFuture<SetResult>> sets = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                sets.add(client.async().set("/n" + i % 7, Value.of(i)));
                expected.add("/n" + i % 7 + "=" + i);
            }
            CompletableFuture.allOf(sets.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
            assertThat(tree.applied()).isEqualTo(expected);
            assertThat(server.messages.size())
                    .as("operations that wait share messages")
                    .isLessThan(5_000);
        }
    }

    @Test
    void everyMessageTellsWhatIsAcknowledged() {
        try (PathkeeperClient client = builder().build()) {
            client.store().set("/a", Value.of(1));
            client.store().set("/a", Value.of(2));
            client.store().get("/a");
            assertThat(server.messages).hasSize(3);
            assertThat(server.messages.get(0).getClientId()).isEqualTo(client.clientId());
            assertThat(server.messages.get(1).getClientId()).isEmpty();
            assertThat(server.messages)
                    .extracting(message -> message.getAcknowledgedBelow())
                    .containsExactly(1L, 2L, 3L);
            assertThat(server.operations())
                    .extracting(PipelineOperation::getSequence)
                    .containsExactly(1L, 2L, 0L);
        }
    }

    @Test
    void refusalsBecomeExceptionsWithReasonPathAndOutcome() {
        try (PathkeeperClient client = builder().build()) {
            assertThatThrownBy(() -> client.store().get("/none"))
                    .isInstanceOfSatisfying(NodeNotFoundException.class, e -> {
                        assertThat(e.reason()).isEqualTo(Reason.NODE_NOT_FOUND);
                        assertThat(e.path()).isEqualTo("/none");
                        assertThat(e.outcome()).isEqualTo(Outcome.NOT_APPLIED);
                        assertThat(e.isRetryable()).isFalse();
                        assertThat(e.getStackTrace())
                                .as("the stack is the caller's")
                                .anyMatch(frame -> frame.getClassName().equals(PipelineTest.class.getName()));
                    });
            client.store().create("/a", Value.NULL);
            assertThatThrownBy(() -> client.store().create("/a", Value.NULL))
                    .isInstanceOfSatisfying(
                            NodeExistsException.class,
                            e -> assertThat(e.modifiedRevision()).isEqualTo(1));
            server.refusal = operation ->
                    FakeErrors.error(Code.ABORTED, "VERSION_MISMATCH", Map.of("path", "/a", "current_version", "7"));
            assertThatThrownBy(() -> client.store().set("/a", Value.NULL))
                    .isInstanceOfSatisfying(
                            VersionMismatchException.class,
                            e -> assertThat(e.currentVersion()).isEqualTo(7));
            assertThat(server.opened).hasValue(1);
        }
    }

    @Test
    void definiteErrorsAreNotSentAgain() {
        try (PathkeeperClient client = builder().build()) {
            server.refusal = operation ->
                    FakeErrors.error(Code.RESOURCE_EXHAUSTED, "VALUE_TOO_LARGE", Map.of("limit", "1048576"));
            assertThatThrownBy(() -> client.store().set("/a", Value.of(1)))
                    .isInstanceOfSatisfying(
                            LimitExceededException.class,
                            e -> assertThat(e.limit()).isEqualTo(1_048_576));
            assertThat(server.operations()).hasSize(1);
        }
    }

    @Test
    void requestsThatNoServerTakesFailBeforeTheyAreSent() {
        try (PathkeeperClient client = builder().build()) {
            assertThatThrownBy(() -> client.store().set("/a", Value.of(new byte[3 << 20])))
                    .isInstanceOfSatisfying(LimitExceededException.class, e -> {
                        assertThat(e.reason()).isEqualTo(Reason.REQUEST_TOO_LARGE);
                        assertThat(e.path()).isEqualTo("/a");
                    });
            assertThatThrownBy(() -> client.store().set("/a", Value.list(Value.json("1"))))
                    .isInstanceOf(InvalidRequestException.class);
            assertThat(server.operations()).isEmpty();
        }
    }

    @Test
    void moreThanTheBoundOutstandingFailsAtOnce() {
        server.holdAnswers();
        try (PathkeeperClient client = builder().maxOutstanding(10).build()) {
            List<CompletableFuture<SetResult>> held = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                held.add(client.async().set("/a", Value.of(i)));
            }
            CompletableFuture<SetResult> eleventh = client.async().set("/a", Value.of(10));
            assertThat(failureOf(eleventh)).isInstanceOfSatisfying(OverloadedException.class, e -> {
                assertThat(e.reason()).isEqualTo(Reason.OVERLOADED);
                assertThat(e.outcome()).isEqualTo(Outcome.NOT_APPLIED);
                assertThat(e.isRetryable()).isTrue();
            });
            server.releaseAnswers();
            CompletableFuture.allOf(held.toArray(CompletableFuture[]::new)).join();
            client.store().set("/a", Value.of(11));
            assertThat(tree.applied()).hasSize(11);
        }
    }

    @Test
    void bytesOutstandingAreBoundedToo() {
        server.holdAnswers();
        try (PathkeeperClient client = builder().maxOutstandingBytes(4 << 20).build()) {
            Value large = Value.of(new byte[900 << 10]);
            List<CompletableFuture<SetResult>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                all.add(client.async().set("/a", large));
            }
            assertThat(all.stream().filter(CompletableFuture::isCompletedExceptionally))
                    .hasSize(2);
        }
    }

    @Test
    void callerWaitsForRoomWhenAskedTo() throws Exception {
        server.holdAnswers();
        try (PathkeeperClient client =
                builder().maxOutstanding(2).blockWhenFull(true).build()) {
            client.async().set("/a", Value.of(0));
            client.async().set("/a", Value.of(1));
            CompletableFuture<SetResult> third = new CompletableFuture<>();
            Thread caller =
                    new Thread(() -> client.async().set("/a", Value.of(2)).thenAccept(third::complete));
            caller.start();
            await().until(() -> caller.getState() == Thread.State.TIMED_WAITING);
            assertThat(server.operations()).hasSizeLessThan(3);
            server.releaseAnswers();
            assertThat(third.get(60, TimeUnit.SECONDS).stat().version()).isEqualTo(3);
            caller.join();
        }
    }

    @Test
    void closedLoopOfCallbacksNeverMeetsTheBound() throws Exception {
        try (PathkeeperClient client = builder().maxOutstanding(64).build()) {
            List<CompletableFuture<Void>> chains = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                chains.add(chain(client, 50));
            }
            CompletableFuture.allOf(chains.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
            assertThat(tree.applied()).hasSize(64 * 50);
        }
    }

    private static CompletableFuture<Void> chain(PathkeeperClient client, int left) {
        return client.async()
                .set("/chain", Value.of(left))
                .thenCompose(done -> left == 1 ? CompletableFuture.completedFuture(null) : chain(client, left - 1));
    }

    @Test
    void callbacksRunInOrderOnOwnThreadsAndRefuseToBlock() throws Exception {
        try (PathkeeperClient client = builder().build()) {
            List<Integer> order = new ArrayList<>();
            List<String> threads = new ArrayList<>();
            List<CompletableFuture<Void>> all = new ArrayList<>();
            server.holdAnswers();
            for (int i = 0; i < 100; i++) {
                int number = i;
                all.add(client.async().set("/a", Value.of(i)).thenAccept(done -> {
                    order.add(number);
                    threads.add(Thread.currentThread().getName());
                }));
            }
            CompletableFuture<Znode> blocked = client.async()
                    .set("/a", Value.of(-1))
                    .thenApply(done -> client.store().get("/a"));
            server.releaseAnswers();
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
            assertThat(order).isSorted().hasSize(100);
            assertThat(threads).allMatch(name -> name.matches("pathkeeper-client-\\d+-worker-\\d+"));
            assertThatThrownBy(() -> blocked.get(60, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void readsThatAreNotLinearizableCarryTheSeenRevision() {
        tree.advanceTo(41);
        try (PathkeeperClient client = builder().build()) {
            client.store().set("/a", Value.of(1));
            client.store().get("/a", ReadOptions.local());
            client.store().get("/a", ReadOptions.atLeast(7));
            client.store().get("/a", ReadOptions.atLeast(99));
            client.store().get("/a");
            client.store().listChildren("/a", ListOptions.local());
            List<PipelineOperation> sent = server.operations();
            assertThat(sent.subList(1, 5))
                    .extracting(operation -> operation.getGet().getOptions().getMinRevision())
                    .containsExactly(42L, 42L, 99L, 0L);
            assertThat(sent.get(1).getGet().getOptions().getConsistency()).isEqualTo(Consistency.CONSISTENCY_LOCAL);
            assertThat(sent.get(5).getListChildren().getOptions().getMinRevision())
                    .isEqualTo(42);
        }
        try (PathkeeperClient client = builder().monotonicReads(false).build()) {
            client.store().get("/a");
            client.store().get("/a", ReadOptions.local());
            List<PipelineOperation> sent = server.operations();
            assertThat(sent.get(sent.size() - 1).getGet().getOptions().getMinRevision())
                    .isZero();
        }
    }

    @Test
    void cancelledCallsThatWaitAreNotSent() {
        server.close();
        try (PathkeeperClient client = builder().build()) {
            CompletableFuture<SetResult> cancelled = client.async().set("/a", Value.of(1));
            CompletableFuture<SetResult> kept = client.async().set("/a", Value.of(2));
            cancelled.cancel(false);
            int port =
                    Integer.parseInt(server.address().substring(server.address().indexOf(':') + 1));
            try (FakeServer again = new FakeServer("a", tree, port)) {
                kept.join();
                assertThat(tree.applied()).containsExactly("/a=2");
                assertThat(again.operations()).hasSize(1);
            }
        }
    }

    static PathkeeperException failureOf(CompletableFuture<?> future) {
        try {
            future.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return (PathkeeperException) Objects.requireNonNull(e.getCause());
        } catch (Exception e) {
            throw new AssertionError("the call did not fail in time", e);
        }
        throw new AssertionError("the call did not fail");
    }
}

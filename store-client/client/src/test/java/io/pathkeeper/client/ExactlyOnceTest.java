package io.pathkeeper.client;

import static io.pathkeeper.client.PipelineTest.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.pathkeeper.client.error.LimitExceededException;
import io.pathkeeper.client.error.OperationTimeoutException;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.error.UnavailableException;
import io.pathkeeper.client.model.ReadOptions;
import io.pathkeeper.client.model.SetOptions;
import io.pathkeeper.client.model.SetResult;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.wire.FakeErrors;
import io.pathkeeper.client.wire.FakeServer;
import io.pathkeeper.client.wire.FakeServer.Fate;
import io.pathkeeper.client.wire.FakeStore;
import io.pathkeeper.v1.PipelineOperation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writes are carried out once and in order whatever breaks, and what is not known is said. */
@Timeout(180)
class ExactlyOnceTest {
    private final FakeStore tree = new FakeStore();
    private final FakeServer server = new FakeServer("a", tree);
    private final FakeServer other = new FakeServer("b", tree);

    @AfterEach
    void stopServers() {
        server.close();
        other.close();
    }

    private PathkeeperClient client(Duration timeout) {
        return PathkeeperClient.builder()
                .servers(server.address(), other.address())
                .preferLeader(false)
                .requestTimeout(timeout)
                .build();
    }

    private List<CompletableFuture<SetResult>> setMany(PathkeeperClient client, int count) {
        List<CompletableFuture<SetResult>> sets = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            sets.add(client.async().set("/a", Value.of(i)));
        }
        return sets;
    }

    private static List<String> inOrder(int count) {
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            expected.add("/a=" + i);
        }
        return expected;
    }

    @Test
    void writesWithALostAnswerAreSentAgainAndCarriedOutOnce() {
        AtomicInteger broken = new AtomicInteger(1);
        server.fate = message -> broken.getAndDecrement() > 0 ? Fate.APPLY_AND_BREAK : Fate.ANSWER;
        try (PathkeeperClient client = client(Duration.ofSeconds(60))) {
            List<CompletableFuture<SetResult>> sets = setMany(client, 100);
            CompletableFuture.allOf(sets.toArray(CompletableFuture[]::new)).join();
            assertThat(tree.applied()).isEqualTo(inOrder(100));
            assertThat(tree.repeats()).as("some came again").isPositive();
            assertThat(other.operations().get(0).getSequence())
                    .as("it begins with the oldest write without an answer")
                    .isEqualTo(1);
        }
    }

    @Test
    void manyRandomBreaksNeitherLoseNorDoubleNorReorder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (FakeServer each : List.of(server, other)) {
            each.fate = message -> {
                synchronized (random) {
                    return switch (random.nextInt(6)) {
                        case 0 -> Fate.APPLY_AND_BREAK;
                        case 1 -> Fate.BREAK;
                        default -> Fate.ANSWER;
                    };
                }
            };
        }
        try (PathkeeperClient client = client(Duration.ofSeconds(120))) {
            List<CompletableFuture<SetResult>> all = new ArrayList<>();
            for (int round = 0; round < 12; round++) {
                for (int i = 1; i <= 50; i++) {
                    all.add(client.async().set("/a", Value.of(round * 50 + i)));
                }
                all.get(all.size() - 20).join();
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
            assertThat(tree.applied()).as("seed " + seed).isEqualTo(inOrder(600));
            for (int i = 0; i < all.size(); i++) {
                assertThat(all.get(i).join().revision())
                        .as("result of write " + i)
                        .isEqualTo(i + 1L);
            }
        }
    }

    @Test
    void readBehindAWriteSeesItAcrossABreak() {
        AtomicInteger broken = new AtomicInteger(1);
        server.fate = message -> broken.getAndDecrement() > 0 ? Fate.BREAK : Fate.ANSWER;
        try (PathkeeperClient client = client(Duration.ofSeconds(60))) {
            client.async().set("/a", Value.of(7));
            assertThat(client.async().get("/a").join().value().asLong()).isEqualTo(7);
        }
    }

    @Test
    void sentWriteWithoutAnswerIsUnknownAtItsDeadline() {
        try (PathkeeperClient client = client(Duration.ofSeconds(60))) {
            client.store().set("/a", Value.of(0));
            server.fate = message -> Fate.APPLY_AND_SWALLOW;
            other.fate = message -> Fate.APPLY_AND_SWALLOW;
            Duration limit = Duration.ofSeconds(2);
            PathkeeperException failure = failureOf(
                    client.async().set("/a", Value.of(1), SetOptions.defaults().timeout(limit)));
            assertThat(failure).isInstanceOf(OperationTimeoutException.class);
            assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
            assertThat(failure.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
            PathkeeperException read =
                    failureOf(client.async().get("/a", ReadOptions.defaults().timeout(limit)));
            assertThat(read.outcome()).as("a read has no effect").isEqualTo(Outcome.NOT_APPLIED);
        }
    }

    @Test
    void writeThatWasNeverSentIsNotAppliedAtItsDeadline() {
        server.close();
        other.close();
        try (PathkeeperClient client = client(Duration.ofMillis(300))) {
            await().untilAsserted(() -> {
                PathkeeperException failure = failureOf(client.async().set("/a", Value.of(1)));
                assertThat(failure).isInstanceOf(OperationTimeoutException.class);
                assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
                assertThat(failure).as("it tells the trouble").hasCauseInstanceOf(UnavailableException.class);
            });
        }
    }

    @Test
    void eachCallMayHaveItsOwnTimeLimit() {
        server.fate = message -> Fate.SWALLOW;
        other.fate = message -> Fate.SWALLOW;
        try (PathkeeperClient client = client(Duration.ofSeconds(60))) {
            long start = System.nanoTime();
            failureOf(
                    client.async().set("/a", Value.of(1), SetOptions.defaults().timeout(Duration.ofMillis(100))));
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(30));
        }
    }

    @Test
    void serverThatGoesSilentIsLeftBeforeTheDeadline() {
        server.fate = message -> Fate.APPLY_AND_SWALLOW;
        try (PathkeeperClient client = client(Duration.ofSeconds(8))) {
            List<CompletableFuture<SetResult>> sets = setMany(client, 10);
            CompletableFuture.allOf(sets.toArray(CompletableFuture[]::new)).join();
            assertThat(tree.applied()).isEqualTo(inOrder(10));
            assertThat(other.operations()).isNotEmpty();
        }
    }

    @Test
    void operationsThatTheServerCannotDoNowAreSentAgainInOrder() {
        AtomicInteger refusals = new AtomicInteger(25);
        server.refusal =
                operation -> refusals.get() > 0 && refusals.getAndDecrement() > 0 ? FakeErrors.noLeader() : null;
        try (PathkeeperClient client = client(Duration.ofSeconds(60))) {
            List<CompletableFuture<SetResult>> sets = new ArrayList<>();
            server.holdAnswers();
            sets.addAll(setMany(client, 20));
            await().until(() -> server.operations().size() == 20);
            server.releaseAnswers();
            CompletableFuture.allOf(sets.toArray(CompletableFuture[]::new)).join();
            assertThat(tree.applied()).isEqualTo(inOrder(20));
        }
    }

    @Test
    void overloadedServerIsAskedAgainOnTheSameStream() {
        AtomicInteger refusals = new AtomicInteger(3);
        server.refusal = operation -> refusals.getAndDecrement() > 0 ? FakeErrors.overloaded() : null;
        try (PathkeeperClient client = client(Duration.ofSeconds(60))) {
            client.async().set("/a", Value.of(1)).join();
            assertThat(tree.applied()).containsExactly("/a=1");
            assertThat(server.opened).hasValue(1);
            assertThat(other.operations()).isEmpty();
        }
    }

    @Test
    void refusedRepetitionSaysNothingOfTheAttemptBeforeIt() {
        for (com.google.rpc.Status refusal : List.of(FakeErrors.noSpace(), FakeErrors.denied())) {
            AtomicInteger taken = new AtomicInteger();
            for (FakeServer each : List.of(server, other)) {
                each.fate = message -> taken.get() == 0 ? Fate.APPLY_AND_BREAK : Fate.ANSWER;
                each.refusal = operation -> taken.getAndIncrement() == 0 ? null : refusal;
            }
            int before = tree.applied().size();
            try (PathkeeperClient client = client(Duration.ofSeconds(60))) {
                PathkeeperException repeated = failureOf(client.async().set("/a", Value.of(1)));
                assertThat(tree.applied()).as("carried out").hasSize(before + 1);
                assertThat(repeated.outcome()).as(repeated.reason()).isEqualTo(Outcome.UNKNOWN);
                PathkeeperException first = failureOf(client.async().set("/a", Value.of(2)));
                assertThat(first.outcome()).as(first.reason()).isEqualTo(Outcome.NOT_APPLIED);
                assertThat(tree.applied()).hasSize(before + 1);
            }
        }
    }

    @Test
    void refusedWriteFailsRatherThanOvertakeALaterOne() {
        server.refusal = operation -> operation.getSequence() == 2 ? FakeErrors.noLeader() : null;
        try (PathkeeperClient client = client(Duration.ofSeconds(60))) {
            server.holdAnswers();
            List<CompletableFuture<SetResult>> sets = setMany(client, 3);
            await().until(() -> server.operations().size() == 3);
            server.releaseAnswers();
            sets.get(0).join();
            sets.get(2).join();
            PathkeeperException failure = failureOf(sets.get(1));
            assertThat(failure).isInstanceOf(UnavailableException.class);
            assertThat(failure.reason()).isEqualTo(Reason.NO_LEADER);
            assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
            assertThat(failure.isRetryable()).isTrue();
            assertThat(tree.applied()).containsExactly("/a=1", "/a=3");
            assertThat(server.operations())
                    .filteredOn(o -> o.getSequence() == 2)
                    .hasSize(1);
        }
    }

    @Test
    void operationThatBreaksEveryStreamFailsAloneAndTheOthersGoOn() {
        Status tooLarge = Status.RESOURCE_EXHAUSTED.withDescription("gRPC message exceeds maximum size");
        for (FakeServer each : List.of(server, other)) {
            each.streamEnd = message -> message.getOperationsList().stream()
                            .anyMatch(operation -> operation.getSet().getPath().equals("/poison"))
                    ? tooLarge
                    : null;
        }
        try (PathkeeperClient client = client(Duration.ofSeconds(60))) {
            CompletableFuture<SetResult> before = client.async().set("/a", Value.of(1));
            CompletableFuture<SetResult> poison = client.async().set("/poison", Value.of(0));
            CompletableFuture<SetResult> behind = client.async().set("/a", Value.of(2));
            before.join();
            behind.join();
            PathkeeperException failure = failureOf(poison);
            assertThat(failure).isInstanceOf(LimitExceededException.class);
            assertThat(tree.applied()).containsExactly("/a=1", "/a=2");
        }
    }

    @Test
    void sequencesStayWithTheirWrites() {
        AtomicInteger breaks = new AtomicInteger(3);
        server.fate = message -> breaks.getAndDecrement() > 0 ? Fate.BREAK : Fate.ANSWER;
        other.fate = message -> breaks.getAndDecrement() > 0 ? Fate.BREAK : Fate.ANSWER;
        try (PathkeeperClient client = client(Duration.ofSeconds(60))) {
            CompletableFuture.allOf(setMany(client, 5).toArray(CompletableFuture[]::new))
                    .join();
            List<PipelineOperation> sent = new ArrayList<>(server.operations());
            sent.addAll(other.operations());
            assertThat(sent).allMatch(o -> o.getSet().getData().getValue().getIntValue() == o.getSequence());
            assertThat(tree.applied()).isEqualTo(inOrder(5));
        }
    }
}

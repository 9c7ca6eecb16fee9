package io.pathkeeper.pathctl.perf;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadGeneratorTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    private final ExecutorService store = Executors.newFixedThreadPool(2);
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostUnderWay = new AtomicInteger();
    private final AtomicLong calls = new AtomicLong();

    @AfterEach
    void stop() {
        store.shutdownNow();
    }

    @Test
    void keepsExactlyTheGivenNumberUnderWayAndEndsWithNone() throws InterruptedException {
        LoadOperation operation = random -> {
            mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            calls.incrementAndGet();
            return CompletableFuture.runAsync(underWay::decrementAndGet, store);
        };
        LoadResult result = new LoadGenerator(List.of(operation, operation), 16, 1).run(SHORT, SHORT);
        assertThat(mostUnderWay.get()).isBetween(2, 16);
        assertThat(underWay.get()).isZero();
        assertThat(result.operationCount()).isPositive().isLessThan(calls.get());
        assertThat(result.errorCount()).isZero();
        assertThat(result.perSecond()).isCloseTo(result.operationCount() * 1e9 / result.elapsedNanos(), within());
        assertThat(result.millisAt(50)).isLessThanOrEqualTo(result.millisAt(99.9));
    }

    @Test
    void countsFailuresAndRestsBetweenThem() throws InterruptedException {
        LoadOperation operation = random -> {
            calls.incrementAndGet();
            return CompletableFuture.failedFuture(new IllegalStateException("refused"));
        };
        LoadResult result = new LoadGenerator(List.of(operation), 4, 1).run(SHORT, SHORT);
        assertThat(result.operationCount()).isZero();
        assertThat(result.errorCount()).isPositive();
        assertThat(result.firstError()).contains("refused");
        assertThat(calls.get()).isLessThan(1_000);
    }

    @Test
    void answersThatAreThereAtOnceDoNotOverflowTheStack() throws InterruptedException {
        LoadOperation operation = random -> calls.incrementAndGet() < 200_000
                ? CompletableFuture.completedFuture("at once")
                : CompletableFuture.runAsync(() -> {}, store);
        LoadResult result = new LoadGenerator(List.of(operation), 1, 1).run(SHORT, SHORT);
        assertThat(result.errorCount()).isZero();
        assertThat(calls.get()).isGreaterThanOrEqualTo(200_000);
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(1.0);
    }
}

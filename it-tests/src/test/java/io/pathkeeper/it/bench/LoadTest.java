package io.pathkeeper.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoadTest {
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
    private final AtomicInteger started = new AtomicInteger();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private Operation answeredAfter(int millis) {
        return (random, completion) -> {
            started.incrementAndGet();
            threads.schedule(() -> completion.ended(null), millis, TimeUnit.MILLISECONDS);
        };
    }

    @Test
    void aLimitedLoadIsOverWithItsLastCall() throws Exception {
        Sample sample = new Load(List.of(answeredAfter(1)), 4, 50)
                .run(
                        Duration.ZERO,
                        Duration.ofMinutes(5),
                        List.of(ProcessHandle.current().pid()));

        assertThat(started).hasValue(50);
        assertThat(sample.latencies().getTotalCount()).isEqualTo(50);
        assertThat(sample.seconds()).isLessThan(25);
    }

    @Test
    void failuresAreCountedApartFromAnswers() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Operation everySecondFails = (random, completion) -> {
            int call = calls.incrementAndGet();
            threads.execute(() -> completion.ended(call % 2 == 0 ? "no room" : null));
        };

        Sample sample = new Load(List.of(everySecondFails), 1, 10).run(Duration.ZERO, Duration.ofMinutes(5), List.of());

        assertThat(sample.latencies().getTotalCount()).isEqualTo(5);
        assertThat(sample.failedCount()).isEqualTo(5);
        assertThat(sample.firstError()).isEqualTo("no room");
    }

    @Test
    void anOpenLoadMakesEveryCallThatIsDue() throws Exception {
        Sample sample = new OpenLoad(List.of(answeredAfter(0)), 8, 200)
                .run(Duration.ofMillis(100), Duration.ofMillis(500), List.of());

        assertThat(started).hasValue(120);
        assertThat(sample.latencies().getTotalCount()).isEqualTo(100);
    }

    /** The store answers nothing for 300 ms: calls that were due meanwhile show what they waited for, though only one of them was under way. */
    @Test
    void anOpenLoadCountsTheTimeThatCallsWaitedForTheirTurn() throws Exception {
        AtomicLong stalledUntil = new AtomicLong();
        Operation stalledAtFirst = (random, completion) -> {
            long now = System.nanoTime();
            stalledUntil.compareAndSet(0, now + TimeUnit.MILLISECONDS.toNanos(300));
            threads.schedule(() -> completion.ended(null), Math.max(0, stalledUntil.get() - now), TimeUnit.NANOSECONDS);
        };

        Sample sample =
                new OpenLoad(List.of(stalledAtFirst), 1, 100).run(Duration.ZERO, Duration.ofMillis(600), List.of());

        assertThat(sample.latencies().getTotalCount()).isEqualTo(60);
        // due at 0, 10, … 150 ms, answered after 300 ms: at least 16 of 60 waited 150 ms or longer
        assertThat(60 - sample.latencies().getCountBetweenValues(0, 149_000)).isGreaterThanOrEqualTo(16);
    }

    @Test
    void callsAreDueAtEqualDistances() {
        assertThat(Pace.dueNanos(0, 3)).isZero();
        assertThat(Pace.dueNanos(1, 3)).isEqualTo(333_333_333);
        assertThat(Pace.dueNanos(3, 3)).isEqualTo(1_000_000_000);
        assertThat(Pace.dueNanos(1_000_000_000_001L, 1_000_000)).isEqualTo(1_000_000_000_001_000L);
    }

    @Test
    void whoIsLateIsToldWhenACallWasDue() throws Exception {
        long begin = System.nanoTime() - TimeUnit.SECONDS.toNanos(5);
        Pace pace = new Pace(begin, 10);

        assertThat(pace.await(3)).isEqualTo(begin + 300_000_000).isEqualTo(pace.dueNanos(3));
        long due = pace.await(51); // in a tenth of a second
        assertThat(System.nanoTime() - due).isNotNegative();
    }

    @Test
    void theAnswerOfAStubIsItsStatus() {
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> second = new CompletableFuture<>();

        new Answer<>(error -> first.complete(String.valueOf(error))).onCompleted();
        new Answer<>(error -> second.complete(String.valueOf(error))).onError(new IllegalStateException("gone"));

        assertThat(first).isCompletedWithValue("null");
        assertThat(second.join()).contains("gone");
    }
}

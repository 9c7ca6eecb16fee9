package io.pathkeeper.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ObserveTrialTest {
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void everyObserverCountsEveryWriteWithTheTimeFromWhenItWasDue() throws Exception {
        Map<Figure, Double> figures = trial(3).run(store(30, Integer.MAX_VALUE, null), System.err);

        assertThat(figures).containsEntry(ObserveTrial.MISSING, 0.0).containsEntry(ObserveTrial.FAILED, 0.0);
        assertThat(figures.get(ObserveTrial.DELAY_P50)).isBetween(30.0, 5_000.0);
        assertThat(figures.get(ObserveTrial.EVENTS)).isPositive().isLessThanOrEqualTo(3 * 50 * 1.05);
    }

    @Test
    void eventsThatDoNotComeAreToldOf() throws Exception {
        // 100 writes before the measurement, then 50 of which the last 10 are not told
        Map<Figure, Double> figures = trial(2).run(store(0, 140, null), System.err);

        assertThat(figures).containsEntry(ObserveTrial.MISSING, 20.0);
    }

    @Test
    void anObserverThatIsOverIsCountedAndItsReasonIsTold() throws Exception {
        ByteArrayOutputStream told = new ByteArrayOutputStream();

        Map<Figure, Double> figures =
                trial(1).run(store(0, 149, "cut off"), new PrintStream(told, true, StandardCharsets.UTF_8));

        assertThat(figures).containsEntry(ObserveTrial.OVER, 1.0).containsEntry(ObserveTrial.MISSING, 1.0);
        assertThat(told.toString(StandardCharsets.UTF_8)).isEqualTo("an observer of a fake was over: cut off\n");
    }

    @Test
    void aValueCarriesItsTime() {
        assertThat(Stamp.nanos(Stamp.value(-5, 128))).isEqualTo(-5);
        assertThat(Stamp.value(1, 128)).hasSize(128);
        assertThat(Stamp.value(1, 3)).hasSize(8);
        assertThatThrownBy(() -> Stamp.nanos(new byte[7])).hasMessageContaining("7 bytes");
    }

    /** 50 writes a second, two seconds before the measurement and one in it. */
    private static Trial trial(int observers) {
        return new ObserveTrial(observers, 0, 50, Duration.ofSeconds(1), new Znodes(10, 16), PATIENCE);
    }

    /** A store that tells its observers of each write so many milliseconds later, but of no more than so many writes. */
    private Store store(int millis, int mostWrites, @Nullable String error) {
        return new FakeStore() {
            private final AtomicInteger written = new AtomicInteger();
            private Runnable over = () -> {};
            private java.util.function.Consumer<byte[]> told = value -> {};

            @Override
            public Writer writer() {
                return (path, value, completion) -> {
                    assertThat(path).startsWith("/bench/p0/n");
                    int number = written.incrementAndGet();
                    if (number <= mostWrites) {
                        threads.schedule(() -> told.accept(value), millis, TimeUnit.MILLISECONDS);
                    } else {
                        over.run();
                    }
                    completion.ended(null);
                };
            }

            @Override
            public Observers observe(String path, int count, int connections, Observers.Sink sink) {
                assertThat(path).isEqualTo("/bench/p0");
                assertThat(connections).isEqualTo(count);
                told = value -> {
                    for (int i = 0; i < count; i++) {
                        sink.changed(value);
                    }
                };
                if (error != null) {
                    over = () -> sink.broken(error);
                }
                return () -> {};
            }

            @Override
            public List<Long> serverPids() {
                return List.of();
            }
        };
    }
}

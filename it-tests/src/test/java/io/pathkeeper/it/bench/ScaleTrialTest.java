package io.pathkeeper.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ScaleTrialTest {
    @TempDir
    Path directory;

    @Test
    void callsThatMeetASnapshotAreApartFromTheOthers() throws Exception {
        AtomicBoolean goesOn = new AtomicBoolean();
        AtomicInteger calls = new AtomicInteger();
        Operation begunInTheSecondHalf = (random, completion) -> {
            goesOn.set(calls.incrementAndGet() >= 30);
            completion.ended(calls.get() == 60 ? "no room" : null);
        };
        SplitLatencies latencies = new SplitLatencies(goesOn::get);

        assertThat(latencies.measure(List.of(begunInTheSecondHalf), 4, 200, Duration.ofMillis(300)))
                .isEqualTo(1);
        assertThat(latencies.otherwise().getTotalCount()).isEqualTo(29);
        assertThat(latencies.meanwhile().getTotalCount()).isEqualTo(30);
    }

    @Test
    void whatNoSetMetHasNoFigure() {
        Histogram some = new Histogram(3);
        some.recordValueWithCount(2_000, 100);

        assertThat(ScaleTrial.figures(some, new Histogram(3)))
                .containsOnlyKeys(ScaleTrial.P99_WITHOUT, ScaleTrial.SNAPSHOT_SETS)
                .containsEntry(ScaleTrial.SNAPSHOT_SETS, 0.0);
        assertThat(ScaleTrial.figures(some, some)).containsKey(ScaleTrial.P99_WITH);
    }

    @Test
    void anUnfinishedSnapshotIsSeenUntilItHasItsName() throws Exception {
        Path partial = Files.createDirectories(directory.resolve("raft/group/snapshot-partial"));
        try (SnapshotWatch watch = new SnapshotWatch(List.of(directory))) {
            assertThat(watch.isUnderWay()).isFalse();
            Path unfinished = Files.createFile(partial.resolve("snapshot.1_9.writing"));
            awaitUnderWay(watch, true);
            Files.move(unfinished, directory.resolve("snapshot.1_9"));
            awaitUnderWay(watch, false);
            assertThat(watch.count()).isEqualTo(1);
        }
    }

    private static void awaitUnderWay(SnapshotWatch watch, boolean expected) throws InterruptedException {
        while (watch.isUnderWay() != expected) {
            TimeUnit.MILLISECONDS.sleep(1); // the time limit of the test ends it
        }
    }

    @Test
    void allServersAreKilledBeforeAnyStartsAndAFollowerLosesItsData() throws Exception {
        List<String> told = new ArrayList<>();
        Map<Figure, Double> figures =
                new ScaleTrial(new Znodes(10, 16), 100, Duration.ofMillis(100)).run(new Scaled(told), System.err);

        assertThat(told)
                .containsExactly(
                        "start",
                        "load",
                        "kill 0",
                        "kill 1",
                        "kill 2",
                        "launch 0",
                        "launch 1",
                        "launch 2",
                        "await 0",
                        "await 1",
                        "await 2",
                        "kill 0",
                        "wipe 0",
                        "launch 0",
                        "await 0");
        assertThat(figures)
                .containsKeys(ScaleTrial.LOAD, ScaleTrial.RESTART, ScaleTrial.JOIN)
                .doesNotContainKeys(ScaleTrial.HEAP, ScaleTrial.P99_WITH, ScaleTrial.LIST);
    }

    /** Its third server leads; it has no JVMs and shows no snapshots. */
    private static final class Scaled extends FakeStore {
        private final List<String> told;

        Scaled(List<String> told) {
            this.told = told;
        }

        @Override
        public void start() {
            told.add("start");
        }

        @Override
        public void load(Znodes znodes) {
            told.add("load");
        }

        @Override
        public int leader() {
            return 2;
        }

        @Override
        public void kill(int server) {
            told.add("kill " + server);
        }

        @Override
        public void launch(int server) {
            told.add("launch " + server);
        }

        @Override
        public void awaitServing(int server) {
            told.add("await " + server);
        }

        @Override
        public boolean serversAreJvms() {
            return false;
        }

        @Override
        public boolean joinsFromNothing() {
            return true;
        }

        @Override
        public void wipe(int server) {
            told.add("wipe " + server);
        }
    }
}

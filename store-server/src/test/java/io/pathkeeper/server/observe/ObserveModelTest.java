package io.pathkeeper.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.metrics.ObserveMeters;
import io.pathkeeper.server.observe.ObserveChecker.Asked;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueEncoding;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random commands on a real state, hundreds of observations with random options, stalls, disconnects, resumes, a short history
 * and snapshots that jump over it: everything that each observer is told is checked against everything that happened. One thread
 * and a clock that the test moves, so a seed replays exactly: {@code -Dseed=N} runs that one alone.
 */
@Timeout(300)
class ObserveModelTest {
    private static final int STEPS = 2_500;
    private static final List<String> NAMES = List.of("a", "b", "c", "é", "x1", "x2");

    private static final List<String> GLOBS = List.of("x*", "?", "*", "x?", "é", "\\x1");
    private static final ObserveLimits LIMITS = new ObserveLimits(40, 20, 4_000, 300, 300, 3, 2_000, 5_000, 2);

    /** What all seeds together must have brought about, so that the test cannot pass by doing nothing. */
    private static final class Coverage implements ObserveMeters {
        int resets;
        int slow;
        long events;

        @Override
        public void sent(int count, long lagNanos) {
            events += count;
        }

        @Override
        public void slow() {
            slow++;
        }

        @Override
        public void reset(ResetCause cause) {
            resets++;
        }
    }

    private final Coverage coverage = new Coverage();
    private final Set<String> endings = new java.util.TreeSet<>();

    @Test
    void everyObserverSeesWhatItWasPromised() {
        Long only = Long.getLong("seed");
        for (long seed = only == null ? 1 : only; seed <= (only == null ? 8 : only); seed++) {
            new Run(seed).play();
        }
        if (only == null) {
            assertThat(coverage.resets).as("observers that were reset").isGreaterThan(50);
            assertThat(coverage.slow).as("observers over their budget").isGreaterThan(50);
            assertThat(coverage.events).as("events").isGreaterThan(10_000);
            assertThat(endings).contains("OK", "REVISION_COMPACTED", "SLOW_CONSUMER", "OVERLOADED");
        }
    }

    /** One observation and how a naive reader understands what it asked for. */
    private record Observation(ObserveOptions options, TestObserver observer) {}

    private final class Run {
        private final long seed;
        private final Random random;
        private final TestStore store = new TestStore(TestStore.shortHistory(60));
        private final AtomicLong clock = new AtomicLong(1);
        private final ObserveHub hub = new ObserveHub(LIMITS, coverage, clock::get);
        private final List<Observation> open = new ArrayList<>();
        private final List<Observation> closed = new ArrayList<>();
        private int values;
        private long newestServed;

        Run(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            hub.open(store, new TestFrames(() -> newestServed));
        }

        void play() {
            for (int step = 0; step < STEPS; step++) {
                step();
                if (step % 100 == 0) {
                    checkBooks();
                }
            }
            settle();
            checkBooks();
            long newest = store.reference().newest();
            assertThat(store.reference().tree(newest))
                    .as("seed %d: the changes lead to the tree", seed)
                    .isEqualTo(TestStore.tree(store.leaderView()));
            for (Observation one : open) {
                check(one, newest);
            }
            for (Observation one : closed) {
                check(one, -1);
            }
            hub.close();
            assertThat(hub.streamCount())
                    .as("seed %d: streams behind the end", seed)
                    .isZero();
            assertThat(hub.pendingEvents()).isZero();
        }

        private void check(Observation one, long completeTo) {
            assertThat(one.observer().checker().violations(store.reference(), completeTo))
                    .as("seed %d, %s", seed, one.options())
                    .isEmpty();
        }

        private void checkBooks() {
            assertThat(hub.checkInvariants().join()).as("seed %d: books", seed).isEmpty();
        }

        private void step() {
            int dice = random.nextInt(100);
            if (dice < 40) {
                store.commit(randomEntry());
                store.apply(random.nextInt(3), hub);
            } else if (dice < 50) {
                store.applyAll(hub);
            } else if (dice < 51) {
                jump();
            } else if (dice < 63) {
                observe(random.nextInt(4) == 0 ? 0 : -1);
            } else if (dice < 66 && !open.isEmpty()) {
                disconnect();
            } else if (dice < 82 && !open.isEmpty()) {
                TestObserver one = open.get(random.nextInt(open.size())).observer();
                one.allow(random.nextInt(4) == 0 ? 10_000 : 1 + random.nextInt(5));
            } else if (dice < 87 && !open.isEmpty()) {
                open.get(random.nextInt(open.size())).observer().stall();
            } else if (dice < 92) {
                clock.addAndGet(random.nextInt(400) * 1_000_000L);
            }
            newestServed = Math.max(newestServed, store.view().revision());
            for (int i = random.nextInt(3); i > 0; i--) {
                hub.pass();
            }
            forgetEnded();
        }

        /** What happens seldom: the server falls far behind and takes over a snapshot, or starts anew from an old one. */
        private void jump() {
            int many = random.nextInt(3) == 0 ? 0 : random.nextInt(150);
            for (int i = 0; i < many; i++) {
                store.commit(randomEntry());
            }
            switch (random.nextInt(4)) {
                case 0 -> store.restart(random.nextInt(40), hub);
                case 1 -> store.applyAll(hub);
                case 2 -> open.forEach(one -> one.observer().cancel());
                default -> store.install(hub);
            }
        }

        private void forgetEnded() {
            open.removeIf(one -> {
                var failure = one.observer().failure();
                if (one.observer().isEnded()) {
                    endings.add(failure == null ? "OK" : failure.reason().name());
                    closed.add(one);
                }
                return one.observer().isEnded();
            });
        }

        /** A client goes away; sometimes it comes back with what it knew, for the same targets. */
        private void disconnect() {
            Observation one = open.get(random.nextInt(open.size()));
            one.observer().cancel();
            if (random.nextBoolean()) {
                observe(one.observer().checker().resumeFrom());
            }
        }

        private void settle() {
            store.applyAll(hub);
            newestServed = store.view().revision();
            for (int i = 0; i < 3; i++) {
                clock.addAndGet(700_000_000_000L);
                open.forEach(one -> one.observer().allow(1_000_000));
                int passes = 0;
                while (hub.pass()) {
                    forgetEnded();
                    assertThat(passes++).as("seed %d: never at rest", seed).isLessThan(100_000);
                }
                forgetEnded();
            }
        }

        private Command[] randomEntry() {
            Command[] entry = new Command[1 + random.nextInt(3)];
            for (int i = 0; i < entry.length; i++) {
                int dice = random.nextInt(100);
                if (dice < 10) {
                    List<Command> operations = new ArrayList<>();
                    for (int j = random.nextInt(12); j >= 0; j--) {
                        operations.add(randomCommand());
                    }
                    entry[i] = TestStore.transact(operations);
                } else {
                    entry[i] = dice < 13 ? new Command.Tick(10) : randomCommand();
                }
            }
            return entry;
        }

        private Command randomCommand() {
            String path = randomPath(1);
            String value = "v" + values++ + "-".repeat(random.nextInt(20));
            int dice = random.nextInt(100);
            if (dice < 35) {
                return TestStore.set(path, value);
            }
            if (dice < 55) {
                return TestStore.delete(path);
            }
            ZnodeKind kind = dice < 85 ? ZnodeKind.PERSISTENT : dice < 93 ? ZnodeKind.CONTAINER : ZnodeKind.TTL;
            return new Command.Create(
                    ZnodePath.parse(path),
                    kind,
                    ValueEncoding.ofString(value),
                    "",
                    false,
                    random.nextBoolean() ? ZnodeKind.CONTAINER : ZnodeKind.PERSISTENT,
                    kind == ZnodeKind.TTL ? 1_000 : 0,
                    false,
                    null,
                    false);
        }

        private String randomPath(int least) {
            StringBuilder path = new StringBuilder();
            for (int i = least + random.nextInt(4 - least); i > 0; i--) {
                path.append('/').append(NAMES.get(random.nextInt(NAMES.size())));
            }
            return path.isEmpty() ? "/" : path.toString();
        }

        /** Opens an observation: start 0 is now, -1 chooses one. */
        private void observe(long wanted) {
            long newest = store.view().revision();
            boolean initial = wanted == -1 && random.nextInt(100) < 40;
            long start = wanted;
            if (wanted == -1) {
                start = initial
                        ? 0
                        : switch (random.nextInt(4)) {
                            case 0 -> 0;
                            case 1 -> newest + 1;
                            case 2 -> newest + random.nextInt(30);
                            default -> 1 + random.nextInt((int) newest + 1);
                        };
            }
            NaiveFilter filter = filter();
            ObserveOptions options = options(filter, Math.max(0, start), initial);
            ObserveChecker checker = new ObserveChecker(asked(filter, options, newest));
            TestObserver observer = new TestObserver(checker);
            open.add(new Observation(options, observer));
            observer.bind(hub.observe(options, observer));
            if (random.nextInt(5) > 0) {
                observer.allow(random.nextBoolean() ? 1_000_000 : random.nextInt(20));
            }
        }

        private NaiveFilter filter() {
            List<ObserveTarget> targets = new ArrayList<>();
            for (int i = random.nextInt(4) == 0 ? 2 : 0; i >= 0; i--) {
                targets.add(
                        new ObserveTarget(ZnodePath.parse(randomPath(0)), ObserveScope.values()[random.nextInt(3)]));
            }
            Set<EventType> types = EnumSet.noneOf(EventType.class);
            if (random.nextInt(5) == 0) {
                types.add(EventType.values()[random.nextInt(3)]);
                types.add(EventType.values()[random.nextInt(3)]);
            }
            Set<ZnodeKind> kinds = EnumSet.noneOf(ZnodeKind.class);
            if (random.nextInt(6) == 0) {
                kinds.add(ZnodeKind.values()[random.nextInt(4)]);
                kinds.add(ZnodeKind.PERSISTENT);
            }
            String glob = random.nextInt(6) == 0 ? GLOBS.get(random.nextInt(GLOBS.size())) : "";
            return new NaiveFilter(targets, types, kinds, glob, random.nextInt(5) == 0 ? 1 + random.nextInt(2) : 0);
        }

        private ObserveOptions options(NaiveFilter filter, long start, boolean initial) {
            return new ObserveOptions(
                    filter.compile(),
                    start,
                    initial,
                    random.nextInt(10) < 6,
                    1_000,
                    random.nextInt(3) == 0,
                    random.nextInt(4) == 0,
                    random.nextInt(12) == 0,
                    new EventForm(
                            EventForm.View.values()[random.nextInt(3)],
                            random.nextInt(3) == 0,
                            EventForm.ValueForm.VALUE));
        }

        private static Asked asked(NaiveFilter filter, ObserveOptions options, long revisionAtOpen) {
            boolean values = options.form().view() == EventForm.View.VALUE;
            return new Asked(
                    filter::matches,
                    filter::contains,
                    options.startRevision(),
                    revisionAtOpen,
                    options.initialState(),
                    options.resync(),
                    options.coalesce(),
                    options.once(),
                    values,
                    values && options.form().previous(),
                    filter.isMirror());
        }
    }
}

package io.pathkeeper.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.pathkeeper.server.observe.ObserveChecker;
import io.pathkeeper.server.observe.ObserveChecker.Asked;
import io.pathkeeper.server.observe.ObserveChecker.Change;
import io.pathkeeper.server.observe.ObserveChecker.Node;
import io.pathkeeper.server.observe.ObserveLimits;
import io.pathkeeper.server.observe.ObserveReference;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.RevisionChanges;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.v1.Event;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveServiceGrpc;
import io.pathkeeper.v1.Znode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Real threads, real flow control: random changes while observers read in fits and starts, go away and come back where they were.
 * Everything that each of them is told is checked against everything that happened. Prints nothing and needs no luck: any order of
 * the threads must pass.
 */
@Timeout(300)
class ObserveWireModelTest {
    private static final int REVISIONS = 1_200;
    private static final List<String> TOPS = List.of("/", "/a", "/a/b", "/b");
    private static final ObserveLimits LIMITS =
            new ObserveLimits(10_000, 50, 20_000, 2_000, 2_000, 2, 10_000, 60_000, 2);

    private final ObserveReference reference = new ObserveReference(Map.of("/", new Node("", "ZNODE_KIND_PERSISTENT")));
    private final Random random = new Random(11);
    private final List<Observer> observers = new ArrayList<>();

    private void record(RevisionChanges revision) {
        List<Change> changes = new ArrayList<>();
        for (TreeChange change : revision.changes()) {
            var after = change.after();
            var before = change.before();
            var shown = after != null ? after : Objects.requireNonNull(before);
            changes.add(new Change(
                    revision.revision(),
                    change.getClass().getSimpleName().toUpperCase(java.util.Locale.ROOT),
                    change.path().toString(),
                    Stats.kind(shown.kind()).name(),
                    after == null ? null : text(after),
                    before == null ? null : text(before)));
        }
        reference.add(revision.revision(), changes);
    }

    private static String text(io.pathkeeper.server.tree.Znode znode) {
        return Payloads.typed(znode.value()).getStringValue();
    }

    /** One client. Its checker is fed by the channel's threads, one frame after the other. */
    private final class Observer implements ClientResponseObserver<ObserveRequest, ObserveResponse> {
        private final String top;
        private final boolean resync;
        private final LongSupplier revisionNow;
        private final ObserveChecker checker;
        private @Nullable ClientCallStreamObserver<ObserveRequest> call;
        private boolean gone;
        private boolean isPace;

        Observer(String top, long start, boolean initial, boolean coalesce, LongSupplier revisionNow) {
            this.revisionNow = revisionNow;
            this.top = top;
            this.resync = random.nextInt(3) > 0;
            checker = new ObserveChecker(new Asked(
                    change -> isWithin(change.path()),
                    (path, node) -> isWithin(path),
                    start,
                    revisionNow.getAsLong(),
                    initial,
                    resync,
                    coalesce,
                    false,
                    true,
                    true,
                    true));
        }

        private boolean isWithin(String path) {
            return top.equals("/") || path.equals(top) || path.startsWith(top + "/");
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ObserveRequest> started) {
            call = started;
            started.disableAutoRequestWithInitial(1);
        }

        void take(int frames) {
            Objects.requireNonNull(call).request(frames);
        }

        synchronized void leave() {
            gone = true;
            Objects.requireNonNull(call).cancel("gone", null);
        }

        @Override
        public synchronized void onNext(ObserveResponse frame) {
            if (gone) {
                return;
            }
            switch (frame.getFrameCase()) {
                case CREATED -> checker.created(frame.getCreated().getStartRevision(), revisionNow.getAsLong());
                case EVENTS ->
                    checker.events(
                            frame.getEvents().getRevision(),
                            changes(frame),
                            frame.getEvents().getMore());
                case EXISTING -> existing(frame);
                case SYNCED -> checker.synced(frame.getSynced().getRevision());
                case PROGRESS -> checker.progress(frame.getProgress().getRevision());
                case RESET -> checker.reset(frame.getReset().getRevision());
                case FRAME_NOT_SET -> throw new AssertionError("a frame without content");
            }
        }

        private List<Change> changes(ObserveResponse frame) {
            List<Change> changes = new ArrayList<>();
            for (Event event : frame.getEvents().getEventsList()) {
                changes.add(new Change(
                        event.getRevision(),
                        event.getType().name().substring("EVENT_TYPE_".length()),
                        event.getPath(),
                        event.getStat().getKind().name(),
                        event.hasData() ? event.getData().getValue().getStringValue() : null,
                        event.hasPrevious()
                                ? event.getPrevious().getData().getValue().getStringValue()
                                : null));
            }
            return changes;
        }

        private void existing(ObserveResponse frame) {
            Map<String, Node> nodes = new HashMap<>();
            for (Znode znode : frame.getExisting().getZnodesList()) {
                nodes.put(
                        znode.getPath(),
                        new Node(
                                znode.getData().getValue().getStringValue(),
                                znode.getStat().getKind().name()));
            }
            checker.existing(
                    frame.getExisting().getRevision(),
                    nodes,
                    frame.getExisting().getZnodesCount());
        }

        @Override
        public synchronized void onError(Throwable failure) {
            boolean channelIsClosed =
                    io.grpc.protobuf.StatusProto.fromThrowable(failure).getDetailsCount() == 0;
            if (!gone && !channelIsClosed) {
                gone = true;
                checker.ended(WireFixture.infoOf((io.grpc.StatusRuntimeException) failure)
                        .getReason());
            }
        }

        @Override
        public synchronized void onCompleted() {
            checker.ended("OK");
        }

        synchronized boolean isAt(long revision) {
            return gone || checker.resumeFrom() > revision;
        }

        synchronized List<String> violations(long completeTo) {
            return checker.violations(reference, gone ? -1 : completeTo);
        }

        synchronized long frameCount() {
            return checker.frameCount();
        }

        synchronized long resumeFrom() {
            return checker.resumeFrom();
        }
    }

    private Observer open(ObserveFixture f, String top, long start, boolean initial) {
        return open(f, top, start, initial, random.nextInt(4) == 0);
    }

    private Observer open(ObserveFixture f, String top, long start, boolean initial, boolean coalesce) {
        Observer observer =
                new Observer(top, start, initial, coalesce, () -> f.view().revision());
        observers.add(observer);
        ObserveServiceGrpc.newStub(f.channel)
                .observe(
                        ObserveFixture.subtree(top)
                                .setStartRevision(start)
                                .setInitialState(initial)
                                .setResync(observer.resync)
                                .setCoalesce(coalesce)
                                .setIncludePrevious(true)
                                .setProgressIntervalMs(1_000)
                                .setProgressWhenQuiet(random.nextBoolean())
                                .build(),
                        observer);
        return observer;
    }

    private Command randomCommand(int i) {
        String path = List.of("/a", "/a/b", "/a/b/c", "/a/d", "/b", "/b/e").get(random.nextInt(6));
        return random.nextInt(6) == 0
                ? ObserveFixture.delete(path)
                : ObserveFixture.set(path, "v" + i + "-".repeat(random.nextInt(300)));
    }

    private void commit(ObserveFixture f, int i) {
        List<Command> operations = new ArrayList<>();
        for (int j = random.nextInt(10) == 0 ? 12 : random.nextInt(2); j >= 0; j--) {
            operations.add(randomCommand(i));
        }
        try {
            f.commit(
                    operations.size() == 1
                            ? operations.get(0)
                            : new Command.Transact(List.of(), List.copyOf(operations), List.of()));
        } catch (IllegalArgumentException rejected) {
            // a set without its parent, or a deletion of what is not there: nothing has happened
            return;
        }
    }

    private void disturb(ObserveFixture f) {
        Observer one = observers.get(random.nextInt(observers.size()));
        if (one.isPace) {
            return;
        }
        int dice = random.nextInt(10);
        if (dice == 0) {
            one.leave();
            long from = one.resumeFrom();
            if (from > 0) {
                open(f, one.top, from, false);
            }
        } else if (dice == 1) {
            open(f, TOPS.get(random.nextInt(TOPS.size())), 0, random.nextBoolean());
        } else if (!one.gone) {
            one.take(1 + random.nextInt(100));
        }
    }

    @Test
    void everyObserverSeesWhatItWasPromised() throws Exception {
        try (ObserveFixture f = new ObserveFixture(LIMITS, ObserveFixture.shortHistory(200))) {
            f.recorder = this::record;
            for (int i = 0; i < 10; i++) {
                open(f, TOPS.get(i % TOPS.size()), 0, i % 2 == 0);
            }
            // one observer reads all the time: the writer waits for it, so that the others get their share of the time
            Observer pace = open(f, "/", 0, false, false);
            pace.isPace = true;
            pace.take(1_000_000);
            for (int i = 0; i < REVISIONS; i++) {
                commit(f, i);
                if (i % 50 == 49) {
                    long revision = f.view().revision();
                    await().atMost(Duration.ofSeconds(120)).until(() -> pace.isAt(revision));
                }
                if (random.nextInt(4) == 0) {
                    disturb(f);
                }
            }
            long newest = f.view().revision();
            observers.forEach(one -> one.take(1_000_000));
            await().atMost(Duration.ofSeconds(120))
                    .until(() -> observers.stream().allMatch(one -> one.isAt(newest)));

            for (Observer one : observers) {
                assertThat(one.violations(newest)).as("observer of %s", one.top).isEmpty();
            }
            assertThat(f.hub.checkInvariants().get()).isEmpty();
            assertThat(observers.stream().mapToLong(Observer::frameCount).sum())
                    .as("frames that were checked")
                    .isGreaterThan(REVISIONS / 2);
        }
    }
}

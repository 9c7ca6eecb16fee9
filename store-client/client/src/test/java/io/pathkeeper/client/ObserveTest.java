package io.pathkeeper.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.pathkeeper.client.error.InvalidRequestException;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.observe.Observation;
import io.pathkeeper.client.observe.ObserveFrame;
import io.pathkeeper.client.observe.ObserveListener;
import io.pathkeeper.client.observe.ObserveRequest;
import io.pathkeeper.client.wire.FakeObserve;
import io.pathkeeper.client.wire.FakeServer;
import io.pathkeeper.client.wire.FakeStore;
import io.pathkeeper.v1.ObserveExisting;
import io.pathkeeper.v1.ObserveProgress;
import io.pathkeeper.v1.ObserveReset;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveSynced;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.Znode;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Observations: every revision comes once and whole, whatever breaks, and as fast as the observer wants. */
@Timeout(180)
class ObserveTest {
    private final FakeStore tree = new FakeStore();
    private final FakeServer server = new FakeServer("a", tree);
    private final List<ObserveFrame> frames = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable PathkeeperException> error = new AtomicReference<>();
    private PathkeeperClient client;

    @BeforeEach
    void makeClient() {
        client = PathkeeperClient.builder().servers(server.address()).build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private final class Recorder implements Flow.Subscriber<ObserveFrame> {
        private final long first;
        private volatile Flow.@Nullable Subscription subscription;
        private volatile boolean complete;

        Recorder(long first) {
            this.first = first;
        }

        @Override
        public void onSubscribe(Flow.Subscription started) {
            subscription = started;
            if (first > 0) {
                started.request(first);
            }
        }

        @Override
        public void onNext(ObserveFrame frame) {
            frames.add(frame);
        }

        @Override
        public void onError(Throwable cause) {
            error.set((PathkeeperException) cause);
        }

        @Override
        public void onComplete() {
            complete = true;
        }
    }

    private Recorder observe(ObserveRequest request, long first) {
        Recorder recorder = new Recorder(first);
        client.observe(request).subscribe(recorder);
        return recorder;
    }

    private FakeObserve.Stream stream(int number) {
        await().until(() -> server.observe.streams.size() >= number);
        return server.observe.streams.get(number - 1);
    }

    private void awaitFrames(int count) {
        await().until(() -> frames.size() >= count);
    }

    private List<Long> eventRevisions() {
        return frames.stream()
                .filter(ObserveFrame.Events.class::isInstance)
                .map(ObserveFrame::revision)
                .toList();
    }

    private static ObserveResponse.Builder progress(long revision) {
        return ObserveResponse.newBuilder()
                .setProgress(ObserveProgress.newBuilder().setRevision(revision));
    }

    private static ObserveResponse.Builder existing(long revision, String path) {
        return ObserveResponse.newBuilder()
                .setExisting(ObserveExisting.newBuilder()
                        .setRevision(revision)
                        .addZnodes(Znode.newBuilder().setPath(path).setData(Payload.getDefaultInstance())));
    }

    private static ObserveResponse.Builder synced(long revision) {
        return ObserveResponse.newBuilder().setSynced(ObserveSynced.newBuilder().setRevision(revision));
    }

    @Test
    void deliversFramesInOrder() {
        observe(ObserveRequest.subtree("/config").initialState(true), Long.MAX_VALUE);
        FakeObserve.Stream stream = stream(1);
        assertThat(stream.request.getInitialState()).isTrue();
        assertThat(stream.request.getResync()).isTrue();
        stream.created(6);
        stream.send(existing(5, "/config"));
        stream.send(synced(5));
        stream.events(6, false, "/config", "/config/a");
        stream.send(progress(8));
        awaitFrames(5);
        assertThat(frames)
                .extracting(frame -> frame.getClass().getSimpleName() + frame.revision())
                .containsExactly("Created6", "Existing5", "Synced5", "Events6", "Progress8");
    }

    @Test
    void resumesBehindTheLastRevisionWithoutLossOrDoubling() {
        observe(ObserveRequest.subtree("/"), Long.MAX_VALUE);
        FakeObserve.Stream first = stream(1);
        first.created(10);
        first.events(10, false, "/a");
        first.events(12, false, "/a");
        awaitFrames(3);
        first.end(Status.UNAVAILABLE);
        FakeObserve.Stream second = stream(2);
        assertThat(second.request.getStartRevision()).isEqualTo(13);
        assertThat(second.request.getResync()).isTrue();
        second.created(13);
        second.events(12, false, "/a");
        second.events(13, false, "/a");
        second.send(progress(20));
        awaitFrames(5);
        second.end(Status.UNAVAILABLE);
        assertThat(stream(3).request.getStartRevision()).isEqualTo(21);
        assertThat(eventRevisions()).containsExactly(10L, 12L, 13L);
        assertThat(frames.stream().filter(ObserveFrame.Created.class::isInstance))
                .hasSize(1);
    }

    @Test
    void breakInTheMiddleOfARevisionNeitherLosesNorDoublesItsEvents() {
        observe(ObserveRequest.subtree("/"), Long.MAX_VALUE);
        FakeObserve.Stream first = stream(1);
        first.created(10);
        first.events(10, true, "/a", "/b");
        first.events(10, true, "/c");
        await().until(first::isReady);
        first.end(Status.UNAVAILABLE);
        FakeObserve.Stream second = stream(2);
        assertThat(second.request.getStartRevision()).isEqualTo(10);
        second.events(10, true, "/a", "/b", "/c");
        second.events(10, false, "/d");
        awaitFrames(2);
        ObserveFrame.Events whole = (ObserveFrame.Events) frames.get(1);
        assertThat(whole.events()).extracting(event -> event.path()).containsExactly("/a", "/b", "/c", "/d");
        assertThat(eventRevisions()).containsExactly(10L);
    }

    @Test
    void breakInTheInitialStateBeginsItAgainAndSaysSo() {
        observe(ObserveRequest.subtree("/").initialState(true), Long.MAX_VALUE);
        FakeObserve.Stream first = stream(1);
        first.created(6);
        first.send(existing(5, "/a"));
        awaitFrames(2);
        first.end(Status.UNAVAILABLE);
        FakeObserve.Stream second = stream(2);
        assertThat(second.request.getInitialState()).isTrue();
        assertThat(second.request.getStartRevision()).isZero();
        second.send(existing(7, "/a"));
        second.send(synced(7));
        second.events(8, false, "/a");
        awaitFrames(6);
        assertThat(frames)
                .extracting(frame -> frame.getClass().getSimpleName() + frame.revision())
                .containsExactly("Created6", "Existing5", "Reset7", "Existing7", "Synced7", "Events8");
        second.end(Status.UNAVAILABLE);
        assertThat(stream(3).request.getInitialState()).isFalse();
        assertThat(stream(3).request.getStartRevision()).isEqualTo(9);
    }

    @Test
    void resetIsHandedOnWithTheStateBehindIt() {
        observe(ObserveRequest.subtree("/"), Long.MAX_VALUE);
        FakeObserve.Stream first = stream(1);
        first.created(10);
        first.events(10, false, "/a");
        first.send(ObserveResponse.newBuilder()
                .setReset(ObserveReset.newBuilder().setRevision(90).setCause("history")));
        first.send(existing(90, "/a"));
        first.send(synced(90));
        awaitFrames(5);
        first.end(Status.UNAVAILABLE);
        assertThat(stream(2).request.getStartRevision()).isEqualTo(91);
        assertThat(frames.get(2)).isEqualTo(new ObserveFrame.Reset(90, "history"));
    }

    private static boolean isReadySoon(FakeObserve.Stream stream) {
        try {
            await().pollInterval(Duration.ofMillis(2))
                    .atMost(Duration.ofMillis(500))
                    .until(stream::isReady);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    @Test
    void slowSubscriberSlowsDownTheServerAndNothingPilesUp() {
        Recorder recorder = observe(ObserveRequest.subtree("/"), 2);
        FakeObserve.Stream stream = stream(1);
        stream.created(1);
        String[] paths = new String[500];
        java.util.Arrays.fill(paths, "/a-name-that-has-a-certain-length-so-that-frames-are-large");
        int sent = 0;
        while (sent < 2_000 && isReadySoon(stream)) {
            stream.events(++sent, false, paths);
        }
        // Two frames are taken; the rest stays in the windows of the transport, and the server was told to wait.
        assertThat(frames).hasSize(2);
        assertThat(sent)
                .as("frames that the transport took before it said stop")
                .isLessThan(400);
        Objects.requireNonNull(recorder.subscription).request(Long.MAX_VALUE);
        awaitFrames(sent + 1);
        assertThat(eventRevisions()).hasSize(sent).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void silentStreamIsGivenUp() {
        observe(ObserveRequest.subtree("/").progressInterval(Duration.ofSeconds(1)), Long.MAX_VALUE);
        stream(1).created(10);
        await().atMost(Duration.ofSeconds(60)).until(() -> server.observe.streams.size() > 1);
        assertThat(stream(1).isCancelled()).isTrue();
        assertThat(stream(2).request.getStartRevision()).isEqualTo(10);
    }

    @Test
    void streamOfASubscriberThatWantsNothingIsNotGivenUp() {
        observe(ObserveRequest.subtree("/").progressInterval(Duration.ofSeconds(1)), 1);
        FakeObserve.Stream stream = stream(1);
        stream.created(10);
        awaitFrames(1);
        await().during(Duration.ofSeconds(5))
                .atMost(Duration.ofSeconds(60))
                .until(() -> server.observe.streams.size() == 1);
        assertThat(stream.isCancelled()).isFalse();
    }

    @Test
    void goesToAnotherServerWhenItsOwnDies() {
        try (FakeServer other = new FakeServer("b", tree);
                PathkeeperClient both = PathkeeperClient.builder()
                        .servers(server.address(), other.address())
                        .build()) {
            Recorder recorder = new Recorder(Long.MAX_VALUE);
            both.observe(ObserveRequest.subtree("/")).subscribe(recorder);
            FakeObserve.Stream first = stream(1);
            first.created(10);
            first.events(10, false, "/a");
            awaitFrames(2);
            server.close();
            await().until(() -> other.observe.streams.size() == 1);
            assertThat(other.observe.streams.get(0).request.getStartRevision()).isEqualTo(11);
        }
    }

    @Test
    void wrongRequestEndsWithItsReason() {
        observe(ObserveRequest.subtree("bad"), Long.MAX_VALUE);
        stream(1).end(Status.INVALID_ARGUMENT.withDescription("a path begins with a slash"));
        await().until(() -> error.get() != null);
        assertThat(error.get()).isInstanceOf(InvalidRequestException.class).hasMessageContaining("slash");
        assertThat(server.observe.streams).hasSize(1);
    }

    @Test
    void onceEndsBehindTheFirstEvents() {
        Recorder recorder = observe(ObserveRequest.node("/a").once(true), Long.MAX_VALUE);
        FakeObserve.Stream stream = stream(1);
        stream.created(10);
        stream.events(10, false, "/a");
        await().until(() -> recorder.complete);
        assertThat(eventRevisions()).containsExactly(10L);
        await().until(stream::isCancelled);
    }

    @Test
    void startsNowNeverBeforeWhatTheClientHasSeen() {
        tree.advanceTo(70);
        client.store().set("/a", io.pathkeeper.client.model.Value.of(1));
        observe(ObserveRequest.subtree("/"), 1);
        assertThat(stream(1).request.getMinRevision()).isEqualTo(71);
    }

    @Test
    void listenerGetsFramesOnACallbackThreadAndItsPositionFollows() {
        List<String> threads = new CopyOnWriteArrayList<>();
        Observation observation = client.observe(ObserveRequest.subtree("/"), events -> {
            threads.add(Thread.currentThread().getName());
            frames.add(events);
        });
        FakeObserve.Stream stream = stream(1);
        stream.created(10);
        stream.events(10, false, "/a");
        stream.events(11, false, "/a");
        stream.send(progress(15));
        await().until(() -> observation.position() == 15);
        assertThat(eventRevisions()).containsExactly(10L, 11L);
        assertThat(threads).allMatch(name -> name.matches("pathkeeper-client-\\d+-worker-\\d+"));
        observation.close();
        observation.ended().join();
        await().until(stream::isCancelled);
    }

    @Test
    void listenerThatThrowsEndsItsObservationOnly() {
        AtomicReference<@Nullable PathkeeperException> told = new AtomicReference<>();
        Observation observation = client.observe(ObserveRequest.subtree("/"), new ObserveListener() {
            @Override
            public void onEvents(ObserveFrame.Events events) {
                throw new IllegalStateException("planted");
            }

            @Override
            public void onEnd(@Nullable PathkeeperException end) {
                told.set(end);
            }
        });
        stream(1).created(10);
        stream(1).events(10, false, "/a");
        await().until(() -> told.get() != null);
        assertThat(Objects.requireNonNull(told.get()).reason()).isEqualTo(Reason.LISTENER_FAILED);
        assertThat(observation.ended()).isCompletedExceptionally();
        await().until(stream(1)::isCancelled);
        client.store().set("/a", io.pathkeeper.client.model.Value.of(1));
    }
}

package io.pathkeeper.it.fault.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.it.fault.check.ObservedEvent;
import io.pathkeeper.it.fault.check.ObservedEvent.Kind;
import io.pathkeeper.it.fault.check.ObserverHistory;
import io.pathkeeper.it.fault.check.ObserverHistory.Attempt;
import io.pathkeeper.it.fault.workload.ObservationForm.Start;
import io.pathkeeper.v1.ObserveCreated;
import io.pathkeeper.v1.ObserveExisting;
import io.pathkeeper.v1.ObserveProgress;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveReset;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveServiceGrpc.ObserveServiceImplBase;
import io.pathkeeper.v1.ObserveSynced;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Observers of a server that sends what the test says, one stream after the other, each ended without a reason. */
@Timeout(60)
class ScriptedObservationTest {
    private final Deque<List<ObserveResponse>> streams = new ArrayDeque<>();
    private final List<ObserveRequest> requests = new ArrayList<>();
    private final ObserverHistory history = new ObserverHistory();
    private final Tally tally = new Tally();
    private final FormCounts counts = new FormCounts();
    private boolean keepHistory;
    private final AtomicLong newest = new AtomicLong(20);
    private Server server;
    private ServerStubs stubs;

    @BeforeEach
    void start() throws Exception {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new ObserveServiceImplBase() {
                    @Override
                    public void observe(ObserveRequest request, StreamObserver<ObserveResponse> responses) {
                        requests.add(request);
                        streams.remove().forEach(responses::onNext);
                        responses.onCompleted();
                    }
                })
                .build()
                .start();
        stubs = new ServerStubs("127.0.0.1:" + server.getPort());
    }

    @AfterEach
    void stop() {
        stubs.close();
        server.shutdownNow();
    }

    /** Observes until everything up to 20 was told. */
    private List<String> observe(Start start, boolean resync) throws InterruptedException {
        ObservationForm form =
                new ObservationForm("observer", start, ObservationForm.EVERYTHING, Duration.ZERO, resync);
        PinnedObserver observer =
                new PinnedObserver(List.of(stubs), keepHistory, newest::get, history, tally, counts, new EventDelays());
        observer.observe(form, Duration.ofSeconds(20), new CatchUp(() -> true, () -> 20, observer::next));
        tally.violated(history.violations());
        return tally.findings("observers").violations();
    }

    private static ObserveResponse created(long revision) {
        return ObserveResponse.newBuilder()
                .setCreated(ObserveCreated.newBuilder().setStartRevision(revision))
                .build();
    }

    private static ObserveResponse progress(long revision) {
        return ObserveResponse.newBuilder()
                .setProgress(ObserveProgress.newBuilder().setRevision(revision))
                .build();
    }

    private static ObserveResponse reset(long revision) {
        return ObserveResponse.newBuilder()
                .setReset(ObserveReset.newBuilder().setRevision(revision))
                .build();
    }

    private static ObserveResponse existing(long revision) {
        return ObserveResponse.newBuilder()
                .setExisting(ObserveExisting.newBuilder().setRevision(revision))
                .build();
    }

    private static ObserveResponse synced(long revision) {
        return ObserveResponse.newBuilder()
                .setSynced(ObserveSynced.newBuilder().setRevision(revision))
                .build();
    }

    @Test
    void behindAResetTheStateComesAndASecondTryAsksForIt() throws Exception {
        streams.add(List.of(created(5), progress(7), reset(12), existing(12)));
        streams.add(List.of(created(14), existing(13), synced(13), progress(20)));
        assertThat(observe(Start.old(5), true)).containsExactly("observer: the stream ended without a reason");
        assertThat(requests.stream().map(ObserveRequest::getStartRevision)).containsExactly(5L, 0L);
        assertThat(requests.get(1).getInitialState()).isTrue();
        assertThat(counts).hasToString("{everything=2, from an old revision=1, resets=1, resync=2, with the state=1}");
    }

    @Test
    void findsAResetThatWasNotAskedFor() throws Exception {
        streams.add(List.of(created(5), reset(12), synced(12), progress(20)));
        assertThat(observe(Start.old(5), false)).containsExactly("observer: a reset to 12 that was not asked for");
    }

    @Test
    void findsAResetThoughTheHistoryIsLong() throws Exception {
        keepHistory = true;
        streams.add(List.of(created(5), progress(7), reset(12), synced(12), progress(20)));
        assertThat(observe(Start.old(5), true))
                .containsExactly(
                        "observer: a reset to 12 behind 7 of 20, though the history is long and this observer not slow");
    }

    @Test
    void whoBeganAtAServerThatHadBeenWipedMayBeReset() throws Exception {
        keepHistory = true;
        newest.set(PinnedObserver.KEPT_REVISIONS);
        streams.add(List.of(created(1), progress(0), reset(12), synced(12), progress(20)));
        assertThat(observe(Start.now(), true)).isEmpty();
        newest.set(PinnedObserver.KEPT_REVISIONS - 1);
        streams.add(List.of(created(1), progress(0), reset(12), synced(12), progress(20)));
        assertThat(observe(Start.now(), true))
                .containsExactly("observer: a reset to 12 behind 0 of 97999, though the history is long and this"
                        + " observer not slow");
    }

    @Test
    void findsAnEndWithoutAReasonAndGoesOnWhereItWas() throws Exception {
        streams.add(List.of(created(5), progress(7)));
        streams.add(List.of(created(8), progress(20)));
        assertThat(observe(Start.old(5), false)).containsExactly("observer: the stream ended without a reason");
        assertThat(requests.get(1).getStartRevision()).isEqualTo(8);
    }

    @Test
    void findsAStateBehindAResetThatTheChangesDoNotMake() throws Exception {
        history.attempted(new Attempt("/observers/z1", Kind.CREATED, 3));
        history.acknowledged(new ObservedEvent(6, "/observers/z1", Kind.CREATED, 3));
        streams.add(List.of(created(10), reset(12), synced(12), progress(20)));
        assertThat(observe(Start.old(10), true))
                .containsExactly("initial state at 12 of observer has {} and should have {/observers/z1=3}");
    }
}

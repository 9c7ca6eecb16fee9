package io.pathkeeper.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.server.observe.ObserveLimits;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.v1.ObserveResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readers that stall, over real flow control: they cost the others nothing and hold nothing beyond their budget. */
@Timeout(300)
class ObserveStallTest {
    private static final int EVENTS = 2_500;
    private static final String VALUE = "x".repeat(2_000);
    /** What the transports of both ends may hold back, in events of this size, and some more. */
    private static final int IN_FLIGHT = 1_500;

    /** Writes, and reads each event with an observer that does not stall before the next one is written. */
    private static void write(ObserveFixture f, ObserveFixture.Stream healthy, int observers) {
        for (int i = 0; i < EVENTS; i++) {
            long revision = f.commit(ObserveFixture.set("/a", VALUE));
            assertThat(healthy.nextNews().getEvents().getRevision()).isEqualTo(revision);
            assertThat(f.hub.pendingEvents()).isLessThanOrEqualTo(1_000L * observers);
        }
    }

    private static void expectAll(ObserveFixture.Stream stream, long first) {
        for (int i = 0; i < EVENTS; i++) {
            assertThat(stream.nextNews().getEvents().getRevision()).isEqualTo(first + i);
        }
    }

    @Test
    void stalledReaderDelaysNobodyAndMissesNothing() throws Exception {
        try (ObserveFixture f = new ObserveFixture()) {
            ObserveFixture.Stream stalled = f.observe(ObserveFixture.subtree("/"), 1);
            ObserveFixture.Stream healthy = f.observe(ObserveFixture.subtree("/"));
            long first = stalled.next().getCreated().getStartRevision();
            assertThat(healthy.next().hasCreated()).isTrue();

            write(f, healthy, 2);
            assertThat(stalled.waiting()).as("taken by the stalled reader").isZero();
            assertThat(f.hub.pendingEvents()).as("held for it").isLessThanOrEqualTo(1_000);
            assertThat(f.meters.scrape()).contains("pathkeeper_observe_slow_total 1.0");
            assertThat(f.hub.checkInvariants().get()).isEmpty();

            stalled.take(Integer.MAX_VALUE);
            expectAll(stalled, first);
        }
    }

    @Test
    void readerThatTheHistoryLeftBehindIsTold() throws Exception {
        StateLimits shortHistory = ObserveFixture.shortHistory(100);
        try (ObserveFixture f = new ObserveFixture(ObserveLimits.DEFAULT, shortHistory)) {
            ObserveFixture.Stream plain = f.observe(ObserveFixture.subtree("/"), 1);
            ObserveFixture.Stream resync = f.observe(ObserveFixture.subtree("/").setResync(true), 1);
            ObserveFixture.Stream healthy = f.observe(ObserveFixture.subtree("/"));
            assertThat(healthy.next().hasCreated()).isTrue();
            long first = plain.next().getCreated().getStartRevision();
            assertThat(resync.next().hasCreated()).isTrue();
            write(f, healthy, 3);
            long newest = f.view().revision();

            plain.take(Integer.MAX_VALUE);
            resync.take(Integer.MAX_VALUE);

            StatusRuntimeException slow = drain(plain, first);
            assertThat(slow.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(WireFixture.infoOf(slow).getReason()).isEqualTo("SLOW_CONSUMER");
            ObserveResponse reset = afterEvents(resync, first);
            assertThat(reset.getReset().getCause()).isEqualTo("history");
            assertThat(reset.getReset().getRevision()).isEqualTo(newest);
            assertThat(resync.next().getExisting().getZnodesCount()).isEqualTo(2);
            assertThat(resync.next().getSynced().getRevision()).isEqualTo(newest);
            f.commit(ObserveFixture.set("/a", "after"));
            assertThat(resync.next().getEvents().getRevision()).isEqualTo(newest + 1);
        }
    }

    /** Reads what had been sent before the reader stalled; the first frame behind it. */
    private static ObserveResponse afterEvents(ObserveFixture.Stream stream, long first) {
        for (int i = 0; i < IN_FLIGHT; i++) {
            ObserveResponse frame = stream.nextNews();
            if (!frame.hasEvents()) {
                return frame;
            }
            assertThat(frame.getEvents().getRevision()).isEqualTo(first + i);
        }
        throw new AssertionError("more than " + IN_FLIGHT + " events were in flight to a stalled reader");
    }

    private static StatusRuntimeException drain(ObserveFixture.Stream stream, long first) {
        for (int i = 0; i < IN_FLIGHT; i++) {
            Object one = stream.poll();
            if (one instanceof StatusRuntimeException error) {
                return error;
            }
            if (one instanceof ObserveResponse frame && frame.hasProgress()) {
                i--;
                continue;
            }
            assertThat(((ObserveResponse) one).getEvents().getRevision()).isEqualTo(first + i);
        }
        throw new AssertionError("more than " + IN_FLIGHT + " events were in flight to a stalled reader");
    }
}

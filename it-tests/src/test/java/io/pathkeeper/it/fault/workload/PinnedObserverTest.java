package io.pathkeeper.it.fault.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.pathkeeper.it.fault.check.ObservedEvent.Kind;
import io.pathkeeper.it.fault.check.ObserverHistory;
import io.pathkeeper.it.fault.check.ObserverHistory.Attempt;
import io.pathkeeper.it.fault.check.ObserverTrace;
import io.pathkeeper.it.fault.check.ObserverTrace.Wanted;
import io.pathkeeper.v1.Event;
import io.pathkeeper.v1.EventType;
import io.pathkeeper.v1.ObserveCreated;
import io.pathkeeper.v1.ObserveEvents;
import io.pathkeeper.v1.ObserveExisting;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveSynced;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.Value;
import io.pathkeeper.v1.Znode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What observers note of the frames of servers. */
@Timeout(60)
class PinnedObserverTest {
    private static final String TOP = ObserverWorkload.ROOT;

    private static Payload number(long number) {
        return Payload.newBuilder()
                .setValue(Value.newBuilder().setIntValue(number))
                .build();
    }

    private static ObserveResponse created(long revision, String path, long number) {
        return ObserveResponse.newBuilder()
                .setEvents(ObserveEvents.newBuilder()
                        .setRevision(revision)
                        .addEvents(Event.newBuilder()
                                .setRevision(revision)
                                .setType(EventType.EVENT_TYPE_CREATED)
                                .setPath(path)
                                .setData(number(number))))
                .build();
    }

    private static ObserverTrace trace(boolean withState, ObserveResponse... frames) {
        ObserverTrace trace = new ObserverTrace("observer", 0, Wanted.EVERYTHING, withState);
        for (ObserveResponse frame : frames) {
            PinnedObserver.frame(trace, frame);
        }
        return trace;
    }

    private static ObserveResponse begun(long revision) {
        return ObserveResponse.newBuilder()
                .setCreated(ObserveCreated.newBuilder().setStartRevision(revision))
                .build();
    }

    private static ObserveResponse existing(String... paths) {
        ObserveExisting.Builder existing = ObserveExisting.newBuilder();
        for (String path : paths) {
            existing.addZnodes(Znode.newBuilder().setPath(path).setData(number(0)));
        }
        return ObserveResponse.newBuilder().setExisting(existing).build();
    }

    private static ObserveResponse synced(long revision) {
        return ObserveResponse.newBuilder()
                .setSynced(ObserveSynced.newBuilder().setRevision(revision))
                .build();
    }

    /** Whoever observes from now on a server that is behind is told of the making of the top; a state has the top, too. */
    @Test
    void makingOfTheTopIsNoPartOfTheHistory() {
        ObserverHistory history = new ObserverHistory();
        history.attempted(new Attempt(TOP + "/z1", Kind.CREATED, 0));
        history.add(trace(false, begun(3), created(3, TOP, 0), created(4, TOP + "/z1", 0)));
        history.add(trace(true, begun(5), existing(TOP, TOP + "/z1"), synced(4)));
        assertThat(history.violations()).isEmpty();

        history.add(trace(true, begun(5), existing(TOP), synced(4)));
        assertThat(history.violations())
                .singleElement()
                .asString()
                .endsWith("has {} and should have {" + TOP + "/z1=0}");
    }

    private static StatusRuntimeException refusal(String reason, Map<String, String> metadata) {
        return StatusProto.toStatusRuntimeException(Status.newBuilder()
                .setCode(11)
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setReason(reason)
                        .putAllMetadata(metadata)
                        .build()))
                .build());
    }

    private static Map<String, String> gone(long revision, long oldest) {
        return Map.of("revision", Long.toString(revision), "oldest_revision", Long.toString(oldest));
    }

    @Test
    void refusalIsRightWhenTheHistoryBeginsBehindWhatIsNeeded() {
        assertThat(PinnedObserver.wrongRefusal(refusal("REVISION_COMPACTED", gone(5, 8)), 5))
                .isEmpty();
        assertThat(PinnedObserver.wrongRefusal(refusal("SLOW_CONSUMER", gone(7, 8)), 5))
                .isEmpty();
        assertThat(PinnedObserver.wrongRefusal(refusal("SLOW_CONSUMER", Map.of("limit_ms", "10000")), 0))
                .isEmpty();
    }

    @Test
    void findsARefusalOfWhatTheHistoryHas() {
        assertThat(PinnedObserver.wrongRefusal(refusal("REVISION_COMPACTED", gone(8, 8)), 8))
                .isPresent();
        assertThat(PinnedObserver.wrongRefusal(refusal("SLOW_CONSUMER", gone(9, 8)), 8))
                .isPresent();
        assertThat(PinnedObserver.wrongRefusal(refusal("REVISION_COMPACTED", gone(5, 8)), 9))
                .isPresent();
        assertThat(PinnedObserver.wrongRefusal(refusal("REVISION_COMPACTED", Map.of()), 0))
                .isPresent();
        assertThat(PinnedObserver.wrongRefusal(refusal("OVERLOADED", Map.of()), 0))
                .isPresent();
        assertThat(PinnedObserver.wrongRefusal(io.grpc.Status.NOT_FOUND.asRuntimeException(), 0))
                .isPresent();
    }
}

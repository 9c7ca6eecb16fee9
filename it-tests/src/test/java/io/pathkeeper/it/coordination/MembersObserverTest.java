package io.pathkeeper.it.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.client.observe.Event;
import io.pathkeeper.client.observe.EventCause;
import io.pathkeeper.client.observe.EventType;
import io.pathkeeper.client.observe.ObserveFrame;
import io.pathkeeper.it.history.SessionEndings;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is known of the ends of sessions behind a reset. */
class MembersObserverTest {
    private final SessionEndings endings = new SessionEndings();
    private final MembersObserver observer = new MembersObserver(endings);

    /** Sessions 1 and 2 with two znodes each are told of. */
    @BeforeEach
    void createTwo() {
        created(1, "/m/1-0", "/m/1-1");
        created(2, "/m/2-0", "/m/2-1");
    }

    private void created(long session, String... paths) {
        Stream.of(paths).forEach(path -> endings.created(session, path));
        told(5, EventType.CREATED, paths);
    }

    private void told(long revision, EventType type, String... paths) {
        observer.onEvents(new ObserveFrame.Events(
                revision,
                Stream.of(paths)
                        .map(path -> new Event(type, EventCause.CLIENT, path, revision, null, null, "", null))
                        .toList()));
    }

    private void reset(long revision, String... left) {
        observer.onReset(new ObserveFrame.Reset(revision, "history"));
        observer.onExisting(new ObserveFrame.Existing(
                revision,
                Stream.of(left)
                        .map(path -> new Znode(path, null, Value.of(0), "", revision))
                        .toList()));
        observer.onSynced(new ObserveFrame.Synced(revision));
    }

    @Test
    void whatIsNoLongerThereWentAtTheRevisionOfTheStateOrBefore() {
        reset(9, "/m/2-0", "/m/2-1");
        assertThat(observer.endRevisions()).isEqualTo(Map.of(1L, 9L));
        assertThat(observer.presentCount()).isEqualTo(2);
        assertThat(endings.isComplete()).isFalse();

        told(11, EventType.DELETED, "/m/2-0", "/m/2-1");
        assertThat(observer.endRevisions()).isEqualTo(Map.of(1L, 9L, 2L, 11L));
        assertThat(endings.isComplete()).isTrue();
        assertThat(endings.violations()).isEmpty();
        assertThat(observer.faults()).isEmpty();
    }

    @Test
    void whatCameAndWentMeanwhileIsGoneAndWhatIsToldLaterIsNot() {
        endings.created(3, "/m/3-0");
        endings.created(4, "/m/4-0");
        reset(9);
        told(10, EventType.CREATED, "/m/4-0");
        assertThat(endings.isComplete()).isFalse();
        assertThat(List.of(endings.hasEnded(3), endings.hasEnded(4))).containsExactly(true, false);
    }

    @Test
    void findsASessionOfWhichAPartWent() {
        reset(9, "/m/1-1", "/m/2-0", "/m/2-1");
        assertThat(observer.faults())
                .containsExactly("at revision 9 there is still /m/1-1, though other znodes of its session have gone");
    }
}

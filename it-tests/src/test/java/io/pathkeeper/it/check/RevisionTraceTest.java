package io.pathkeeper.it.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.observe.Event;
import io.pathkeeper.client.observe.EventCause;
import io.pathkeeper.client.observe.EventType;
import io.pathkeeper.client.observe.ObserveFrame;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RevisionTraceTest {
    private final RevisionTrace trace = new RevisionTrace();

    @BeforeEach
    void completeTheState() {
        trace.onSynced(new ObserveFrame.Synced(4));
    }

    @Test
    void acceptsRevisionsInARowAndMirrorsThem() {
        trace.onEvents(frame(5, event(EventType.CREATED, "/a", 5, 1)));
        trace.onEvents(frame(6, event(EventType.UPDATED, "/a", 6, 2)));
        trace.onProgress(new ObserveFrame.Progress(6));

        assertThat(trace.faults()).isEmpty();
        assertThat(trace.mirror()).isEqualTo(Map.of("/a", Value.of(2)));
        assertThat(trace.revisionCount()).isEqualTo(2);
    }

    @Test
    void findsARevisionThatWasLeftOut() {
        trace.onEvents(frame(6, event(EventType.CREATED, "/a", 6, 1)));

        assertThat(trace.faults()).singleElement().asString().contains("left out");
    }

    @Test
    void findsARevisionThatCameTwice() {
        trace.onEvents(frame(5, event(EventType.CREATED, "/a", 5, 1)));
        trace.onEvents(frame(5, event(EventType.CREATED, "/a", 5, 1)));

        assertThat(trace.faults()).singleElement().asString().contains("repeated");
    }

    @Test
    void findsAnEventThatCameTwiceInARevision() {
        trace.onEvents(frame(5, event(EventType.CREATED, "/a", 5, 1), event(EventType.CREATED, "/a", 5, 1)));

        assertThat(trace.faults()).singleElement().asString().contains("twice");
    }

    @Test
    void findsProgressThatOvertookEvents() {
        trace.onProgress(new ObserveFrame.Progress(5));

        assertThat(trace.faults()).singleElement().asString().contains("nothing was told");
    }

    @Test
    void findsAReset() {
        trace.onReset(new ObserveFrame.Reset(9, "history"));

        assertThat(trace.faults()).singleElement().asString().contains("reset");
    }

    private static ObserveFrame.Events frame(long revision, Event... events) {
        return new ObserveFrame.Events(revision, List.of(events));
    }

    private static Event event(EventType type, String path, long revision, long value) {
        return new Event(type, EventCause.CLIENT, path, revision, null, Value.of(value), "", null);
    }
}

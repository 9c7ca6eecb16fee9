package io.pathkeeper.it.fault.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.it.fault.check.ObservedEvent.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ObserverHistoryTest {
    private static final ObservedEvent MADE = new ObservedEvent(5, "/o/a", Kind.CREATED, 1);
    private static final ObservedEvent CHANGED = new ObservedEvent(7, "/o/a", Kind.UPDATED, 2);
    private static final ObservedEvent GONE = new ObservedEvent(9, "/o/a", Kind.DELETED, 0);

    private final ObserverHistory history = new ObserverHistory();

    @Test
    void acceptsObserversThatSeeTheSame() {
        ObserverTrace whole = standing("whole", 1);
        told(whole, MADE);
        whole.progress(6);
        told(whole, CHANGED);
        whole.broken();
        whole.created(8);
        told(whole, GONE);
        history.add(whole);
        ObserverTrace late = standing("late", 6);
        told(late, CHANGED);
        history.add(late);
        history.add(withState("state", 7, 2));
        history.acknowledged(CHANGED);
        assertThat(history.violations()).isEmpty();
    }

    @Test
    void findsAChangeThatWasLeftOutByProgress() {
        ObserverTrace whole = standing("whole", 1);
        told(whole, MADE);
        history.add(whole);
        ObserverTrace other = standing("other", 1);
        other.progress(5);
        history.add(other);
        assertThat(history.violations()).singleElement().asString().startsWith("left out: other");
    }

    @Test
    void findsAnAcknowledgedChangeThatNobodyWasToldOf() {
        ObserverTrace whole = standing("whole", 1);
        whole.progress(8);
        history.add(whole);
        history.acknowledged(CHANGED);
        assertThat(history.violations()).singleElement().asString().startsWith("left out: whole");
    }

    @Test
    void findsChangesThatAreToldTwiceOrOutOfOrder() {
        ObserverTrace trace = standing("trace", 1);
        told(trace, CHANGED);
        told(trace, MADE);
        told(trace, CHANGED);
        history.add(trace);
        assertThat(history.violations())
                .contains(
                        "trace: changes of 5 though everything up to 7 had been told",
                        "trace: changes of 7 though everything up to 7 had been told");
    }

    @Test
    void findsAChangeBehindProgressAndOneBelowTheStart() {
        ObserverTrace trace = standing("trace", 1);
        trace.progress(7);
        told(trace, CHANGED);
        history.add(trace);
        ObserverTrace future = standing("future", 8);
        told(future, CHANGED);
        history.add(future);
        assertThat(history.violations())
                .containsExactly(
                        "trace: changes of 7 though everything up to 7 had been told",
                        "future: changes of 7 though everything up to 7 had been told");
    }

    @Test
    void findsARevisionThatIsTornApart() {
        ObserverTrace trace = standing("trace", 1);
        trace.events(5, List.of(MADE), true);
        told(trace, CHANGED);
        history.add(trace);
        assertThat(history.violations()).contains("trace: changes of 7 within those of 5");
    }

    @Test
    void aRevisionOfWhichAPartWasToldIsToldAgainWhenTheConnectionBreaks() {
        ObserverTrace trace = standing("trace", 1);
        trace.events(5, List.of(MADE), true);
        trace.broken();
        assertThat(trace.next()).isEqualTo(5);
        trace.created(5);
        told(trace, MADE);
        history.add(trace);
        assertThat(history.violations()).isEmpty();
    }

    @Test
    void findsAResumptionThatLeavesRevisionsOut() {
        ObserverTrace trace = standing("trace", 1);
        told(trace, MADE);
        trace.broken();
        trace.created(8);
        history.add(trace);
        assertThat(history.violations()).singleElement().asString().contains("later than was asked for");
    }

    @Test
    void findsValuesThatDiffer() {
        ObserverTrace trace = standing("trace", 1);
        told(trace, new ObservedEvent(7, "/o/a", Kind.UPDATED, 3));
        history.add(trace);
        history.acknowledged(CHANGED);
        assertThat(history.violations()).singleElement().asString().startsWith("told differently");
    }

    @Test
    void findsAnInitialStateThatIsNotTheOneOfItsRevision() {
        ObserverTrace whole = standing("whole", 1);
        told(whole, MADE);
        told(whole, CHANGED);
        history.add(whole);
        history.add(withState("early", 6, 2));
        assertThat(history.violations())
                .singleElement()
                .asString()
                .startsWith("initial state at 6 of early has {/o/a=2}");
    }

    @Test
    void findsWhatWasNotAskedFor() {
        ObserverTrace trace = new ObserverTrace("deletions", event -> event.kind() == Kind.DELETED, false);
        trace.created(1);
        told(trace, CHANGED);
        history.add(trace);
        assertThat(history.violations()).first().asString().startsWith("deletions: not asked for");
    }

    @Test
    void findsAnObserverThatFellBehindForGood() {
        ObserverTrace trace = standing("trace", 1);
        told(trace, MADE);
        trace.progress(6);
        trace.due(6);
        trace.due(7);
        history.add(trace);
        assertThat(history.violations())
                .containsExactly(
                        "trace: was told of everything up to 6 only, though 7 was acknowledged and all servers are well");
    }

    @Test
    void findsATreeThatTheChangesDoNotMake() {
        ObserverTrace whole = standing("whole", 1);
        told(whole, MADE);
        told(whole, CHANGED);
        history.add(whole);
        history.tree("s1", 8, Map.of("/o/a", 2L));
        assertThat(history.violations()).isEmpty();

        history.tree("s2", 8, Map.of("/o/a", 1L));
        history.tree("s3", 8, Map.of("/o/a", 2L, "/o/b", 9L));

        assertThat(history.violations())
                .containsExactly(
                        "the tree at 8 on s2 has {/o/a=1} and should have {/o/a=2}",
                        "the tree at 8 on s3 has {/o/b=9} and should have {}");
    }

    @Test
    void findsAPreviousValueThatWasNot() {
        ObserverTrace whole = standing("whole", 1);
        told(whole, MADE);
        whole.previous(MADE, null);
        told(whole, CHANGED);
        whole.previous(CHANGED, 1L);
        told(whole, GONE);
        whole.previous(GONE, 2L);
        history.add(whole);
        assertThat(history.violations()).isEmpty();

        ObserverTrace other = standing("other", 6);
        told(other, CHANGED);
        other.previous(CHANGED, 0L);
        told(other, GONE);
        other.previous(GONE, null);
        history.add(other);

        assertThat(history.violations())
                .containsExactly(
                        "previous value: other was told at 7 that /o/a had been 0, it had been 1",
                        "previous value: other was told at 9 that /o/a had been null, it had been 2");
    }

    private static ObserverTrace standing(String name, long from) {
        ObserverTrace trace = new ObserverTrace(name, event -> true, false);
        trace.created(from);
        return trace;
    }

    private static ObserverTrace withState(String name, long revision, long value) {
        ObserverTrace trace = new ObserverTrace(name, event -> true, true);
        trace.created(revision + 1);
        trace.existing("/o/a", value);
        trace.synced(revision);
        return trace;
    }

    private static void told(ObserverTrace trace, ObservedEvent event) {
        trace.events(event.revision(), List.of(event), false);
    }
}

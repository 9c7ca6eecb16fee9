package io.pathkeeper.it.fault.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.it.fault.check.ObservedEvent.Kind;
import io.pathkeeper.it.fault.check.ObserverHistory.Attempt;
import io.pathkeeper.it.fault.check.ObserverTrace.Wanted;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ObserverHistoryTest {
    private static final ObservedEvent MADE = new ObservedEvent(5, "/o/a", Kind.CREATED, 1);
    private static final ObservedEvent CHANGED = new ObservedEvent(7, "/o/a", Kind.UPDATED, 2);
    private static final ObservedEvent GONE = new ObservedEvent(9, "/o/a", Kind.DELETED, 0);

    private final ObserverHistory history = new ObserverHistory();

    @BeforeEach
    void everythingWasTried() {
        List.of(MADE, CHANGED, GONE).forEach(event -> history.attempted(attempt(event)));
    }

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
        assertThat(history.violations()).containsExactly("trace: resumed at 8, asked for was 6");
    }

    @Test
    void findsABeginningThatIsNotTheOneAskedFor() {
        for (long begun : List.of(4L, 6L)) {
            ObserverTrace trace = new ObserverTrace("trace", 5, Wanted.EVERYTHING, false);
            trace.created(begun);
            history.add(trace);
        }
        assertThat(history.violations())
                .containsExactly("trace: begins at 4, asked for was 5", "trace: begins at 6, asked for was 5");
    }

    @Test
    void findsAResumptionThatGoesBack() {
        ObserverTrace trace = standing("trace", 1);
        told(trace, MADE);
        trace.broken();
        trace.created(5);
        history.add(trace);
        assertThat(history.violations()).containsExactly("trace: resumed at 5, asked for was 6");
    }

    @Test
    void findsProgressThatGoesBackAndProgressBelowAFutureStart() {
        ObserverTrace back = standing("back", 1);
        back.progress(8);
        back.progress(7);
        history.add(back);
        ObserverTrace future = standing("future", 20);
        future.progress(18);
        history.add(future);
        assertThat(history.violations())
                .containsExactly(
                        "back: progress 7 though everything up to 8 had been told",
                        "future: progress 18 though everything up to 19 had been told");
    }

    @Test
    void findsAResetThatGoesBackAndAnInitialStateOfAnotherRevision() {
        ObserverTrace back = standing("back", 1);
        back.progress(8);
        back.reset(7);
        history.add(back);
        ObserverTrace state = new ObserverTrace("state", 0, Wanted.EVERYTHING, true);
        state.created(9);
        state.synced(4);
        history.add(state);
        assertThat(history.violations())
                .containsExactly(
                        "back: reset to 7 though everything up to 8 had been told",
                        "state: the initial state is of 4, changes begin at 9");
    }

    @Test
    void findsWhatNobodyWroteAndWhatWasRefusedAndWhatWasDoneTwice() {
        ObserverTrace whole = standing("whole", 1);
        told(whole, MADE);
        told(whole, CHANGED);
        told(whole, new ObservedEvent(8, "/o/a", Kind.UPDATED, 2));
        told(whole, GONE);
        told(whole, new ObservedEvent(10, "/o/a", Kind.CREATED, 77));
        history.add(whole);
        history.refused(attempt(MADE));
        history.tree("s1", 10, Map.of("/o/a", 77L));
        String often = "done more often than tried, refused tries not counted: ";
        assertThat(history.violations())
                .containsExactly(
                        often + MADE,
                        often + new ObservedEvent(8, "/o/a", Kind.UPDATED, 2),
                        "nobody wrote: " + new ObservedEvent(10, "/o/a", Kind.CREATED, 77));
    }

    @Test
    void whatARecursiveDeletionTakesAlongWasNotAskedForByItself() {
        ObservedEvent child = new ObservedEvent(9, "/o/a/c", Kind.DELETED, 0);
        ObserverTrace whole = standing("whole", 1);
        whole.events(9, List.of(child, GONE), false);
        history.add(whole);
        assertThat(history.violations()).isEmpty();

        ObserverTrace alone = standing("alone", 1);
        alone.events(10, List.of(new ObservedEvent(10, "/o/a/c", Kind.DELETED, 0)), false);
        history.add(alone);
        assertThat(history.violations()).anyMatch(violation -> violation.startsWith("nobody wrote: "));
    }

    @Test
    void findsValuesThatDiffer() {
        ObserverTrace trace = standing("trace", 1);
        ObservedEvent other = new ObservedEvent(7, "/o/a", Kind.UPDATED, 3);
        history.attempted(attempt(other));
        told(trace, other);
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
        ObserverTrace trace = new ObserverTrace(
                "deletions", 0, new Wanted(event -> event.kind() == Kind.DELETED, path -> true), false);
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

    private static Attempt attempt(ObservedEvent event) {
        return new Attempt(event.path(), event.kind(), event.value());
    }

    private static ObserverTrace standing(String name, long from) {
        ObserverTrace trace = new ObserverTrace(name, from, Wanted.EVERYTHING, false);
        trace.created(from);
        return trace;
    }

    private static ObserverTrace withState(String name, long revision, long value) {
        ObserverTrace trace = new ObserverTrace(name, 0, Wanted.EVERYTHING, true);
        trace.created(revision + 1);
        trace.existing("/o/a", value);
        trace.synced(revision);
        return trace;
    }

    private static void told(ObserverTrace trace, ObservedEvent event) {
        trace.events(event.revision(), List.of(event), false);
    }
}

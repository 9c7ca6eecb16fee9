package io.pathkeeper.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.observe.ObserveChecker.Asked;
import io.pathkeeper.server.observe.ObserveChecker.Change;
import io.pathkeeper.server.observe.ObserveChecker.Node;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A checker that finds nothing wrong proves nothing: every fault that it must find is planted here. */
@Timeout(30)
class ObserveCheckerTest {
    private static final Change A1 = created(1, "/a", "one");
    private static final Change A2 = updated(2, "/a", "two", "one");
    private static final Change B3 = created(3, "/b", "x");
    private static final Change C3 = created(3, "/c", "y");
    private static final Change OTHER4 = created(4, "/other", "z");
    private static final Change A5 = deleted(5, "/a", "two");
    private static final Change B6 = updated(6, "/b", "xx", "x");

    private final ObserveReference reference = new ObserveReference(Map.of("/", new Node("", "PERSISTENT")));

    ObserveCheckerTest() {
        reference.add(1, List.of(A1));
        reference.add(2, List.of(A2));
        reference.add(3, List.of(B3, C3));
        reference.add(4, List.of(OTHER4));
        reference.add(5, List.of(A5));
        reference.add(6, List.of(B6));
    }

    private static Change created(long revision, String path, String value) {
        return new Change(revision, "CREATED", path, "PERSISTENT", value, null);
    }

    private static Change updated(long revision, String path, String value, String previous) {
        return new Change(revision, "UPDATED", path, "PERSISTENT", value, previous);
    }

    private static Change deleted(long revision, String path, String previous) {
        return new Change(revision, "DELETED", path, "PERSISTENT", null, previous);
    }

    private static Asked asked(long start, boolean initial, boolean resync, boolean coalesce, boolean once) {
        return new Asked(
                change -> !change.path().startsWith("/other"),
                (path, node) -> !path.startsWith("/other"),
                start,
                0,
                initial,
                resync,
                coalesce,
                once,
                true,
                true,
                true);
    }

    private List<String> violations(Asked asked, Consumer<ObserveChecker> stream) {
        ObserveChecker checker = new ObserveChecker(asked);
        stream.accept(checker);
        return checker.violations(reference, 6);
    }

    private static void rest(ObserveChecker c) {
        c.events(5, List.of(A5), false);
        c.events(6, List.of(B6), false);
    }

    private static void right(ObserveChecker c) {
        c.created(1, 6);
        c.events(1, List.of(A1), false);
        c.events(2, List.of(A2), false);
        c.events(3, List.of(B3), true);
        c.events(3, List.of(C3), false);
        c.progress(4);
        rest(c);
        c.progress(6);
    }

    private static void rightFromState(ObserveChecker c) {
        c.created(3, 6);
        c.existing(2, Map.of("/", new Node("", "PERSISTENT")), 1);
        c.existing(2, Map.of("/a", new Node("two", "PERSISTENT")), 1);
        c.synced(2);
        c.events(3, List.of(B3, C3), false);
        rest(c);
    }

    private static void rightReset(ObserveChecker c) {
        c.created(1, 6);
        c.events(1, List.of(A1), false);
        c.reset(4);
        c.existing(
                4,
                Map.of(
                        "/", new Node("", "PERSISTENT"),
                        "/a", new Node("two", "PERSISTENT"),
                        "/b", new Node("x", "PERSISTENT"),
                        "/c", new Node("y", "PERSISTENT")),
                4);
        c.synced(4);
        rest(c);
    }

    @Test
    void rightStreamsPass() {
        assertThat(violations(asked(1, false, false, false, false), ObserveCheckerTest::right))
                .isEmpty();
        assertThat(violations(asked(0, true, false, false, false), ObserveCheckerTest::rightFromState))
                .isEmpty();
        assertThat(violations(asked(1, false, true, false, false), ObserveCheckerTest::rightReset))
                .isEmpty();
        assertThat(violations(asked(1, false, false, true, false), c -> {
                    c.created(1, 6);
                    c.events(3, List.of(C3), false);
                    rest(c);
                }))
                .as("coalesced: /a was deleted later, /b changed later")
                .isEmpty();
        assertThat(violations(asked(1, false, false, false, true), c -> {
                    c.created(1, 6);
                    c.events(1, List.of(A1), false);
                    c.ended("OK");
                }))
                .isEmpty();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("a dropped event", "W-3", c -> {
                    c.created(1, 6);
                    c.events(1, List.of(A1), false);
                    c.events(3, List.of(B3, C3), false);
                    rest(c);
                }),
                fault("an event dropped at the end", "W-6", c -> {
                    c.created(1, 6);
                    c.events(1, List.of(A1), false);
                    c.events(2, List.of(A2), false);
                    c.events(3, List.of(B3, C3), false);
                    c.events(5, List.of(A5), false);
                }),
                fault("a doubled event", "W-2", c -> {
                    c.created(1, 6);
                    c.events(1, List.of(A1), false);
                    c.events(1, List.of(A1), false);
                }),
                fault("an early progress", "W-6", c -> {
                    c.created(1, 6);
                    c.events(1, List.of(A1), false);
                    c.progress(2);
                    c.events(2, List.of(A2), false);
                }),
                fault("a progress that goes back", "W-1", c -> {
                    c.created(1, 6);
                    c.events(1, List.of(A1), false);
                    c.events(2, List.of(A2), false);
                    c.progress(1);
                }),
                fault("two revisions in the wrong order", "W-1", c -> {
                    c.created(1, 6);
                    c.events(2, List.of(A2), false);
                    c.events(1, List.of(A1), false);
                }),
                fault("two events of a revision in the wrong order", "W-4", c -> {
                    c.created(1, 6);
                    c.events(1, List.of(A1), false);
                    c.events(2, List.of(A2), false);
                    c.events(3, List.of(C3, B3), false);
                    rest(c);
                }),
                fault("half a revision", "W-4", c -> {
                    c.created(1, 6);
                    c.events(1, List.of(A1), false);
                    c.events(2, List.of(A2), false);
                    c.events(3, List.of(B3), false);
                    rest(c);
                }),
                fault("something between two fragments", "W-4", c -> {
                    c.created(1, 6);
                    c.events(1, List.of(A1), false);
                    c.events(2, List.of(A2), false);
                    c.events(3, List.of(B3), true);
                    c.progress(2);
                    c.events(3, List.of(C3), false);
                    rest(c);
                }),
                fault("a last fragment that never comes", "W-4", c -> {
                    c.created(1, 6);
                    c.events(1, List.of(A1), false);
                    c.events(2, List.of(A2), false);
                    c.events(3, List.of(B3), true);
                }),
                fault("a start later than asked", "W-5", c -> {
                    c.created(2, 6);
                    c.events(2, List.of(A2), false);
                    c.events(3, List.of(B3, C3), false);
                    rest(c);
                }),
                fault("a reset that was not asked for", "W-5", ObserveCheckerTest::rightReset),
                fault("a wrong previous value", "W-10", c -> {
                    c.created(1, 6);
                    c.events(1, List.of(A1), false);
                    c.events(2, List.of(updated(2, "/a", "two", "zero")), false);
                    c.events(3, List.of(B3, C3), false);
                    rest(c);
                }),
                fault("an event that the filter excludes", "W-11", c -> {
                    c.created(1, 6);
                    c.events(1, List.of(A1), false);
                    c.events(2, List.of(A2), false);
                    c.events(3, List.of(B3, C3), false);
                    c.events(4, List.of(OTHER4), false);
                    rest(c);
                }),
                fault("a frame behind the end", "W-12", c -> {
                    c.created(1, 6);
                    c.ended("SLOW_CONSUMER");
                    c.events(1, List.of(A1), false);
                }),
                fault("an end without a reason", "W-12", c -> {
                    c.created(1, 6);
                    c.events(1, List.of(A1), false);
                    c.ended("OK");
                }));
    }

    private static Arguments fault(String name, String promise, Consumer<ObserveChecker> stream) {
        return Arguments.of(name, promise, stream);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void findsInEvents(String name, String promise, Consumer<ObserveChecker> stream) {
        assertThat(violations(asked(1, false, false, false, false), stream))
                .as(name)
                .anyMatch(v -> v.contains(promise));
    }

    static Stream<Arguments> stateFaults() {
        return Stream.of(
                fault("a missing znode", "W-7", c -> {
                    c.created(3, 6);
                    c.existing(2, Map.of("/", new Node("", "PERSISTENT")), 1);
                    c.synced(2);
                }),
                fault("an old value", "W-7", c -> {
                    c.created(3, 6);
                    c.existing(2, Map.of("/", new Node("", "PERSISTENT"), "/a", new Node("one", "PERSISTENT")), 2);
                    c.synced(2);
                }),
                fault("frames of two revisions", "W-7", c -> {
                    c.created(3, 6);
                    c.existing(2, Map.of("/", new Node("", "PERSISTENT")), 1);
                    c.existing(3, Map.of("/a", new Node("two", "PERSISTENT")), 1);
                    c.synced(2);
                }),
                fault("an event inside", "W-7", c -> {
                    c.created(3, 6);
                    c.existing(2, Map.of("/", new Node("", "PERSISTENT")), 1);
                    c.events(3, List.of(B3, C3), false);
                }),
                fault("a gap behind", "W-3", c -> {
                    c.created(3, 6);
                    c.existing(2, Map.of("/", new Node("", "PERSISTENT"), "/a", new Node("two", "PERSISTENT")), 2);
                    c.synced(2);
                    rest(c);
                }),
                fault("an overlap", "W-1", c -> {
                    c.created(3, 6);
                    c.existing(2, Map.of("/", new Node("", "PERSISTENT"), "/a", new Node("two", "PERSISTENT")), 2);
                    c.synced(2);
                    c.events(2, List.of(A2), false);
                }),
                fault("no end", "W-7", c -> {
                    c.created(3, 6);
                    c.existing(2, Map.of("/", new Node("", "PERSISTENT")), 1);
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stateFaults")
    void findsInTheInitialState(String name, String promise, Consumer<ObserveChecker> stream) {
        assertThat(violations(asked(0, true, false, false, false), stream))
                .as(name)
                .anyMatch(v -> v.contains(promise));
    }

    @Test
    void findsProgressBelowAFutureStart() {
        assertThat(violations(asked(6, false, false, false, false), c -> {
                    c.created(6, 6);
                    c.progress(4);
                }))
                .anyMatch(v -> v.contains("W-8"));
    }

    @Test
    void findsAStartThatLeavesOutTheNextChange() {
        assertThat(violations(asked(0, false, false, false, false), c -> c.created(4, 2)))
                .as("told from 4 on while the store was at 2: what happens at 3 is lost")
                .anyMatch(v -> v.contains("W-5"));
    }

    @Test
    void findsAResetThatGoesBack() {
        assertThat(violations(asked(1, false, true, false, false), c -> {
                    c.created(1, 6);
                    c.events(1, List.of(A1), false);
                    c.events(2, List.of(A2), false);
                    c.reset(1);
                }))
                .anyMatch(v -> v.contains("W-1"));
    }

    @Test
    void findsWhatACoalescedStreamOwes() {
        assertThat(violations(asked(1, false, false, true, false), c -> {
                    c.created(1, 6);
                    c.events(5, List.of(A5), false);
                    c.events(6, List.of(B6), false);
                }))
                .as("the newest event of /c never came")
                .anyMatch(v -> v.contains("W-3"));
    }
}

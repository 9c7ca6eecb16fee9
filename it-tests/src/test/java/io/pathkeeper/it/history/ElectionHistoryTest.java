package io.pathkeeper.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** One planted fault for each promise. */
class ElectionHistoryTest {
    private final ElectionHistory history = new ElectionHistory();

    @Test
    void findsNothingInARightHistory() {
        history.elected(5, "a");
        history.observed("o", 5, 5);
        history.observed("o", 5, 7);
        history.observed("o", 0, 8);
        history.elected(9, "b");
        history.observed("o", 9, 9);
        history.elected(12, "a");
        history.observed("o", 12, 12);
        history.observed("late", 12, 12);

        assertThat(history.violations()).isEmpty();
        assertThat(history.newestTerm("o")).isEqualTo(12);
    }

    @Test
    void findsALeaderThatWasLeftOut() {
        history.elected(5, "a");
        history.elected(9, "b");
        history.elected(12, "a");
        history.observed("o", 5, 5);
        history.observed("o", 12, 12);

        assertThat(history.violations()).containsExactly("o did not see the leader of term 9");
    }

    @Test
    void findsTermsThatGoBack() {
        history.observed("o", 9, 9);
        history.observed("o", 5, 10);

        assertThat(history.violations()).containsExactly("o saw term 5 behind term 9");
    }

    @Test
    void findsALeaderThatIsToldTwice() {
        history.observed("o", 9, 9);
        history.observed("o", 9, 9);

        assertThat(history.violations()).containsExactly("o was told of revision 9 behind 9");
    }

    @Test
    void findsTwoLeadersInATerm() {
        history.elected(9, "a");
        history.elected(9, "b");

        assertThat(history.violations()).containsExactly("two leaders in term 9, one is b");
    }
}

package io.pathkeeper.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One planted fault for each promise. */
class SessionEndingsTest {
    private final SessionEndings endings = new SessionEndings();

    @BeforeEach
    void createThree() {
        endings.created(1, "/a");
        endings.created(1, "/b");
        endings.created(2, "/c");
    }

    @Test
    void findsNothingWhenAllGoTogether() {
        endings.deleted(5, List.of("/b", "/a"));

        assertThat(endings.violations()).isEmpty();
        assertThat(endings.isComplete()).isFalse();
        assertThat(endings.endedCount()).isEqualTo(1);
    }

    @Test
    void isCompleteWhenNothingIsLeft() {
        endings.deleted(5, List.of("/b", "/a"));
        endings.deleted(6, List.of("/c"));

        assertThat(endings.isComplete()).isTrue();
    }

    @Test
    void findsTwoRevisions() {
        endings.deleted(5, List.of("/a"));
        endings.deleted(6, List.of("/b"));

        assertThat(endings.violations()).singleElement().asString().startsWith("what session 1 left went at revisions");
    }

    @Test
    void findsTwoBatches() {
        endings.deleted(5, List.of("/a"));
        endings.deleted(5, List.of("/b"));

        assertThat(endings.violations()).containsExactly("what session 1 left went in 2 batches");
    }

    @Test
    void findsWhateverADeadSessionIsNotRefusedForBeingOver() {
        endings.usedBehindEnd(1, "a renewal at s1", "SESSION_EXPIRED");
        assertThat(endings.violations()).isEmpty();

        endings.usedBehindEnd(1, "a renewal at s2", "");
        endings.usedBehindEnd(1, "a new ephemeral znode at s3", "PARENT_NOT_FOUND");

        assertThat(endings.violations())
                .containsExactly(
                        "session 1 was over, and a renewal at s2 was not refused with a reason",
                        "session 1 was over, and a new ephemeral znode at s3 was refused with PARENT_NOT_FOUND");
        assertThat(endings.usedBehindEndCount()).isEqualTo(3);
    }

    @Test
    void findsAZnodeThatWasLeft() {
        endings.deleted(5, List.of("/a"));

        assertThat(endings.violations()).containsExactly("session 1 ended at revision [5] and left [/b]");
    }

    @Test
    void findsADeletionThatIsToldTwice() {
        endings.deleted(5, List.of("/c", "/c"));

        assertThat(endings.violations()).containsExactly("/c was deleted twice at revision 5");
    }
}

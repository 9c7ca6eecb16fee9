package io.pathkeeper.it.fault.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.it.fault.check.SequentialNames.Creation;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CollectionsTest {
    @Test
    void whatWasAcknowledgedStandsThereOnceAndWhatNobodyKnowsOfMay() {
        AddedNumbers added = new AddedNumbers("/set");
        added.acknowledged(1);
        added.unknown(2);
        added.refused(3);
        assertThat(added.violations(List.of(1L))).isEmpty();
        assertThat(added.violations(List.of(2L, 1L))).isEmpty();
        assertThat(added.violations(List.of(2L))).containsExactly("lost: 1 was acknowledged and is not in /set");
        assertThat(added.violations(List.of(1L, 3L, 4L, 1L)))
                .containsExactly(
                        "applied though refused: 3 in /set", "invented: 4 in /set", "doubled: 1 stands twice in /set");
        added.removed(1);
        assertThat(added.violations(List.of(1L)))
                .containsExactly("back again: 1 in /set, whose removal was acknowledged");
        assertThat(added.violations(List.of())).isEmpty();
    }

    @Test
    void numbersOfNamesGrowWithRevisionsAndTime() {
        SequentialNames names = new SequentialNames();
        assertThat(names.violations()).isEmpty();
        names.created(new Creation(0, 10, 0, 5));
        names.created(new Creation(1, 11, 0, 5));
        names.created(new Creation(5, 20, 6, 9));
        assertThat(names.violations()).isEmpty();
        names.created(new Creation(3, 21, 6, 9));
        assertThat(names.violations()).singleElement().asString().startsWith("not in the order of revisions");
    }

    @Test
    void findsANumberThatIsGivenTwiceOrTooLate() {
        SequentialNames names = new SequentialNames();
        names.created(new Creation(1, 10, 0, 5));
        names.created(new Creation(1, 11, 0, 5));
        assertThat(names.violations()).first().asString().startsWith("one number twice");
        SequentialNames late = new SequentialNames();
        late.created(new Creation(4, 12, 0, 5));
        late.created(new Creation(3, 11, 6, 9));
        assertThat(late.violations()).singleElement().asString().startsWith("not in the order of time");
    }
}

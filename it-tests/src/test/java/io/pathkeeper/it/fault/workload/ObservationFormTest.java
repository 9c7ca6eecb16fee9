package io.pathkeeper.it.fault.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.it.fault.check.ObservedEvent;
import io.pathkeeper.it.fault.check.ObservedEvent.Kind;
import io.pathkeeper.it.fault.check.ObserverTrace.Wanted;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ObservationFormTest {
    private static final String TOP = ObserverWorkload.ROOT;

    /** What a form asks for by this filter. */
    private static Wanted wanted(String filter) {
        SplittableRandom dice = new SplittableRandom(1);
        return Stream.generate(() -> ObservationForm.any("observer", dice, 1, 1))
                .map(ObservationForm::filter)
                .filter(one -> one.text().equals(filter))
                .findFirst()
                .orElseThrow()
                .wanted();
    }

    private static List<String> told(String filter) {
        return Stream.of("/z3", "/z1", "/z3/c1")
                .flatMap(path -> Stream.of(Kind.CREATED, Kind.UPDATED, Kind.DELETED)
                        .filter(kind -> wanted(filter).changes().test(new ObservedEvent(5, TOP + path, kind, 0)))
                        .map(kind -> kind + " " + path))
                .toList();
    }

    private static List<String> shown(String filter) {
        return Stream.of("/z3", "/z1", "/z3/c1")
                .filter(path -> wanted(filter).znodes().test(TOP + path))
                .toList();
    }

    @Test
    void everyFilterKnowsWhatItIsToldAndWhatItIsShown() {
        assertThat(told("one znode")).containsExactly("CREATED /z3", "UPDATED /z3", "DELETED /z3");
        assertThat(shown("one znode")).containsExactly("/z3");
        assertThat(told("children")).containsExactly("CREATED /z3", "DELETED /z3", "CREATED /z1", "DELETED /z1");
        assertThat(shown("children")).containsExactly("/z3", "/z1");
        assertThat(told("deletions")).containsExactly("DELETED /z3", "DELETED /z1", "DELETED /z3/c1");
        assertThat(shown("deletions")).containsExactly("/z3", "/z1", "/z3/c1");
        assertThat(told("names z1*")).containsExactly("CREATED /z1", "UPDATED /z1", "DELETED /z1");
        assertThat(shown("names z1*")).containsExactly("/z1");
    }

    @Test
    void aLargeTextStandsForItsNumber() {
        String text = LargeNumber.text(77, 100_000);
        assertThat(text).hasSize(100_000);
        assertThat(LargeNumber.number(text)).isEqualTo(77);
    }
}

package io.pathkeeper.it.fault.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FormCountsTest {
    private final FormCounts counts = new FormCounts();

    @Test
    void tellsWhatThereWasAndWhatThereWasNot() {
        counts.count("slow");
        counts.count("slow");
        counts.count(FormCounts.RESETS);
        assertThat(counts.missing(List.of("slow", "children"))).containsExactly("children");
        assertThat(counts).hasToString("{resets=1, slow=2}");
    }

    @Test
    void everyFormHasItsTurn() {
        SplittableRandom dice = new SplittableRandom(7);
        for (int i = 0; i < 100; i++) {
            ObservationForm.any("observer", dice, 10, 10_000).labels().forEach(counts::count);
        }
        assertThat(counts.missing(ObservationForm.LABELS)).isEmpty();
    }
}

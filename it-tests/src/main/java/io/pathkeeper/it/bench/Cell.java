package io.pathkeeper.it.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** All samples of one store with one workload and one number of outstanding calls. */
final class Cell {
    private final List<Sample> samples = new ArrayList<>();

    void add(Sample sample) {
        samples.add(sample);
    }

    List<Sample> samples() {
        return samples;
    }

    Spread spread(ToDoubleFunction<Sample> figure) {
        return Spread.of(samples.stream().mapToDouble(figure));
    }

    double median(ToDoubleFunction<Sample> figure) {
        return spread(figure).median();
    }

    double least(ToDoubleFunction<Sample> figure) {
        return spread(figure).least();
    }

    double most(ToDoubleFunction<Sample> figure) {
        return spread(figure).most();
    }

    long failedCount() {
        return samples.stream().mapToLong(Sample::failedCount).sum();
    }
}

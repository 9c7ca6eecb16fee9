package io.pathkeeper.it.bench;

import java.util.Collection;
import java.util.stream.DoubleStream;

/**
 * Some values of one figure.
 *
 * @param median the middle one; of an even number the mean of the two in the middle; NaN when there is none
 * @param least the least; NaN when there is none
 * @param most the greatest; NaN when there is none
 * @param count how many there are
 */
record Spread(double median, double least, double most, int count) {
    static Spread of(Collection<Double> values) {
        return of(values.stream().mapToDouble(Double::doubleValue));
    }

    static Spread of(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        int count = sorted.length;
        if (count == 0) {
            return new Spread(Double.NaN, Double.NaN, Double.NaN, 0);
        }
        double median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
        return new Spread(median, sorted[0], sorted[count - 1], count);
    }
}

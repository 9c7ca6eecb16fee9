package io.pathkeeper.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ComparisonTest {
    private static final Comparison.Key KEY = new Comparison.Key(Workload.SET, 16, 0);

    @Test
    void everyStoreHasEveryPlaceOnceInAsManyRepeatsAsThereAreStores() {
        List<String> stores = List.of("a", "b", "c");

        List<List<String>> orders = new ArrayList<>();
        for (int repeat = 0; repeat < 4; repeat++) {
            orders.add(Comparison.order(stores, repeat));
        }

        assertThat(orders)
                .containsExactly(
                        List.of("a", "b", "c"), List.of("b", "c", "a"), List.of("c", "a", "b"), List.of("a", "b", "c"));
        assertThat(stores).containsExactly("a", "b", "c");
    }

    @Test
    void theMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
        Cell cell = cell(sample(400, 1, 1), sample(100, 1, 1), sample(200, 1, 1), sample(9_000, 1, 1));

        assertThat(cell.median(Sample::perSecond)).isEqualTo(300);
        assertThat(cell.least(Sample::perSecond)).isEqualTo(100);
        assertThat(cell.most(Sample::perSecond)).isEqualTo(9_000);
        assertThat(new Cell().median(Sample::perSecond)).isNaN();
    }

    @Test
    void eachRatioIsToTheBetterPeerInThatFigure() {
        Cell ours = cell(sample(1_000, 2, 0.5));
        Cell fast = cell(sample(500, 4, 4)); // more calls a second
        Cell thrifty = cell(sample(250, 8, 1)); // less processor time, 4 ms a call as the other has 8

        Ratios ratios = Ratios.of(ours, List.of(fast, thrifty));

        assertThat(ratios.throughput()).isEqualTo(2);
        assertThat(ratios.p50()).isCloseTo(0.5, within(0.01));
        assertThat(ratios.serverCpu()).isCloseTo((0.5 / 1_000) / (1.0 / 250), within(1e-9));
    }

    @Test
    void theTableComparesWithPeersAndWithoutThemWithTheLastStore() {
        Map<Comparison.Key, Map<String, Cell>> cells = new LinkedHashMap<>();
        Map<String, Cell> stores = new LinkedHashMap<>();
        stores.put("Pathkeeper", cell(sample(1_000, 2, 1)));
        stores.put("ZooKeeper", cell(sample(500, 2, 1)));
        stores.put("etcd", cell(sample(100, 2, 1)));
        cells.put(KEY, stores);

        assertThat(Report.markdown(cells, Set.of("ZooKeeper", "etcd")))
                .contains("| set | 16 | Pathkeeper | **1,000** |", "| 2.00, ")
                .contains("| set | 16 | etcd | **100** |", "| 0.20, ");
        assertThat(Report.markdown(cells, Set.of())).contains("| 10.00, ");
    }

    @Test
    void aRateStandsInTheLabel() {
        assertThat(new Comparison.Key(Workload.MIXED_LIN, 16, 500).label()).isEqualTo("mixed-lin at 500/s");
        assertThat(KEY.label()).isEqualTo("set");
    }

    @Test
    void aTransactionHasDifferentZnodesOnly() {
        Znodes znodes = new Znodes(13, 1);
        SplittableRandom random = new SplittableRandom(3);

        for (int i = 0; i < 100; i++) {
            assertThat(znodes.randomDistinct(random, Znodes.IN_TRANSACTION))
                    .hasSize(10)
                    .doesNotHaveDuplicates()
                    .allMatch(path -> Integer.parseInt(path.substring(path.lastIndexOf('n') + 1)) < 13);
        }
        assertThatThrownBy(() -> new Znodes(9, 1).randomDistinct(random, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("9 znodes");
    }

    @Test
    void whatIsDeletedWasCreatedBefore() {
        FreshZnodes fresh = new FreshZnodes();
        String first = fresh.create();
        String second = fresh.create();

        assertThat(fresh.delete()).isEqualTo(first);
        assertThat(fresh.left()).isEqualTo(1);
        assertThat(fresh.delete()).isEqualTo(second);
        assertThat(fresh.left()).isZero();
    }

    static Cell cell(Sample... samples) {
        Cell cell = new Cell();
        for (Sample sample : samples) {
            cell.add(sample);
        }
        return cell;
    }

    /** A second in which so many calls were answered, each after the same time. */
    static Sample sample(int calls, int millis, double serverSeconds) {
        Histogram histogram = new Histogram(3);
        histogram.recordValueWithCount(millis * 1_000L, calls);
        return new Sample(histogram, 1, serverSeconds, 0, 0, null);
    }
}

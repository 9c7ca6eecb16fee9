package io.pathkeeper.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class TrialResultsTest {
    private static final Figure LESS = Figure.less("wait, ms", 1);
    private static final Figure MORE = Figure.more("rate", 0);
    private static final Figure PLAIN = Figure.plain("count", 0);

    private final Trial trial = trial("wait", "");
    private final TrialResults results = new TrialResults();

    @Test
    void theMedianOfTheRunsStandsBesideTheBetterPeerInEachFigure() {
        for (double run : List.of(1.0, 2.0, 9.0)) {
            results.add(trial, "Pathkeeper", Map.of(LESS, run, MORE, 1_000 * run, PLAIN, run));
        }
        results.add(trial, "ZooKeeper", Map.of(LESS, 4.0, MORE, 500.0, PLAIN, 1.0));
        results.add(trial, "etcd", Map.of(LESS, 8.0, MORE, 4_000.0, PLAIN, 1.0));

        assertThat(results.markdown(Set.of("ZooKeeper", "etcd")))
                .contains("| wait | wait, ms | Pathkeeper | **2.0** | 1.0–9.0 (3) | 0.50 |\n")
                .contains("| wait | rate | Pathkeeper | **2,000** | 1,000–9,000 (3) | 0.50 |\n")
                .contains("| wait | rate | ZooKeeper | **500** | 500–500 (1) | 0.13 |\n")
                .contains("| wait | count | Pathkeeper | **2** | 1–9 (3) |  |\n");
    }

    @Test
    void withoutPeersTheLastStoreIsTheReference() {
        results.add(trial, "a", Map.of(LESS, 3.0));
        results.add(trial, "b", Map.of(LESS, 2.0));

        assertThat(results.markdown(Set.of("etcd"))).contains("| a | **3.0** | 3.0–3.0 (1) | 1.50 |");
    }

    @Test
    void thereIsNoRatioToNothing() {
        results.add(trial, "a", Map.of(LESS, 3.0));
        results.add(trial, "etcd", Map.of(LESS, 0.0));

        assertThat(results.markdown(Set.of("etcd"))).contains("| a | **3.0** | 3.0–3.0 (1) |  |");
    }

    @Test
    void everyRunIsInTheSamples() {
        results.add(trial("observe", "10"), "a", Map.of(LESS, 3.0));
        results.add(trial("observe", "10"), "a", Map.of(LESS, 2.5));

        assertThat(results.json())
                .isEqualTo("{\"store\":\"a\",\"workload\":\"observe\",\"variant\":\"10\",\"figure\":\"wait, ms\","
                        + "\"runs\":[3.000000,2.500000]}");
    }

    @Test
    void aSpreadOfNothingIsNoNumber() {
        Spread none = Spread.of(List.of());

        assertThat(none.median()).isNaN();
        assertThat(none.count()).isZero();
        assertThat(Spread.of(List.of(1.0, 4.0, 2.0, 9.0))).isEqualTo(new Spread(3, 1, 9, 4));
    }

    static Trial trial(String workload, String variant) {
        return new Trial() {
            @Override
            public String workload() {
                return workload;
            }

            @Override
            public String variant() {
                return variant;
            }

            @Override
            public Map<Figure, Double> run(Store store, PrintStream progress) {
                return Map.of();
            }
        };
    }
}

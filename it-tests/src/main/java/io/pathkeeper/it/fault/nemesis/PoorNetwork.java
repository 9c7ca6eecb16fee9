package io.pathkeeper.it.fault.nemesis;

import io.pathkeeper.it.fault.cluster.FaultCluster;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/** Messages to one server come late, or some of its packets are lost. */
enum PoorNetwork {
    DELAY,
    LOSS;

    Nemesis nemesis() {
        return this == DELAY ? new Delay() : new Loss();
    }

    private record Delay() implements Nemesis {
        @Override
        public String name() {
            return "delay";
        }

        @Override
        public String summary() {
            return "messages to one server take 20 to 500 ms longer";
        }

        @Override
        public Optional<String> whyNot(FaultCluster cluster) {
            return cluster.network().whyNoDelay();
        }

        @Override
        public Injection begin(FaultCluster cluster, SplittableRandom dice) {
            int server = dice.nextInt(cluster.size());
            Duration delay = Duration.ofMillis(dice.nextLong(20, 501));
            cluster.network().delay(server, delay);
            return new NetworkFault(
                    "messages to " + FaultCluster.name(server) + " take " + delay.toMillis() + " ms longer",
                    cluster.network());
        }
    }

    private record Loss() implements Nemesis {
        @Override
        public String name() {
            return "loss";
        }

        @Override
        public String summary() {
            return "1 to 40 % of the packets to one server are lost";
        }

        @Override
        public Optional<String> whyNot(FaultCluster cluster) {
            return cluster.network().whyNoLoss();
        }

        @Override
        public Injection begin(FaultCluster cluster, SplittableRandom dice) {
            int server = dice.nextInt(cluster.size());
            double share = dice.nextInt(1, 41) / 100.0;
            cluster.network().lose(server, share);
            return new NetworkFault(
                    String.format(
                            Locale.ROOT,
                            "%.0f %% of the packets to %s are lost",
                            share * 100,
                            FaultCluster.name(server)),
                    cluster.network());
        }
    }
}

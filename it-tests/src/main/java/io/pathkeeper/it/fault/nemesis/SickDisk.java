package io.pathkeeper.it.fault.nemesis;

import io.pathkeeper.it.fault.cluster.FaultCluster;
import io.pathkeeper.it.fault.cluster.Shim;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Syncs of one server are slow, or fail. */
enum SickDisk {
    SLOW,
    FAILING;

    Nemesis nemesis() {
        return this == SLOW ? new SlowSync() : new FailingSync();
    }

    private record SlowSync() implements Nemesis {
        @Override
        public String name() {
            return "slow-fsync";
        }

        @Override
        public String summary() {
            return "every sync of one server takes 50 ms to 3 s longer";
        }

        @Override
        public Optional<String> whyNot(FaultCluster cluster) {
            return cluster.whyNoShim();
        }

        @Override
        public Injection begin(FaultCluster cluster, SplittableRandom dice) {
            int server = dice.nextInt(cluster.size());
            Duration more = Duration.ofMillis(dice.nextLong(50, 3_001));
            Shim shim = cluster.shim(server);
            Hindered hindered = new Hindered(
                    "every sync of " + FaultCluster.name(server) + " takes " + more.toMillis() + " ms longer", shim);
            shim.slowSyncs(more);
            return hindered;
        }
    }

    /** A server whose sync failed cannot know what is on its disk: it has to end. */
    private record FailingSync() implements Nemesis {
        private static final Duration PATIENCE = Duration.ofSeconds(30);

        @Override
        public String name() {
            return "failing-fsync";
        }

        @Override
        public String summary() {
            return "every sync of one server fails, so that it has to end; then it is started again";
        }

        @Override
        public Optional<String> whyNot(FaultCluster cluster) {
            return cluster.whyNoShim();
        }

        /** It ends with the next write. */
        @Override
        public Duration hold(SplittableRandom dice) {
            return Duration.ZERO;
        }

        @Override
        public Injection begin(FaultCluster cluster, SplittableRandom dice) {
            int server = dice.nextInt(cluster.size());
            cluster.tolerateEnd(server, ExitCodes.STORAGE);
            Shim shim = cluster.shim(server);
            Hindered hindered = new Hindered("every sync of " + FaultCluster.name(server) + " fails", shim) {
                @Override
                public List<String> check() throws InterruptedException {
                    try {
                        FaultCluster.await(
                                FaultCluster.name(server) + " ends, because its syncs fail",
                                PATIENCE,
                                () -> !cluster.isRunning(server));
                        return List.of();
                    } catch (IllegalStateException e) {
                        return List.of(String.valueOf(e.getMessage()));
                    }
                }
            };
            shim.failSyncs();
            return hindered;
        }
    }

    /** A fault only when something was synced. */
    private static class Hindered extends Injection {
        private final Shim shim;
        private final long before;
        private long syncs;

        Hindered(String what, Shim shim) {
            super(what, false);
            this.shim = shim;
            this.before = shim.hinderedSyncs();
        }

        @Override
        public void end() {
            shim.heal();
            syncs = shim.hinderedSyncs() - before;
        }

        @Override
        public boolean tookEffect() {
            return syncs > 0;
        }

        @Override
        public String outcome() {
            return "hindered syncs: " + syncs;
        }
    }
}

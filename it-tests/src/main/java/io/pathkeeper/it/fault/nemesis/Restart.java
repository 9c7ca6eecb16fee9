package io.pathkeeper.it.fault.nemesis;

import io.pathkeeper.it.fault.cluster.FaultCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Servers are stopped as an operator stops them: they hand over what they lead and end well. */
enum Restart {
    LEADER,
    ROLLING;

    Nemesis nemesis() {
        return this == LEADER ? new StopLeader() : new Rolling();
    }

    private record StopLeader() implements Nemesis {
        @Override
        public String name() {
            return "stop-leader";
        }

        @Override
        public String summary() {
            return "stops the leader with SIGTERM, which hands its leadership over first, and starts it again";
        }

        @Override
        public Injection begin(FaultCluster cluster, SplittableRandom dice) throws InterruptedException {
            int leader = cluster.awaitLeader();
            List<String> problems = stopWell(cluster, leader);
            return new Injection("stopped the leader " + FaultCluster.name(leader), false) {
                @Override
                public List<String> check() {
                    return problems;
                }

                @Override
                public void end() throws InterruptedException {
                    cluster.start(leader);
                    cluster.awaitAnswers(leader);
                }
            };
        }
    }

    private record Rolling() implements Nemesis {
        @Override
        public String name() {
            return "rolling-restart";
        }

        @Override
        public String summary() {
            return "stops and starts all servers, one after the other";
        }

        @Override
        public Duration hold(SplittableRandom dice) {
            return Duration.ZERO;
        }

        @Override
        public Injection begin(FaultCluster cluster, SplittableRandom dice) throws InterruptedException {
            List<Integer> servers = Victims.shuffled(cluster.all(), dice);
            List<String> problems = new ArrayList<>();
            for (int server : servers) {
                problems.addAll(stopWell(cluster, server));
                cluster.start(server);
                cluster.awaitAllReady();
            }
            return new Injection("restarted " + FaultCluster.names(servers) + " one after the other", false) {
                @Override
                public List<String> check() {
                    return problems;
                }

                @Override
                public void end() {
                    // all run
                }
            };
        }
    }

    private static List<String> stopWell(FaultCluster cluster, int server) {
        int code = cluster.stop(server);
        return code == 0
                ? List.of()
                : List.of(FaultCluster.name(server) + " was stopped with SIGTERM and ended with exit code " + code);
    }
}

package io.pathkeeper.it.fault.nemesis;

import io.pathkeeper.it.fault.cluster.FaultCluster;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** SIGSTOP and, later, SIGCONT. */
record Pause(Victims victims) implements Nemesis {
    @Override
    public String name() {
        return "pause-" + victims.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String summary() {
        return "stops " + victims.words() + " with SIGSTOP for 0.1 to 20 s";
    }

    @Override
    public Injection begin(FaultCluster cluster, SplittableRandom dice) throws InterruptedException {
        List<Integer> paused = victims.choose(cluster, dice);
        paused.forEach(cluster::pause);
        return new Injection("paused " + FaultCluster.names(paused), false) {
            @Override
            public void end() {
                paused.forEach(cluster::resume);
            }
        };
    }
}

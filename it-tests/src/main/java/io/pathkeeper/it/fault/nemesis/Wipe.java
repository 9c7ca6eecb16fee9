package io.pathkeeper.it.fault.nemesis;

import io.pathkeeper.it.fault.cluster.FaultCluster;
import java.util.SplittableRandom;

/** A server loses its disk and comes back with an empty one. */
record Wipe() implements Nemesis {
    @Override
    public String name() {
        return "wipe";
    }

    @Override
    public String summary() {
        return "kills one server, deletes all its data and starts it again";
    }

    @Override
    public Injection begin(FaultCluster cluster, SplittableRandom dice) {
        int server = dice.nextInt(cluster.size());
        cluster.kill(server);
        cluster.wipe(server);
        return new Injection("killed and wiped " + FaultCluster.name(server), false) {
            @Override
            public void end() throws InterruptedException {
                cluster.start(server);
                cluster.awaitAnswers(server);
            }
        };
    }
}

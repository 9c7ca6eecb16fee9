package io.pathkeeper.it.fault.nemesis;

import io.pathkeeper.it.fault.cluster.FaultCluster;
import io.pathkeeper.it.fault.control.PowerLoss;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** All servers lose power at once: SIGKILL, and what they had not forced to disk is gone. */
record PowerCut() implements Nemesis {
    @Override
    public String name() {
        return "power-loss";
    }

    @Override
    public String summary() {
        return "kills all servers and takes from their files what was not forced to disk";
    }

    @Override
    public Optional<String> whyNot(FaultCluster cluster) {
        return cluster.hasAgent()
                ? Optional.empty()
                : Optional.of("the servers run without the agent that records what is forced to disk");
    }

    @Override
    public Injection begin(FaultCluster cluster, SplittableRandom dice) {
        List<Integer> servers = Victims.shuffled(cluster.all(), dice);
        servers.forEach(cluster::kill);
        List<String> lost = new ArrayList<>();
        for (int server : servers) {
            PowerLoss loss = PowerLoss.of(cluster.disk(server).data(), cluster.agentRecord(server));
            lost.add(loss.bytes() + " bytes of " + FaultCluster.name(server));
        }
        return new Injection("cut the power of all; lost were " + String.join(", ", lost), false) {
            @Override
            public void end() throws InterruptedException {
                servers.forEach(cluster::start);
                for (int server : servers) {
                    cluster.awaitAnswers(server);
                }
            }
        };
    }
}

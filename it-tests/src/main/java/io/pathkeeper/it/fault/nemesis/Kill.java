package io.pathkeeper.it.fault.nemesis;

import io.pathkeeper.it.fault.cluster.FaultCluster;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/** SIGKILL. */
record Kill(Victims victims) implements Nemesis {
    @Override
    public String name() {
        return "kill-" + victims.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String summary() {
        return "kills " + victims.words() + " with SIGKILL, and starts what was killed again";
    }

    @Override
    public Injection begin(FaultCluster cluster, SplittableRandom dice) throws InterruptedException {
        OptionalInt leader = cluster.leader();
        List<Integer> killed = victims.choose(cluster, dice);
        boolean minority = killed.size() <= cluster.size() - cluster.majority();
        boolean leaderKilled =
                minority && (victims == Victims.LEADER || leader.isPresent() && killed.contains(leader.getAsInt()));
        killed.forEach(cluster::kill);
        return new Injection(
                "killed " + FaultCluster.names(killed) + (leaderKilled ? ", the leader" : ""), leaderKilled) {
            @Override
            public void end() throws InterruptedException {
                killed.forEach(cluster::start);
                for (int server : killed) {
                    cluster.awaitAnswers(server);
                }
            }
        };
    }
}

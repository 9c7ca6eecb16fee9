package io.pathkeeper.it.fault.nemesis;

import io.pathkeeper.it.fault.cluster.FaultCluster;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/**
 * The leader is out of the way until another one leads, and does not know it then: the moment in which a leader that trusts itself gives wrong answers.
 *
 * @param name on the command line
 * @param summary what it does
 * @param kind what hurts the leader
 * @param most it goes on so long at most behind the election
 */
record Deposed(String name, String summary, Nemesis kind, Duration most) implements Nemesis {
    /** All kinds. */
    static List<Nemesis> all() {
        return List.of(
                new Deposed(
                        "depose-paused",
                        "stops the leader with SIGSTOP until another one leads",
                        new Pause(Victims.LEADER),
                        Duration.ZERO),
                new Deposed(
                        "depose-isolated",
                        "parts the leader from all others until another one leads, and up to 2 s more",
                        Partition.ofLeader(),
                        Duration.ofSeconds(2)));
    }

    @Override
    public Duration hold(SplittableRandom dice) {
        return Duration.ofMillis(dice.nextLong(most.toMillis() + 1));
    }

    @Override
    public Injection begin(FaultCluster cluster, SplittableRandom dice) throws InterruptedException {
        int old = cluster.awaitLeader();
        Injection injection = kind.begin(cluster, dice);
        try {
            FaultCluster.await(
                    "another server than " + FaultCluster.name(old) + " leads", FaultCluster.PATIENCE, () -> {
                        OptionalInt leader = cluster.leader();
                        return leader.isPresent() && leader.getAsInt() != old;
                    });
        } catch (IllegalStateException e) {
            injection.end();
            throw e;
        }
        return injection;
    }
}

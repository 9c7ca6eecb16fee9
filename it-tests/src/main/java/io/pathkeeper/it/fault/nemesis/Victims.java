package io.pathkeeper.it.fault.nemesis;

import io.pathkeeper.it.fault.cluster.FaultCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Who is hurt. */
enum Victims {
    ONE("one server"),
    LEADER("the leader"),
    MAJORITY("a majority"),
    ALL("all servers");

    private final String words;

    Victims(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    /** Chooses them, in the order in which they are hurt. */
    List<Integer> choose(FaultCluster cluster, SplittableRandom dice) throws InterruptedException {
        return switch (this) {
            case ONE -> shuffled(cluster.all(), dice).subList(0, 1);
            case LEADER -> List.of(cluster.awaitLeader());
            case MAJORITY -> shuffled(cluster.all(), dice).subList(0, cluster.majority());
            case ALL -> shuffled(cluster.all(), dice);
        };
    }

    /** A server that does not lead. */
    static int follower(FaultCluster cluster, SplittableRandom dice) throws InterruptedException {
        int leader = cluster.awaitLeader();
        List<Integer> others = new ArrayList<>(cluster.all());
        others.remove((Integer) leader);
        return others.get(dice.nextInt(others.size()));
    }

    static List<Integer> shuffled(List<Integer> servers, SplittableRandom dice) {
        List<Integer> shuffled = new ArrayList<>(servers);
        for (int i = shuffled.size() - 1; i > 0; i--) {
            shuffled.set(i, shuffled.set(dice.nextInt(i + 1), shuffled.get(i)));
        }
        return shuffled;
    }
}

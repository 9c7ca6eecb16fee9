package io.pathkeeper.it.fault.nemesis;

import io.pathkeeper.it.fault.cluster.FaultCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Servers cannot reach each other; clients reach all of them.
 *
 * @param name on the command line
 * @param summary what it does
 * @param cut cuts ways and says which
 */
record Partition(String name, String summary, Cut cut) implements Nemesis {
    /** Cuts ways of the network. */
    interface Cut {
        /** Returns a sentence. */
        String apply(FaultCluster cluster, SplittableRandom dice) throws InterruptedException;
    }

    /** All kinds. */
    static List<Nemesis> all() {
        return List.of(
                new Partition("partition-halves", "parts a minority from the rest", Partition::halves),
                new Partition(
                        "partition-bridge",
                        "leaves one server that reaches both of two parts that do not reach each other",
                        Partition::bridge),
                ofLeader(),
                new Partition(
                        "cut-one-way",
                        "lets nothing through from one server to another or to all, or from all to one",
                        Partition::oneWay));
    }

    /** The leader reaches nobody. */
    static Nemesis ofLeader() {
        return new Partition("isolate-leader", "parts the leader from all others", Partition::leader);
    }

    @Override
    public Injection begin(FaultCluster cluster, SplittableRandom dice) throws InterruptedException {
        return new NetworkFault(cut.apply(cluster, dice), cluster.network());
    }

    private static String halves(FaultCluster cluster, SplittableRandom dice) {
        List<Integer> servers = Victims.shuffled(cluster.all(), dice);
        List<Integer> few = servers.subList(0, cluster.size() - cluster.majority());
        List<Integer> many = servers.subList(few.size(), servers.size());
        cutBetween(cluster, few, many);
        return FaultCluster.names(few) + " cannot reach " + FaultCluster.names(many);
    }

    private static String bridge(FaultCluster cluster, SplittableRandom dice) {
        List<Integer> servers = Victims.shuffled(cluster.all(), dice);
        int half = cluster.size() / 2;
        List<Integer> left = servers.subList(1, 1 + half);
        List<Integer> right = servers.subList(1 + half, servers.size());
        cutBetween(cluster, left, right);
        return "only " + FaultCluster.name(servers.get(0)) + " reaches both " + FaultCluster.names(left) + " and "
                + FaultCluster.names(right);
    }

    private static String leader(FaultCluster cluster, SplittableRandom dice) throws InterruptedException {
        int leader = cluster.awaitLeader();
        List<Integer> others = new ArrayList<>(cluster.all());
        others.remove((Integer) leader);
        cutBetween(cluster, List.of(leader), others);
        return "the leader " + FaultCluster.name(leader) + " reaches nobody";
    }

    private static String oneWay(FaultCluster cluster, SplittableRandom dice) {
        List<Integer> servers = Victims.shuffled(cluster.all(), dice);
        int one = servers.get(0);
        List<Integer> others = servers.subList(1, dice.nextBoolean() ? 2 : servers.size());
        boolean outward = dice.nextBoolean();
        for (int other : others) {
            cluster.network().cutOneWay(outward ? one : other, outward ? other : one);
        }
        return outward
                ? "nothing goes from " + FaultCluster.name(one) + " to " + FaultCluster.names(others)
                : "nothing goes from " + FaultCluster.names(others) + " to " + FaultCluster.name(one);
    }

    private static void cutBetween(FaultCluster cluster, List<Integer> left, List<Integer> right) {
        for (int one : left) {
            right.forEach(other -> cluster.network().cut(one, other));
        }
    }
}

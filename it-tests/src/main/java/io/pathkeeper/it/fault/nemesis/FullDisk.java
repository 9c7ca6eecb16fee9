package io.pathkeeper.it.fault.nemesis;

import io.pathkeeper.it.fault.cluster.FaultCluster;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** A file takes all space of the disks of some servers. */
record FullDisk(Victims victims) implements Nemesis {
    private static final long LEAST_SECONDS = 5;
    private static final long MOST_SECONDS = 16;

    @Override
    public String name() {
        return victims == Victims.ONE
                ? "full-disk"
                : "full-disk-" + victims.name().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public String summary() {
        return "the disk of " + victims.words() + " is full";
    }

    @Override
    public Optional<String> whyNot(FaultCluster cluster) {
        return cluster.disk(0).whyNotFillable();
    }

    /** Long enough that the log needs space. */
    @Override
    public Duration hold(SplittableRandom dice) {
        return Duration.ofSeconds(dice.nextLong(LEAST_SECONDS, MOST_SECONDS));
    }

    @Override
    public Injection begin(FaultCluster cluster, SplittableRandom dice) throws InterruptedException {
        List<Integer> servers = victims.choose(cluster, dice);
        for (int server : servers) {
            cluster.tolerateEnd(server, ExitCodes.STORAGE);
            cluster.disk(server).fill(0);
        }
        return new Injection("the disks of " + FaultCluster.names(servers) + " are full", false) {
            @Override
            public List<String> check() {
                return List.of();
            }

            @Override
            public void end() {
                servers.forEach(server -> cluster.disk(server).free());
            }
        };
    }
}

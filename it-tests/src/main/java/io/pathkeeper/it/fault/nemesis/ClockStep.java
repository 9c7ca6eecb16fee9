package io.pathkeeper.it.fault.nemesis;

import io.pathkeeper.it.fault.cluster.FaultCluster;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** The wall clock of some servers jumps, and jumps back. */
record ClockStep() implements Nemesis {
    private static final List<Duration> STEPS = List.of(
            Duration.ofMillis(500),
            Duration.ofSeconds(5),
            Duration.ofMinutes(10),
            Duration.ofHours(3),
            Duration.ofDays(400));

    @Override
    public String name() {
        return "clock-step";
    }

    @Override
    public String summary() {
        return "the wall clock of the leader, of one or of all servers jumps by half a second up to 400 days, either way";
    }

    @Override
    public Optional<String> whyNot(FaultCluster cluster) {
        return cluster.whyNoShim();
    }

    @Override
    public Injection begin(FaultCluster cluster, SplittableRandom dice) throws InterruptedException {
        Victims victims = List.of(Victims.LEADER, Victims.ONE, Victims.ALL).get(dice.nextInt(3));
        List<Integer> servers = victims.choose(cluster, dice);
        Duration step = STEPS.get(dice.nextInt(STEPS.size()));
        Duration signed = dice.nextBoolean() ? step : step.negated();
        servers.forEach(server -> cluster.shim(server).stepClock(signed));
        return new Injection("the wall clock of " + FaultCluster.names(servers) + " steps by " + signed, false) {
            @Override
            public void end() {
                servers.forEach(server -> cluster.shim(server).heal());
            }
        };
    }
}

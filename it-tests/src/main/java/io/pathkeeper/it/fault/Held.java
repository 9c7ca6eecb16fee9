package io.pathkeeper.it.fault;

import io.pathkeeper.it.fault.cluster.FaultCluster;
import io.pathkeeper.it.fault.nemesis.Injection;
import io.pathkeeper.it.fault.nemesis.Nemesis;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A kind of fault that is always held so long.
 *
 * @param kind the kind
 * @param time how long
 */
record Held(Nemesis kind, Duration time) implements Nemesis {
    @Override
    public String name() {
        return kind.name();
    }

    @Override
    public String summary() {
        return kind.summary();
    }

    @Override
    public Optional<String> whyNot(FaultCluster cluster) {
        return kind.whyNot(cluster);
    }

    @Override
    public Duration hold(SplittableRandom dice) {
        return time;
    }

    @Override
    public Injection begin(FaultCluster cluster, SplittableRandom dice) throws InterruptedException {
        return kind.begin(cluster, dice);
    }
}

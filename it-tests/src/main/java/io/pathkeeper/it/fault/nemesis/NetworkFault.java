package io.pathkeeper.it.fault.nemesis;

import io.pathkeeper.it.fault.cluster.Network;

/** Something between servers is not well; a fault only when something wanted to pass. */
final class NetworkFault extends Injection {
    private final Network network;
    private long hindered;

    NetworkFault(String what, Network network) {
        super(what, false);
        this.network = network;
    }

    @Override
    public void end() {
        hindered = network.hindered();
        network.heal();
    }

    @Override
    public boolean tookEffect() {
        return hindered > 0;
    }

    @Override
    public String outcome() {
        return "hindered: " + hindered;
    }
}

package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class StoreProcessIT extends StoreScenarios {
    StoreProcessIT() {
        super(ClusterKind.PROCESSES);
    }
}

package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class StoreIT extends StoreScenarios {
    StoreIT() {
        super(ClusterKind.IN_PROCESS);
    }
}

package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class OrderIT extends OrderScenarios {
    OrderIT() {
        super(ClusterKind.IN_PROCESS);
    }
}

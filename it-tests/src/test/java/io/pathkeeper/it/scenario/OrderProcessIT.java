package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class OrderProcessIT extends OrderScenarios {
    OrderProcessIT() {
        super(ClusterKind.PROCESSES);
    }
}

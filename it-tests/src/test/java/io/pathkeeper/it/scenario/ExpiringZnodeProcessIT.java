package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class ExpiringZnodeProcessIT extends ExpiringZnodeScenarios {
    ExpiringZnodeProcessIT() {
        super(ClusterKind.PROCESSES);
    }
}

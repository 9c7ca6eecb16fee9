package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class ExpiringZnodeIT extends ExpiringZnodeScenarios {
    ExpiringZnodeIT() {
        super(ClusterKind.IN_PROCESS);
    }
}

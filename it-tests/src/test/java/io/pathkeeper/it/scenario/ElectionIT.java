package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class ElectionIT extends ElectionScenarios {
    ElectionIT() {
        super(ClusterKind.IN_PROCESS);
    }
}

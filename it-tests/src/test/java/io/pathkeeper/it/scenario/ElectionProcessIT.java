package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class ElectionProcessIT extends ElectionScenarios {
    ElectionProcessIT() {
        super(ClusterKind.PROCESSES);
    }
}

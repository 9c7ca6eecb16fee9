package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class SharedSessionProcessIT extends SharedSessionScenarios {
    SharedSessionProcessIT() {
        super(ClusterKind.PROCESSES);
    }
}

package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class SharedSessionIT extends SharedSessionScenarios {
    SharedSessionIT() {
        super(ClusterKind.IN_PROCESS);
    }
}

package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class LockIT extends LockScenarios {
    LockIT() {
        super(ClusterKind.IN_PROCESS);
    }
}

package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class LockDelayIT extends LockDelayScenarios {
    LockDelayIT() {
        super(ClusterKind.IN_PROCESS);
    }
}

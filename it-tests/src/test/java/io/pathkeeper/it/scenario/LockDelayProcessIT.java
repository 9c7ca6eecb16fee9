package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class LockDelayProcessIT extends LockDelayScenarios {
    LockDelayProcessIT() {
        super(ClusterKind.PROCESSES);
    }
}

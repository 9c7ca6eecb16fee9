package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class LockProcessIT extends LockScenarios {
    LockProcessIT() {
        super(ClusterKind.PROCESSES);
    }
}

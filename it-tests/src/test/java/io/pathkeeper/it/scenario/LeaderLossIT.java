package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class LeaderLossIT extends LeaderLossScenarios {
    LeaderLossIT() {
        super(ClusterKind.IN_PROCESS);
    }
}

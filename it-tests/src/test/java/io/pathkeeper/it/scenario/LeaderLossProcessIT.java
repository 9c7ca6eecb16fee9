package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class LeaderLossProcessIT extends LeaderLossScenarios {
    LeaderLossProcessIT() {
        super(ClusterKind.PROCESSES);
    }
}

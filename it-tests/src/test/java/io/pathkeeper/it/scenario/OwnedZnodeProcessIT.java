package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class OwnedZnodeProcessIT extends OwnedZnodeScenarios {
    OwnedZnodeProcessIT() {
        super(ClusterKind.PROCESSES);
    }
}

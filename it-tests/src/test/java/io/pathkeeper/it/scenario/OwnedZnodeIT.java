package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class OwnedZnodeIT extends OwnedZnodeScenarios {
    OwnedZnodeIT() {
        super(ClusterKind.IN_PROCESS);
    }
}

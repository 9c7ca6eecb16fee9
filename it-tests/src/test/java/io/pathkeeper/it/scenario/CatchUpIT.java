package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class CatchUpIT extends CatchUpScenarios {
    CatchUpIT() {
        super(ClusterKind.IN_PROCESS);
    }
}

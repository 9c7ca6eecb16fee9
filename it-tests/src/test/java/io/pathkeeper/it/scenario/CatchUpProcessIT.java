package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class CatchUpProcessIT extends CatchUpScenarios {
    CatchUpProcessIT() {
        super(ClusterKind.PROCESSES);
    }
}

package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class SessionProcessIT extends SessionScenarios {
    SessionProcessIT() {
        super(ClusterKind.PROCESSES);
    }
}

package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.ClusterKind;

class SessionIT extends SessionScenarios {
    SessionIT() {
        super(ClusterKind.IN_PROCESS);
    }
}

package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.ClusterKind;
import io.pathkeeper.it.cluster.ClusterOptions;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** One cluster for all scenarios of a class. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 400, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ClusterScenarios {
    private final ClusterKind kind;
    private final ClusterOptions options;
    private @Nullable Cluster cluster;

    ClusterScenarios(ClusterKind kind, ClusterOptions options) {
        this.kind = kind;
        this.options = options;
    }

    @BeforeAll
    void startCluster() {
        cluster = kind.start(getClass().getSimpleName(), options);
    }

    @AfterAll
    void closeCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }

    Cluster cluster() {
        if (cluster == null) {
            throw new IllegalStateException("the cluster was not started");
        }
        return cluster;
    }

    /** Starts what a scenario left stopped, so that one failure does not make the next. */
    void startAll() {
        for (String member : cluster().members()) {
            if (!cluster().isRunning(member)) {
                cluster().start(member);
            }
        }
        cluster().awaitReady();
    }
}

package io.pathkeeper.it.cluster;

/** What the servers of a scenario are. */
public enum ClusterKind {
    /** Servers in this JVM. */
    IN_PROCESS {
        @Override
        public Cluster start(String name, ClusterOptions options) {
            return InProcessCluster.started(name, options);
        }
    },
    /** Processes of their own. */
    PROCESSES {
        @Override
        public Cluster start(String name, ClusterOptions options) {
            return ProcessCluster.started(name, options);
        }
    };

    /** Starts a cluster in a new directory named after the test and waits until it is ready. */
    public abstract Cluster start(String name, ClusterOptions options);
}

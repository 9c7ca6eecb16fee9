package io.pathkeeper.server.rpc;

import io.pathkeeper.server.logging.LogLevels;
import io.pathkeeper.server.store.ClusterAlarms;
import java.util.List;

/** What the gRPC side tells of the process but does not know itself. Any thread; never blocks for long. */
public interface ProcessFacts {
    /** Version of the server. */
    String version();

    /** Time since the server started. */
    long uptimeMillis();

    /** Observations that are served now. */
    long observationCount();

    /** Bytes that the file system of the data directory has left. */
    long diskFreeBytes();

    /** What an operator has to look at, each as one sentence. */
    List<String> alarms();

    /** The alarms of all servers. */
    ClusterAlarms clusterAlarms();

    /** The levels of the log. */
    LogLevels logLevels();

    /** Whether linearizable reads and writes are answered. */
    boolean ready();
}

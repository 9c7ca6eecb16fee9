package io.pathkeeper.it.fault.cluster;

import java.nio.file.Path;

/** A Java agent that all servers run with. */
@FunctionalInterface
public interface ServerAgent {
    /**
     * The option for the JVM of a server.
     *
     * @param data its data directory
     * @param record a file outside of it, for what the agent has to note; carried on when it exists
     */
    String option(Path data, Path record);
}

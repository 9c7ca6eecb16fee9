package io.pathkeeper.server.store;

/** Tells of the cluster as this server sees it. Port of the store; callable from any thread, cheap, never blocks. */
public interface ClusterControl {
    /** The facts now. */
    ClusterStatus status();
}

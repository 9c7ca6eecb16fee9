package io.pathkeeper.server;

/** What the process ends with. Part of the public interface: scripts branch on it. */
public enum ExitCode {
    /** Stopped because it was asked to. */
    OK(0),
    /** Another failure. */
    FAILURE(1),
    /** Wrong use or configuration. */
    CONFIGURATION(2),
    /** A port is in use, or an address cannot be listened on. */
    PORT(3),
    /** The data directory is not one of ours, of another cluster or member, or used by another process. */
    DATA_DIRECTORY(4),
    /** Data is corrupt. */
    CORRUPT(5),
    /** The storage failed: disk full, failed write or fsync. */
    STORAGE(6),
    /** The state differs from the leader's. */
    DIVERGED(7),
    /** This server was put out of the cluster. */
    REMOVED(8);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** The number that the process ends with. */
    public int number() {
        return number;
    }
}

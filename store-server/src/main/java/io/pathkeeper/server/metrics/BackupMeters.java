package io.pathkeeper.server.metrics;

/** What is counted of backups. Any thread. */
public interface BackupMeters {
    /** So many more bytes were sent. */
    void sent(long bytes);

    /** A backup was sent to its end, after so long. */
    void finished(long nanos);

    /** A backup that had begun was given up, by its reader or by this server. */
    void failed();
}

package io.pathkeeper.server.metrics;

/** What is counted of the audit log. Any thread. */
public interface AuditMeters {
    /** Lines stand in the file. */
    void written(int lines);

    /** Lines were given up. */
    void lost(int lines);
}

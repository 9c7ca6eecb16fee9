package io.pathkeeper.server.metrics;

/** What is counted of authentication and authorisation. Any thread. */
public interface AuthMeters {
    /** A call had no credential, a bad one, or a sign-in failed. */
    void failed();

    /** Somebody was refused what nobody allowed. */
    void denied();
}

package io.pathkeeper.client.error;

/** What is known about a call that failed. */
public enum Outcome {
    /** The call had no effect and will have none. Reads that fail have this outcome always. */
    NOT_APPLIED,
    /** The write may have been applied, or may still be: read before doing it again. */
    UNKNOWN
}

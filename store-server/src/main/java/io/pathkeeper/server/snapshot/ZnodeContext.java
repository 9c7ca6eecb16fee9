package io.pathkeeper.server.snapshot;

/**
 * What a record may leave out because the record before it in the same block had it: writer and reader keep one each, in step. Of
 * one thread.
 */
final class ZnodeContext {
    private static final byte[] NO_PATH = {};

    /** Bytes of the path before. */
    byte[] path = NO_PATH;
    /** Created revision of the znode before. */
    long createdRevision;
    /** Creation time of the znode before. */
    long createdAtMillis;

    /** A block begins: it must be readable without the one before. */
    void reset() {
        path = NO_PATH;
        createdRevision = 0;
        createdAtMillis = 0;
    }
}

package io.pathkeeper.server.store;

/**
 * How a read is to be made.
 *
 * @param consistency how it relates to writes that were answered before
 * @param minRevision least revision of the answer; 0 for none
 * @param maxStalenessMillis with {@code LOCAL}: refuse when the leader was last heard longer ago; 0 for no bound
 */
public record ReadRequest(Consistency consistency, long minRevision, long maxStalenessMillis) {
    /** The default of every read. */
    public static final ReadRequest LINEARIZABLE = new ReadRequest(Consistency.LINEARIZABLE, 0, 0);

    /** How a read relates to writes that were answered before it. */
    public enum Consistency {
        /** Sees all of them, on any server. */
        LINEARIZABLE,
        /** Sees the revision that it names, or a later one. */
        AT_LEAST,
        /** Sees what this server has. */
        LOCAL
    }
}

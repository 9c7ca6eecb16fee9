package io.pathkeeper.server.state;

import io.pathkeeper.server.value.ValueLimits;

/**
 * The limits that are checked when commands are applied. All servers of a cluster must have the same.
 *
 * @param value limits of a value
 * @param maxContentTypeBytes UTF-8 size of a content type
 * @param maxZnodes znodes in the tree; creations beyond it are refused with QUOTA_EXCEEDED
 * @param maxRecursiveDelete znodes that one command may delete
 * @param maxTransactionOperations conditions, operations in each list of a transaction, and operations of a patch
 * @param unusedContainerMillis a container that never had a child is deleted after this
 * @param ledger limits of the table that makes repeats harmless
 * @param history limits of the history of changes
 * @param coordination limits of sessions and locks
 */
public record StateLimits(
        ValueLimits value,
        int maxContentTypeBytes,
        long maxZnodes,
        int maxRecursiveDelete,
        int maxTransactionOperations,
        long unusedContainerMillis,
        Ledger ledger,
        History history,
        Coordination coordination) {
    /** Znodes whatever the configuration says, the same on all servers. */
    public static final long MAX_ZNODES = 100_000_000;
    /** Shortest time to live. */
    public static final long MIN_TTL_MILLIS = 1_000;
    /** Longest time to live: ten years. */
    public static final long MAX_TTL_MILLIS = 315_360_000_000L;

    /** Largest number that a set can raise the number of the next sequential child to. */
    public static final long MAX_RAISED_SEQUENCE = 1_000_000_000_000_000_000L;

    /** Shortest timeout of a session. */
    public static final long MIN_SESSION_MILLIS = 1_000;
    /** Longest timeout of a session: five minutes. */
    public static final long MAX_SESSION_MILLIS = 300_000;
    /** UTF-8 size of what a client calls itself. */
    public static final int MAX_IDENTITY_BYTES = 128;
    /** UTF-8 size of the address of a session. */
    public static final int MAX_ADDRESS_BYTES = 256;
    /** Labels of a session. */
    public static final int MAX_LABELS = 16;
    /** UTF-8 size of the key of a label. */
    public static final int MAX_LABEL_KEY_BYTES = 64;
    /** UTF-8 size of the value of a label. */
    public static final int MAX_LABEL_VALUE_BYTES = 256;
    /** UTF-8 size of what tells holders or candidates of one session apart. */
    public static final int MAX_HOLDER_ID_BYTES = 128;
    /** UTF-8 size of a holder's word to others. */
    public static final int MAX_NOTE_BYTES = 256;
    /** Size of what a leader proclaims, encoded. */
    public static final int MAX_PROCLAIMED_BYTES = 64 << 10;
    /** Permits of one lock in all. */
    public static final long MAX_PERMITS = 1_000_000_000;
    /** Longest delay of the grant behind an expiry. */
    public static final long MAX_LOCK_DELAY_MILLIS = 60_000;

    /** The documented defaults. */
    public static final StateLimits DEFAULT = new StateLimits(
            ValueLimits.DEFAULT,
            127,
            MAX_ZNODES,
            10_000,
            128,
            300_000,
            Ledger.DEFAULT,
            History.DEFAULT,
            Coordination.DEFAULT);

    /** Refuses limits that make no sense. */
    public StateLimits {
        if (maxContentTypeBytes < 0
                || maxZnodes < 1
                || maxRecursiveDelete < 1
                || maxTransactionOperations < 1
                || unusedContainerMillis < 1) {
            throw new IllegalArgumentException("limits of the state must be above 0: maxContentTypeBytes "
                    + maxContentTypeBytes + ", maxZnodes " + maxZnodes + ", maxRecursiveDelete " + maxRecursiveDelete
                    + ", maxTransactionOperations " + maxTransactionOperations + ", unusedContainerMillis "
                    + unusedContainerMillis);
        }
    }

    /** The same with other limits of a value. */
    public StateLimits withValue(ValueLimits newValue) {
        return new StateLimits(
                newValue,
                maxContentTypeBytes,
                maxZnodes,
                maxRecursiveDelete,
                maxTransactionOperations,
                unusedContainerMillis,
                ledger,
                history,
                coordination);
    }

    /** The same with another limit of the number of znodes. */
    public StateLimits withMaxZnodes(long newMaxZnodes) {
        return new StateLimits(
                value,
                maxContentTypeBytes,
                newMaxZnodes,
                maxRecursiveDelete,
                maxTransactionOperations,
                unusedContainerMillis,
                ledger,
                history,
                coordination);
    }

    /** The same with other limits of the ledger. */
    public StateLimits withLedger(Ledger newLedger) {
        return new StateLimits(
                value,
                maxContentTypeBytes,
                maxZnodes,
                maxRecursiveDelete,
                maxTransactionOperations,
                unusedContainerMillis,
                newLedger,
                history,
                coordination);
    }

    /** The same with other limits of the history. */
    public StateLimits withHistory(History newHistory) {
        return new StateLimits(
                value,
                maxContentTypeBytes,
                maxZnodes,
                maxRecursiveDelete,
                maxTransactionOperations,
                unusedContainerMillis,
                ledger,
                newHistory,
                coordination);
    }

    /** The same with other limits of sessions and locks. */
    public StateLimits withCoordination(Coordination newCoordination) {
        return new StateLimits(
                value,
                maxContentTypeBytes,
                maxZnodes,
                maxRecursiveDelete,
                maxTransactionOperations,
                unusedContainerMillis,
                ledger,
                history,
                newCoordination);
    }

    /**
     * Limits of sessions and locks; what is beyond them is refused with QUOTA_EXCEEDED.
     *
     * @param maxSessions open sessions
     * @param maxEphemerals ephemeral znodes of one session
     * @param maxLockEntries holders and waiters of all locks and elections
     * @param maxLocksPerSession holds and places of one session
     * @param maxWaiters waiters of one lock
     * @param maxProclaimedBytes encoded values of all leaders and candidates together
     */
    public record Coordination(
            int maxSessions,
            int maxEphemerals,
            long maxLockEntries,
            int maxLocksPerSession,
            int maxWaiters,
            long maxProclaimedBytes) {
        /**
         * 100,000 sessions, 10,000 ephemeral znodes and 10,000 lock entries each, 1,000,000 lock entries, 10,000 waiters, 64 MiB of proclaimed
         * values.
         */
        public static final Coordination DEFAULT =
                new Coordination(100_000, 10_000, 1_000_000, 10_000, 10_000, 64L << 20);
    }

    /**
     * Limits of {@link RequestLedger}.
     *
     * @param maxClients clients that are remembered
     * @param maxResultsPerClient results kept for one client
     * @param maxBytesPerClient estimated size of the results kept for one client
     * @param maxTotalBytes estimated size of all results; beyond it the longest idle clients lose theirs
     * @param idleMillis cluster time after which an idle client is forgotten
     */
    public record Ledger(
            int maxClients, int maxResultsPerClient, long maxBytesPerClient, long maxTotalBytes, long idleMillis) {
        /** 100,000 clients, 10,000 results and 4 MiB each, 128 MiB in all, ten minutes. */
        public static final Ledger DEFAULT = new Ledger(100_000, 10_000, 4L << 20, 128L << 20, 600_000);
    }

    /**
     * Limits of {@link ChangeHistory}: a revision is kept while it is younger than {@code minMillis} or among the newest
     * {@code minRevisions}; {@code maxBytes} overrides both.
     *
     * @param minMillis cluster time for which revisions are kept
     * @param minRevisions newest revisions that are kept whatever their age
     * @param maxBytes estimated size of the history
     */
    public record History(long minMillis, int minRevisions, long maxBytes) {
        /** Ten minutes or 100,000 revisions, within 64 MiB. */
        public static final History DEFAULT = new History(600_000, 100_000, 64L << 20);
    }
}

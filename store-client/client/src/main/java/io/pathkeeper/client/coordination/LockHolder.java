package io.pathkeeper.client.coordination;

/**
 * A holder of a lock, or one that waits for it.
 *
 * @param sessionId its session
 * @param identity identity of the session's client; empty when it has none
 * @param holderId its holder id
 * @param mode how it holds or wants it
 * @param permits its permits with {@link LockMode#PERMITS}
 * @param token the fencing token; 0 while it waits
 * @param queuedRevision revision at which it came
 * @param note its word to others
 */
public record LockHolder(
        long sessionId,
        String identity,
        String holderId,
        LockMode mode,
        long permits,
        long token,
        long queuedRevision,
        String note) {}

package io.pathkeeper.client.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A session as everybody sees it.
 *
 * @param id its id, unique in the cluster for ever
 * @param timeout it ends when nothing was heard of it for so long
 * @param identity what its client called itself; empty when it had no name
 * @param labels what its client said about itself
 * @param address from where it was opened
 * @param createdRevision revision at which it was opened
 * @param createdAt wall-clock time at which it was opened, in whole milliseconds
 * @param ephemeralCount number of its ephemeral znodes
 * @param lockCount number of locks and elections in which it holds, leads or waits
 */
public record SessionInfo(
        long id,
        Duration timeout,
        String identity,
        Map<String, String> labels,
        String address,
        long createdRevision,
        Instant createdAt,
        long ephemeralCount,
        long lockCount) {
    /** Copies the labels. */
    public SessionInfo {
        labels = Map.copyOf(labels);
    }
}

package io.pathkeeper.client.cluster;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Limits of subtrees: a write that would go beyond one fails with {@link io.pathkeeper.client.error.LimitExceededException} ({@code QUOTA_EXCEEDED}), whose
 * details have {@code quota}, {@code kind}, {@code used} and {@code limit}. Nothing here waits; futures complete on callback threads.
 *
 * <p>Everything here needs {@code ADMIN} on {@code /}; without it there is {@link io.pathkeeper.client.error.AccessDeniedException}. Changes are not repeated once
 * they may have been made: with the outcome {@code UNKNOWN}, look at {@link #list()}.
 */
public interface Quotas {
    /**
     * Creates a quota, or replaces it with all its limits. Fails with {@link io.pathkeeper.client.error.LimitExceededException} and changes nothing when the subtree
     * has more already, or the store has 256 quotas.
     *
     * @return whether it is new
     */
    CompletableFuture<Boolean> set(Quota quota);

    /** Finds a quota; fails with {@link io.pathkeeper.client.error.NodeNotFoundException} ({@code QUOTA_NOT_FOUND}) when there is none. */
    CompletableFuture<QuotaUsage> get(String name);

    /** Lists all quotas in the order of their names. */
    CompletableFuture<List<QuotaUsage>> list();

    /** Deletes a quota; fails as {@link #get} when there is none. The znodes stay. */
    CompletableFuture<Void> delete(String name);
}

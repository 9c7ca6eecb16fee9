package io.pathkeeper.it.scenario;

import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.coordination.CoordinationClient;
import io.pathkeeper.v1.Lock;
import io.pathkeeper.v1.LockEntry;
import io.pathkeeper.v1.LockRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A place in the queue of a lock, or its grant.
 *
 * @param lock what was asked
 * @param granted completes with the token
 */
record Place(LockRequest lock, CompletableFuture<Long> granted) {
    /** Asks for a lock in the background and waits until the servers know of it. */
    static Place enqueue(Supplier<CoordinationClient> clients, LockRequest lock, Executor background) {
        CompletableFuture<Long> granted =
                CompletableFuture.supplyAsync(() -> clients.get().acquire(lock), background);
        Await.until(lock.getHolderId() + " holds or waits", Cluster.PATIENCE, () -> {
            Lock now = clients.get().look(lock.getPath()).getLock();
            return has(now.getHoldersList(), lock) || has(now.getWaitersList(), lock);
        });
        return new Place(lock, granted);
    }

    private static boolean has(List<LockEntry> entries, LockRequest lock) {
        return entries.stream().anyMatch(entry -> entry.getHolderId().equals(lock.getHolderId()));
    }

    long token() {
        return granted.orTimeout(60, TimeUnit.SECONDS).join();
    }

    long tokenAfter(Runnable action) {
        action.run();
        return token();
    }
}

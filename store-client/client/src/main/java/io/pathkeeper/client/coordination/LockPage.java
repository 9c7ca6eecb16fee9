package io.pathkeeper.client.coordination;

import java.util.List;

/**
 * A page of locks.
 *
 * @param locks in the order of their paths
 * @param nextPageToken token of the next page; empty on the last one
 */
public record LockPage(List<LockInfo> locks, String nextPageToken) {
    /** Copies the list. */
    public LockPage {
        locks = List.copyOf(locks);
    }
}

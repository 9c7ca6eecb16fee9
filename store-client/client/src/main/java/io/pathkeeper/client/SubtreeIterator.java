package io.pathkeeper.client;

import io.pathkeeper.client.model.Znode;
import java.util.Iterator;

/**
 * The znodes of a scanned subtree, parents before children, all at one revision. Fetches as it is read and holds two chunks of about 256
 * KiB at most. {@code hasNext()} and {@code next()} block and throw {@link io.pathkeeper.client.error.PathkeeperException}. For one
 * thread; close it when it is not read to its end.
 */
public interface SubtreeIterator extends Iterator<Znode>, AutoCloseable {
    /** Returns the revision that the whole scan shows; waits for the first chunk. */
    long revision();

    /** Ends the scan. May be called again. */
    @Override
    void close();
}

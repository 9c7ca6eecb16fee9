package io.pathkeeper.client.coordination;

import io.pathkeeper.client.model.Guards;
import io.pathkeeper.client.model.Value;
import java.util.concurrent.CompletableFuture;

/**
 * The leadership of one term. It ends when the leader resigns or its session ends.
 *
 * <p>Between a look at {@link #isLeader()} and the step behind it any time may pass, and with it the term: writes to the store are made safe
 * by {@link #guards()}, other systems by checking that the {@link #term()} never goes back. Safe to use from any thread.
 */
public interface Leadership {
    /** Returns the path of the election. */
    String path();

    /** Returns the term: larger than those of all leaders before; the fencing token. */
    long term();

    /** Returns whether the candidate leads as of this moment: nobody has told otherwise, and its session is connected. Does not wait. */
    boolean isLeader();

    /** Returns a future that completes, on a callback thread, when the leadership is over for whatever reason. */
    CompletableFuture<Void> whenLost();

    /** Returns guards that let a write happen only in this term. */
    Guards guards();

    /**
     * Publishes a value as the leader: at most 64 KiB. Completes with its revision; fails with {@code LOCK_NOT_HELD} when the term is over.
     */
    CompletableFuture<Long> proclaim(Value value);

    /** Gives the leadership up. Completes when the servers know. May be called again. */
    CompletableFuture<Void> resign();
}

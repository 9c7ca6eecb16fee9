package io.pathkeeper.client.coordination;

import io.pathkeeper.client.model.Guards;
import io.pathkeeper.client.session.PathkeeperSession;
import java.util.concurrent.CompletableFuture;

/**
 * A lock that was granted. It ends when it is released or when its session ends.
 *
 * <p>Between a look at {@link #isHeld()} and the step behind it any time may pass, and with it the grant: writes to the store are made safe by
 * {@link #guards()}, other systems by checking that the {@link #token()} never goes back. Safe to use from any thread.
 */
public interface LockGrant {
    /** Returns the path of the lock. */
    String path();

    /** Returns the session that holds it. */
    PathkeeperSession session();

    /** Returns the holder id: the one of the request, with something behind it when the request had to be sent again. */
    String holderId();

    /** Returns the fencing token: larger than those of all holders before. */
    long token();

    /** Returns whether it is held as of this moment: not released, and its session is connected. Does not wait. */
    boolean isHeld();

    /** Returns guards that let a write happen only while this grant holds. */
    Guards guards();

    /**
     * Gives the lock back; {@link #isHeld()} is false at once. Completes when the servers know; with success, too, when the grant had ended before.
     * May be called again. Fails when no server could be told within the request timeout: the lock is then held until the session ends.
     */
    CompletableFuture<Void> release();
}

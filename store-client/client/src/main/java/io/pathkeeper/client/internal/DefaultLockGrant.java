package io.pathkeeper.client.internal;

import io.pathkeeper.client.coordination.LockGrant;
import io.pathkeeper.client.model.Guards;
import io.pathkeeper.client.session.PathkeeperSession;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A lock that was granted. Any thread. */
final class DefaultLockGrant implements LockGrant {
    private final CoordinationCalls calls;
    private final String path;
    private final PathkeeperSession session;
    private final String holderId;
    private final long token;
    private @Nullable CompletableFuture<Void> release;
    private volatile boolean released;

    DefaultLockGrant(CoordinationCalls calls, String path, PathkeeperSession session, String holderId, long token) {
        this.calls = calls;
        this.path = path;
        this.session = session;
        this.holderId = holderId;
        this.token = token;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public PathkeeperSession session() {
        return session;
    }

    @Override
    public String holderId() {
        return holderId;
    }

    @Override
    public long token() {
        return token;
    }

    @Override
    public boolean isHeld() {
        return !released && session.isConnected();
    }

    @Override
    public Guards guards() {
        return Guards.none().requireLock(path, token);
    }

    @Override
    public synchronized CompletableFuture<Void> release() {
        released = true;
        CompletableFuture<Void> running = release;
        if (running == null || running.isCompletedExceptionally()) {
            running = calls.release(path, session, holderId, token);
            release = running;
        }
        return running.copy();
    }

    @Override
    public String toString() {
        return "LockGrant[" + path + " token " + token + " session " + session.id() + "]";
    }
}

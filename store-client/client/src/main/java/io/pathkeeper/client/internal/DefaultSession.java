package io.pathkeeper.client.internal;

import io.pathkeeper.client.session.PathkeeperSession;
import io.pathkeeper.client.session.SessionKey;
import io.pathkeeper.client.session.SessionListener;
import io.pathkeeper.client.session.SessionState;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * A session as this client knows it: when the newest keep-alive that was answered was sent, and so what the state is at any moment. Asks the
 * clock whenever it is asked, since no timer runs in a program that is stopped. Any thread; changes of the state are told in order.
 *
 * <pre>
 * CONNECTED (less than 2/3 of the timeout) <-> SUSPENDED (less than the timeout) -> LOST (for ever; also closed, or ended by the servers)
 * </pre>
 */
final class DefaultSession implements PathkeeperSession {
    /**
     * The newest sign of life that was answered.
     *
     * @param sentNanos when it was sent
     * @param aliveNanos how long the session lives from then, at least
     */
    private record Heard(long sentNanos, long aliveNanos) {}

    private final SessionKey key;
    private final long timeoutNanos;
    private final boolean resumed;
    private final LongSupplier clock;
    private final Executor callbacks;
    private final Function<DefaultSession, CompletableFuture<Long>> closer;
    private final CopyOnWriteArrayList<SessionListener> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> lost = new CompletableFuture<>();
    private final CompletableFuture<Long> closing = new CompletableFuture<>();
    private volatile Heard heard;
    private volatile SessionState told = SessionState.CONNECTED;
    private boolean closeStarted;

    /**
     * Makes a session that is open.
     *
     * @param sentNanos when the request that proved it alive was sent
     * @param closer ends it on the servers
     */
    DefaultSession(
            SessionKey key,
            long timeoutNanos,
            boolean resumed,
            long sentNanos,
            LongSupplier clock,
            Executor callbacks,
            Function<DefaultSession, CompletableFuture<Long>> closer) {
        this.key = key;
        this.timeoutNanos = timeoutNanos;
        this.resumed = resumed;
        this.heard = new Heard(sentNanos, timeoutNanos);
        this.clock = clock;
        this.callbacks = callbacks;
        this.closer = closer;
    }

    @Override
    public SessionKey key() {
        return key;
    }

    @Override
    public long id() {
        return key.id();
    }

    @Override
    public Duration timeout() {
        return Duration.ofNanos(timeoutNanos);
    }

    @Override
    public boolean wasResumed() {
        return resumed;
    }

    long timeoutNanos() {
        return timeoutNanos;
    }

    @Override
    public SessionState state() {
        return told == SessionState.LOST ? SessionState.LOST : refresh(clock.getAsLong());
    }

    /** Returns the state at this moment and tells the listeners when it is another one than before. */
    SessionState refresh(long nowNanos) {
        SessionState before = told;
        return before == SessionState.LOST || compute(nowNanos) == before ? before : change(nowNanos);
    }

    private SessionState compute(long nowNanos) {
        Heard newest = heard;
        long silence = nowNanos - newest.sentNanos();
        if (silence >= newest.aliveNanos()) {
            return SessionState.LOST;
        }
        return silence >= newest.aliveNanos() / 3 * 2 ? SessionState.SUSPENDED : SessionState.CONNECTED;
    }

    private synchronized SessionState change(long nowNanos) {
        SessionState now = compute(nowNanos);
        if (told != SessionState.LOST && told != now) {
            tell(now);
        }
        return told;
    }

    /** Returns when the state changes next if nothing is heard. */
    long nextChangeNanos(long nowNanos) {
        Heard newest = heard;
        long suspended = newest.sentNanos() + newest.aliveNanos() / 3 * 2;
        return suspended - nowNanos > 0 ? suspended : newest.sentNanos() + newest.aliveNanos();
    }

    /**
     * A keep-alive was answered.
     *
     * @param sentNanos when it was sent
     * @param remainingNanos how long the servers said that the session lives from when they heard it
     */
    synchronized void heard(long sentNanos, long remainingNanos, long nowNanos) {
        // What was lost stays lost, even when an answer comes in the end: this program may have acted on it.
        if (change(nowNanos) != SessionState.LOST && sentNanos - heard.sentNanos() > 0) {
            heard = new Heard(sentNanos, Math.min(remainingNanos, timeoutNanos));
            change(nowNanos);
        }
    }

    /** The session has ended, whatever the clock says. */
    synchronized void end() {
        if (told != SessionState.LOST) {
            tell(SessionState.LOST);
        }
    }

    private void tell(SessionState state) {
        told = state;
        callbacks.execute(() -> {
            if (state == SessionState.LOST) {
                lost.complete(null);
            }
            listeners.forEach(listener -> listener.onState(this, state));
        });
    }

    @Override
    public void addListener(SessionListener listener) {
        listeners.add(listener);
    }

    @Override
    public void removeListener(SessionListener listener) {
        listeners.remove(listener);
    }

    @Override
    public CompletableFuture<Void> whenLost() {
        return lost.copy();
    }

    @Override
    public CompletableFuture<Long> closeAsync() {
        synchronized (this) {
            if (closeStarted) {
                return closing.copy();
            }
            closeStarted = true;
            end();
        }
        closer.apply(this).whenComplete((revision, error) -> {
            if (error == null) {
                closing.complete(revision);
            } else {
                closing.completeExceptionally(Futures.cause(error));
            }
        });
        return closing.copy();
    }

    @Override
    public void close() {
        CompletableFuture<Long> end = closeAsync();
        if (!Callbacks.inCallback()) {
            Futures.joinQuietly(end);
        }
    }

    @Override
    public String toString() {
        return "PathkeeperSession[" + id() + " " + told + "]";
    }
}

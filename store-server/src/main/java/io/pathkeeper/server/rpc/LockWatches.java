package io.pathkeeper.server.rpc;

import io.pathkeeper.server.coordination.CoordinationChange;
import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.coordination.LockTable;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.state.RevisionChanges;
import io.pathkeeper.server.store.ChangeSink;
import io.pathkeeper.server.store.StoreService;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The calls of this server that wait for what happens to a lock or an election.
 *
 * <p>The apply thread only asks for a look at the locks that changed and that somebody here waits for; a worker then shows the lock, as it
 * is by then, to all its watchers at once. So ten thousand who wait for one lock cost one walk through its queue, and a watcher that is
 * told late is told the newest.
 *
 * <p>Life: made before the state, which reports to it; {@link #start} when state and workers are there; {@link #close} ends all calls.
 * Any thread.
 */
public final class LockWatches implements ChangeSink, AutoCloseable {
    private final int most;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger observations = new AtomicInteger();
    private volatile long completeRevision;
    private final Map<ZnodePath, Watch> watches = new ConcurrentHashMap<>();
    private volatile @Nullable Parts parts;
    private volatile boolean closed;

    private record Parts(StoreService store, Executor workers) {}

    /** One who waits. */
    interface Watcher {
        /** The lock as it is now; never by two threads at a time. Must not block. */
        void look(Sight sight);

        /** This server is stopping. */
        void stopping(Rejection why);

        /** Something of the lock changed; to observations only, on the apply thread, every change in order. */
        default void changed(long revision, CoordinationChange.LockChanged change) {}

        /** A snapshot took the place of the changes; to observations only, on a worker. */
        default void replaced() {}
    }

    /** Makes it for at most so many calls at a time. */
    public LockWatches(int most) {
        this.most = most;
    }

    /** Begins to show locks. Once, before the first call. */
    void start(StoreService store, Executor workers) {
        parts = new Parts(store, workers);
    }

    /** Takes a place for a call; throws OVERLOADED when there are too many, SHUTTING_DOWN when this server stops. */
    void enter() {
        if (closed) {
            throw new RejectedException(shuttingDown());
        }
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            throw new RejectedException(Rejection.of(
                    RejectReason.OVERLOADED,
                    "this server has " + most + " calls that wait for locks or observe elections, which is its limit:"
                            + " try again later, or on another server",
                    "limit",
                    Integer.toString(most)));
        }
    }

    /** Gives the place of a call back. */
    void leave() {
        count.decrementAndGet();
    }

    /** Calls now. */
    public int callCount() {
        return count.get();
    }

    /** Shows the lock at a path to this watcher whenever it changes, from now on. */
    void add(ZnodePath path, Watcher watcher) {
        add(path, watcher, false);
    }

    /** Shows the lock to this watcher and tells it of every change, from now on. */
    void addObservation(ZnodePath path, Watcher watcher) {
        observations.incrementAndGet();
        add(path, watcher, true);
    }

    private void add(ZnodePath path, Watcher watcher, boolean observes) {
        Parts known = parts;
        if (known == null) {
            throw new IllegalStateException("the watches of locks are not started");
        }
        watches.compute(path, (key, present) -> {
            Watch watch = present == null ? new Watch(path, known) : present;
            watch.watchers.add(watcher);
            if (observes) {
                watch.observations.add(watcher);
            }
            return watch;
        });
        if (closed) {
            watcher.stopping(shuttingDown());
        }
    }

    void remove(ZnodePath path, Watcher watcher) {
        watches.computeIfPresent(path, (key, watch) -> {
            watch.watchers.remove(watcher);
            return watch.watchers.isEmpty() ? null : watch;
        });
    }

    /** Ends what {@link #addObservation} began, if it did. */
    void removeObservation(ZnodePath path, Watcher watcher) {
        watches.computeIfPresent(path, (key, watch) -> {
            if (watch.observations.remove(watcher)) {
                observations.decrementAndGet();
            }
            watch.watchers.remove(watcher);
            return watch.watchers.isEmpty() ? null : watch;
        });
    }

    /** All changes up to this revision were told. */
    long completeRevision() {
        return completeRevision;
    }

    /** Asks for a look. */
    void ask(ZnodePath path) {
        Watch watch = watches.get(path);
        if (watch != null) {
            watch.turns.ask();
        }
    }

    /** The others that watch a path. */
    List<Watcher> others(ZnodePath path, Watcher self) {
        Watch watch = watches.get(path);
        List<Watcher> others = new ArrayList<>();
        if (watch != null) {
            watch.watchers.forEach(watcher -> {
                if (watcher != self) {
                    others.add(watcher);
                }
            });
        }
        return others;
    }

    @Override
    public void published(List<RevisionChanges> changes) {
        if (watches.isEmpty()) {
            completeRevision = changes.get(changes.size() - 1).revision();
            return;
        }
        if (observations.get() > 0) {
            tellObservations(changes);
        }
        completeRevision = changes.get(changes.size() - 1).revision();
        for (int i = 0; i < changes.size(); i++) {
            List<CoordinationChange> all = changes.get(i).coordination();
            for (int k = 0; k < all.size(); k++) {
                if (all.get(k) instanceof CoordinationChange.LockChanged changed) {
                    ask(changed.path());
                }
            }
        }
    }

    private void tellObservations(List<RevisionChanges> changes) {
        for (int i = 0; i < changes.size(); i++) {
            RevisionChanges revision = changes.get(i);
            List<CoordinationChange> all = revision.coordination();
            for (int k = 0; k < all.size(); k++) {
                if (all.get(k) instanceof CoordinationChange.LockChanged changed) {
                    Watch watch = watches.get(changed.path());
                    if (watch != null) {
                        watch.observations.forEach(watcher -> watcher.changed(revision.revision(), changed));
                    }
                }
            }
        }
    }

    @Override
    public boolean isObserved() {
        return !watches.isEmpty();
    }

    @Override
    public void replaced() {
        Parts known = parts;
        watches.values().forEach(watch -> {
            watch.turns.ask();
            watch.observations.forEach(watcher -> {
                if (known != null) {
                    known.workers().execute(watcher::replaced);
                }
            });
        });
    }

    boolean isClosed() {
        return closed;
    }

    static Rejection shuttingDown() {
        return Rejection.of(
                RejectReason.SHUTTING_DOWN,
                "this server is stopping: ask another one with the same session and holder, which keeps the place");
    }

    /** Ends all calls with SHUTTING_DOWN; what they wait for stays theirs, so that another server can go on with it. */
    @Override
    public void close() {
        closed = true;
        watches.values().forEach(watch -> watch.watchers.forEach(watcher -> watcher.stopping(shuttingDown())));
    }

    /** All who watch one path. */
    private static final class Watch {
        private final ZnodePath path;
        private final Parts parts;
        private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
        private final Set<Watcher> observations = ConcurrentHashMap.newKeySet();
        private final Turns turns;

        Watch(ZnodePath path, Parts parts) {
            this.path = path;
            this.parts = parts;
            turns = new Turns(parts.workers(), this::look);
        }

        private void look() {
            LockTable table = parts.store().locks();
            Sight sight = new Sight(table.find(path));
            for (Watcher watcher : watchers) {
                try {
                    watcher.look(sight);
                } catch (RuntimeException e) {
                    Defects.report("a call that waits for a lock failed", e);
                }
            }
        }
    }

    /** A lock as all its watchers are shown it. */
    static final class Sight {
        private final @Nullable LockState state;
        private @Nullable Map<Holder, Integer> positions;

        private record Holder(long sessionId, String holderId) {}

        Sight(@Nullable LockState state) {
            this.state = state;
        }

        @Nullable
        LockState state() {
            return state;
        }

        /** How many wait in front of this waiter; -1 when it does not wait. Found by one walk for all who ask. */
        int position(long sessionId, String holderId) {
            LockState lock = state;
            if (lock == null) {
                return -1;
            }
            Map<Holder, Integer> known = positions;
            if (known == null) {
                known = new HashMap<>();
                for (int i = 0; i < lock.waiters().size(); i++) {
                    var waiter = lock.waiters().get(i);
                    known.put(new Holder(waiter.sessionId(), waiter.holderId()), i);
                }
                positions = known;
            }
            return known.getOrDefault(new Holder(sessionId, holderId), -1);
        }
    }
}

package io.pathkeeper.client.recipe;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.error.ErrorDetails;
import io.pathkeeper.client.error.LimitExceededException;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.client.observe.Event;
import io.pathkeeper.client.observe.EventType;
import io.pathkeeper.client.observe.Observation;
import io.pathkeeper.client.observe.ObserveFrame;
import io.pathkeeper.client.observe.ObserveListener;
import io.pathkeeper.client.observe.ObserveRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a part of the tree that follows it: the first state, then every revision as a whole. Told by the observation's sequence of
 * callbacks, read by any thread; the monitor guards what is read. Two states of a znode are told apart by the revisions of its creation and
 * of its last change, never by its version, which begins anew when it is created again.
 */
final class TreeMirror implements ObserveListener, AutoCloseable {
    /** Znodes that a cache may hold. */
    static final int MAX_ZNODES = 100_000;

    private record Change(@Nullable Znode before, @Nullable Znode after) {}

    private final Predicate<String> holds;
    private final CacheListener listener;
    private final CompletableFuture<Void> initialized = new CompletableFuture<>();
    private SortedMap<String, Znode> znodes = new TreeMap<>();
    private long revision;
    /** The whole state that is coming; null when none is. Owned by the callbacks. */
    private @Nullable SortedMap<String, Znode> coming = new TreeMap<>();

    private volatile @Nullable Observation observation;
    private volatile boolean full;

    private TreeMirror(Predicate<String> holds, CacheListener listener) {
        this.holds = holds;
        this.listener = listener;
    }

    /**
     * Starts a copy.
     *
     * @param holds which of the paths that are observed it holds
     */
    static TreeMirror start(
            PathkeeperClient client, ObserveRequest request, Predicate<String> holds, CacheListener listener) {
        TreeMirror mirror = new TreeMirror(holds, listener);
        mirror.observation = client.observe(request.initialState(true), mirror);
        return mirror;
    }

    CompletableFuture<Void> initialized() {
        return initialized.copy();
    }

    synchronized long revision() {
        return revision;
    }

    synchronized Optional<Znode> find(String path) {
        return Optional.ofNullable(znodes.get(path));
    }

    synchronized SortedMap<String, Znode> all() {
        return new TreeMap<>(znodes);
    }

    @Override
    public void onExisting(ObserveFrame.Existing existing) {
        SortedMap<String, Znode> state = coming;
        if (state == null) {
            state = new TreeMap<>();
            coming = state;
        }
        for (Znode znode : existing.znodes()) {
            if (holds.test(znode.path())) {
                state.put(znode.path(), znode);
            }
        }
        checkSize(state.size());
    }

    @Override
    public void onReset(ObserveFrame.Reset reset) {
        coming = new TreeMap<>();
    }

    @Override
    public void onSynced(ObserveFrame.Synced synced) {
        SortedMap<String, Znode> state = coming == null ? new TreeMap<>() : coming;
        coming = null;
        List<Change> changes = new ArrayList<>();
        synchronized (this) {
            SortedMap<String, Znode> old = znodes;
            old.forEach((path, before) -> {
                Znode after = state.get(path);
                if (after == null || !isSame(before, after)) {
                    changes.add(new Change(before, after));
                }
            });
            state.forEach((path, after) -> {
                if (!old.containsKey(path)) {
                    changes.add(new Change(null, after));
                }
            });
            znodes = state;
            revision = synced.revision();
        }
        tell(changes);
        if (!initialized.isDone()) {
            initialized.complete(null);
            listener.onInitialized();
        } else {
            listener.onResynced();
        }
    }

    private static boolean isSame(Znode before, Znode after) {
        return before.stat().createdRevision() == after.stat().createdRevision()
                && before.stat().modifiedRevision() == after.stat().modifiedRevision();
    }

    @Override
    public void onEvents(ObserveFrame.Events events) {
        List<Change> changes = new ArrayList<>();
        synchronized (this) {
            for (Event event : events.events()) {
                if (!holds.test(event.path())) {
                    continue;
                }
                boolean gone = event.type() == EventType.DELETED;
                Znode after = gone
                        ? null
                        : new Znode(event.path(), event.stat(), event.value(), event.contentType(), event.revision());
                Znode before = after == null ? znodes.remove(event.path()) : znodes.put(event.path(), after);
                changes.add(new Change(before, after));
            }
            revision = events.revision();
            checkSize(znodes.size());
        }
        tell(changes);
    }

    @Override
    public void onProgress(ObserveFrame.Progress progress) {
        synchronized (this) {
            revision = Math.max(revision, progress.revision());
        }
    }

    private void checkSize(int size) {
        if (size > MAX_ZNODES) {
            full = true;
            throw new IllegalStateException("a cache holds at most " + MAX_ZNODES + " znodes");
        }
    }

    private void tell(List<Change> changes) {
        changes.forEach(change -> listener.onChange(change.before(), change.after()));
    }

    @Override
    public void onEnd(@Nullable PathkeeperException error) {
        PathkeeperException why = full
                ? new LimitExceededException(
                        new ErrorDetails(
                                Reason.QUOTA_EXCEEDED,
                                "a cache holds at most " + MAX_ZNODES + " znodes: observe a smaller part of the tree",
                                Map.of("limit", Integer.toString(MAX_ZNODES)),
                                false,
                                Outcome.NOT_APPLIED),
                        error)
                : error;
        if (why == null) {
            initialized.cancel(false);
        } else {
            initialized.completeExceptionally(why);
        }
        listener.onEnd(why);
    }

    @Override
    public void close() {
        Observation running = observation;
        if (running != null) {
            running.close();
        }
    }
}

package io.pathkeeper.it.check;

import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.observe.Event;
import io.pathkeeper.client.observe.EventType;
import io.pathkeeper.client.observe.ObserveFrame;
import io.pathkeeper.client.observe.ObserveListener;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Records an observation of the whole tree that must see every revision exactly once: revisions without a gap from the first one on, no
 * event twice, no reset, and a mirror of the tree that can be compared with a scan. Tells of a fault as soon as it is seen.
 *
 * <p>Called by one callback thread at a time; may be asked from any thread.
 */
public final class RevisionTrace implements ObserveListener {
    private static final int MAX_FAULTS = 20;

    private final List<String> faults = new ArrayList<>();
    private final Map<String, Value> mirror = new TreeMap<>();
    private long newest;
    private long counted;
    private boolean synced;
    private @Nullable PathkeeperException end;

    @Override
    public synchronized void onExisting(ObserveFrame.Existing existing) {
        fault(!synced, "a part of the state behind the end of the state, at revision " + existing.revision());
        existing.znodes().forEach(znode -> mirror.put(znode.path(), znode.value()));
    }

    @Override
    public synchronized void onSynced(ObserveFrame.Synced frame) {
        fault(!synced, "the end of the state twice, at revision " + frame.revision());
        synced = true;
        newest = frame.revision();
    }

    @Override
    public synchronized void onEvents(ObserveFrame.Events frame) {
        fault(synced, "events of revision " + frame.revision() + " before the end of the state");
        fault(
                frame.revision() == newest + 1,
                "revision " + frame.revision() + " behind revision " + newest
                        + (frame.revision() <= newest ? ": repeated or out of order" : ": some were left out"));
        newest = frame.revision();
        counted++;
        Set<String> seen = new HashSet<>();
        for (Event event : frame.events()) {
            fault(event.revision() == frame.revision(), "an event of another revision: " + event);
            fault(seen.add(event.type() + " " + event.path()), "twice in revision " + frame.revision() + ": " + event);
            if (event.type() == EventType.DELETED) {
                fault(mirror.remove(event.path()) != null, "a deletion of what was not there: " + event);
            } else {
                mirror.put(event.path(), Objects.requireNonNullElse(event.value(), Value.NULL));
            }
        }
    }

    @Override
    public synchronized void onProgress(ObserveFrame.Progress frame) {
        fault(frame.revision() >= newest, "progress " + frame.revision() + " below revision " + newest);
        fault(
                frame.revision() <= newest,
                "progress " + frame.revision() + ", but nothing was told behind revision " + newest);
    }

    @Override
    public synchronized void onReset(ObserveFrame.Reset frame) {
        fault(false, "reset at revision " + frame.revision() + " because of " + frame.cause());
    }

    @Override
    public synchronized void onEnd(@Nullable PathkeeperException error) {
        end = error;
        fault(error == null, "the observation ended with " + error);
    }

    /** Returns whether the state was complete. */
    public synchronized boolean isSynced() {
        return synced;
    }

    /** Newest revision that was told of. */
    public synchronized long newestRevision() {
        return newest;
    }

    /** Number of revisions that were told of behind the initial state. */
    public synchronized long revisionCount() {
        return counted;
    }

    /** The tree as the observer knows it. */
    public synchronized Map<String, Value> mirror() {
        return new TreeMap<>(mirror);
    }

    /** Returns what broke the promise, at most 20 sentences; empty when all is well. */
    public synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    /** Returns whether the observation ended with an error. */
    public synchronized boolean hasFailed() {
        return end != null;
    }

    private void fault(boolean right, String otherwise) {
        if (!right && faults.size() < MAX_FAULTS) {
            faults.add(otherwise);
        }
    }
}

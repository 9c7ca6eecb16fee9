package io.pathkeeper.it.coordination;

import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.observe.Event;
import io.pathkeeper.client.observe.EventType;
import io.pathkeeper.client.observe.ObserveFrame;
import io.pathkeeper.client.observe.ObserveListener;
import io.pathkeeper.it.history.SessionEndings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Observes the ephemeral znodes of sessions, all children of one znode with names {@code <session>-<number>}, and learns so at which revision each
 * session ended. Called by one callback thread at a time; may be asked from any.
 */
public final class MembersObserver implements ObserveListener {
    private final SessionEndings endings;
    private final Map<Long, Long> endRevisions = new HashMap<>();
    private final Map<Long, Long> endNanos = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private final Set<String> present = new HashSet<>();
    private @Nullable Set<String> state;
    private boolean standing;

    /** Records what goes in a history. */
    public MembersObserver(SessionEndings endings) {
        this.endings = endings;
    }

    /** Path of an ephemeral znode of a session below a parent. */
    public static String path(String parent, long session, int number) {
        return parent + "/" + session + "-" + number;
    }

    @Override
    public synchronized void onCreated(ObserveFrame.Created frame) {
        standing = true;
    }

    @Override
    public synchronized void onEvents(ObserveFrame.Events frame) {
        List<String> deleted = new ArrayList<>();
        for (Event event : frame.events()) {
            if (event.type() == EventType.CREATED) {
                present.add(event.path());
                endings.told(event.path());
            } else if (event.type() == EventType.DELETED) {
                present.remove(event.path());
                deleted.add(event.path());
            }
        }
        if (deleted.isEmpty()) {
            return;
        }
        endings.deleted(frame.revision(), deleted);
        Set<Long> sessions = new HashSet<>();
        deleted.forEach(path -> sessions.add(session(path)));
        ended(sessions, frame.revision());
    }

    private void ended(Set<Long> sessions, long revision) {
        long now = System.nanoTime();
        for (long session : sessions) {
            endRevisions.putIfAbsent(session, revision);
            endNanos.putIfAbsent(session, now);
        }
    }

    @Override
    public synchronized void onReset(ObserveFrame.Reset reset) {
        state = new HashSet<>();
    }

    @Override
    public synchronized void onExisting(ObserveFrame.Existing frame) {
        if (state != null) {
            frame.znodes().forEach(znode -> state.add(znode.path()));
        }
    }

    /** Behind a reset: what is no longer there went at this revision or before, all of a session or nothing. */
    @Override
    public synchronized void onSynced(ObserveFrame.Synced synced) {
        if (state == null) {
            return;
        }
        Set<String> gone = new HashSet<>(present);
        gone.removeAll(state);
        Set<Long> sessions = new HashSet<>();
        gone.forEach(path -> sessions.add(session(path)));
        present.retainAll(state);
        for (String left : present) {
            if (sessions.contains(session(left))) {
                faults.add("at revision " + synced.revision() + " there is still " + left
                        + ", though other znodes of its session have gone");
            }
        }
        ended(sessions, synced.revision());
        present.addAll(state);
        state.forEach(endings::told);
        endings.missed(gone);
        state = null;
    }

    @Override
    public synchronized void onEnd(@Nullable PathkeeperException error) {
        if (error != null) {
            faults.add("the observation ended: " + error.getMessage());
        }
    }

    /** Returns whether the observation stands: from then on nothing is missed. */
    public synchronized boolean isStanding() {
        return standing;
    }

    /** The revision at which each ended session ended; where a reset hid it, a later one. */
    public synchronized Map<Long, Long> endRevisions() {
        return Map.copyOf(endRevisions);
    }

    /** The {@link System#nanoTime()} at which the end of each ended session was seen. */
    public synchronized Map<Long, Long> endNanos() {
        return Map.copyOf(endNanos);
    }

    /** Znodes that are there. */
    public synchronized long presentCount() {
        return present.size();
    }

    /** What went wrong with the observation itself. */
    public synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    private static long session(String path) {
        return Long.parseLong(path.substring(path.lastIndexOf('/') + 1, path.lastIndexOf('-')));
    }
}

package io.pathkeeper.server.session;

import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * The open sessions with their ephemeral znodes and their locks. The apply thread writes; any thread reads, without a lock.
 * Everything in it is committed; what a reader sees may be newer than the published tree.
 *
 * <p>Ids are a counter from 1 and never used again, so that an id that was given out and is not there is one that ended.
 */
public final class SessionTable {
    private static final NavigableSet<ZnodePath> NOTHING = Collections.emptyNavigableSet();

    private final ConcurrentSkipListMap<Long, Entry> sessions = new ConcurrentSkipListMap<>();
    private volatile long nextId;
    private volatile int count;
    private volatile long ephemeralCount;

    /** A session and what belongs to it. The counts spare readers a walk through the sets. */
    private static final class Entry {
        final Session session;
        final ConcurrentSkipListSet<ZnodePath> ephemerals = new ConcurrentSkipListSet<>();
        /** Number of holds and places for each path. */
        final ConcurrentSkipListMap<ZnodePath, Integer> locks = new ConcurrentSkipListMap<>();

        volatile int ephemeralCount;
        volatile int lockCount;

        Entry(Session session) {
            this.session = session;
        }
    }

    /**
     * A table without sessions.
     *
     * @param nextId id that the next session gets, from 1
     */
    public SessionTable(long nextId) {
        this.nextId = nextId;
    }

    /** The open session of this id, or null. Any thread. */
    public @Nullable Session find(long id) {
        Entry entry = sessions.get(id);
        return entry == null ? null : entry.session;
    }

    /** Open sessions with ids above this one, ascending, at most so many. Any thread. */
    public List<Session> after(long id, int limit) {
        List<Session> found = new ArrayList<>();
        for (Entry entry : sessions.tailMap(id, false).values()) {
            if (found.size() >= limit) {
                break;
            }
            found.add(entry.session);
        }
        return found;
    }

    /** Number of open sessions. Any thread. */
    public int count() {
        return count;
    }

    /** Number of ephemeral znodes of all sessions. Any thread. */
    public long ephemeralCount() {
        return ephemeralCount;
    }

    /** Id that the next session gets. Any thread. */
    public long nextId() {
        return nextId;
    }

    /** Whether this id was ever given to a session, which may be over. Any thread. */
    public boolean wasIssued(long id) {
        return id > 0 && id < nextId;
    }

    /** What the session is to somebody with this key. Any thread. */
    public SessionStanding standing(SessionKey key) {
        boolean issued = wasIssued(key.id());
        Session session = find(key.id());
        if (session != null) {
            return session.hasSecret(key.secret()) ? SessionStanding.OPEN : SessionStanding.SECRET_WRONG;
        }
        return issued ? SessionStanding.EXPIRED : SessionStanding.NOT_FOUND;
    }

    /** Paths of the ephemeral znodes of a session, in order; empty without the session. A live view; any thread. */
    public NavigableSet<ZnodePath> ephemerals(long id) {
        Entry entry = sessions.get(id);
        return entry == null ? NOTHING : Collections.unmodifiableNavigableSet(entry.ephemerals);
    }

    /** Paths of the locks that a session holds or waits for, in order; empty without the session. A live view; any thread. */
    public NavigableSet<ZnodePath> locks(long id) {
        Entry entry = sessions.get(id);
        return entry == null ? NOTHING : Collections.unmodifiableNavigableSet(entry.locks.keySet());
    }

    /** Number of ephemeral znodes of a session. Any thread. */
    public int ephemeralCount(long id) {
        Entry entry = sessions.get(id);
        return entry == null ? 0 : entry.ephemeralCount;
    }

    /** Number of holds and places that a session has in locks and elections. Any thread. */
    public int lockCount(long id) {
        Entry entry = sessions.get(id);
        return entry == null ? 0 : entry.lockCount;
    }

    /** Adds a session, whose id must be new. Apply thread. */
    public void open(Session session) {
        if (sessions.putIfAbsent(session.id(), new Entry(session)) != null) {
            throw new IllegalStateException("session " + session.id() + " is there already");
        }
        count++;
        // behind the session: who sees its id as given out and finds no session knows that it is over
        nextId = Math.max(nextId, session.id() + 1);
    }

    /** Removes a session, which has nothing any more. Apply thread. */
    public void end(long id) {
        Entry entry = owner(id);
        if (entry.ephemeralCount != 0 || entry.lockCount != 0) {
            throw new IllegalStateException("session " + id + " still has " + entry.ephemeralCount
                    + " ephemeral znodes and " + entry.lockCount + " lock entries");
        }
        sessions.remove(id);
        count--;
    }

    /** A znode belongs to a session from now on. Apply thread. */
    public void ephemeralAdded(long id, ZnodePath path) {
        Entry entry = owner(id);
        if (!entry.ephemerals.add(path)) {
            throw new IllegalStateException(path + " belongs to session " + id + " already");
        }
        entry.ephemeralCount++;
        ephemeralCount++;
    }

    /** A znode does not belong to a session any longer. Apply thread. */
    public void ephemeralRemoved(long id, ZnodePath path) {
        Entry entry = owner(id);
        if (!entry.ephemerals.remove(path)) {
            throw new IllegalStateException(path + " does not belong to session " + id);
        }
        entry.ephemeralCount--;
        ephemeralCount--;
    }

    /** A session holds or waits for a lock once more. Apply thread. */
    public void lockAdded(long id, ZnodePath path) {
        Entry entry = owner(id);
        entry.locks.merge(path, 1, Integer::sum);
        entry.lockCount++;
    }

    /** A session holds or waits for a lock once less. Apply thread. */
    public void lockRemoved(long id, ZnodePath path) {
        Entry entry = owner(id);
        Integer left = entry.locks.get(path);
        if (left == null) {
            throw new IllegalStateException("session " + id + " neither holds nor waits for " + path);
        }
        if (left == 1) {
            entry.locks.remove(path);
        } else {
            entry.locks.put(path, left - 1);
        }
        entry.lockCount--;
    }

    private Entry owner(long id) {
        Entry entry = sessions.get(id);
        if (entry == null) {
            throw new IllegalStateException("there is no session " + id);
        }
        return entry;
    }
}

package io.pathkeeper.server.expiry;

import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Deadlines of sessions, the earliest first. A touch only writes a number: the queue is put in order when a session comes to its front,
 * so that a session costs one reordering in each timeout however often it is touched.
 *
 * <p>Deadlines never move to an earlier time. Not safe for several threads: its keeper's monitor guards it.
 */
final class ExpiryQueue {
    private static final int SPARE_PLACES = 1_024;

    private final Map<Long, Timed> sessions = new HashMap<>();
    private final PriorityQueue<Place> places = new PriorityQueue<>((a, b) -> Long.compare(a.nanos - b.nanos, 0));

    /** What is known of a session. */
    static final class Timed {
        final long id;
        final long timeoutNanos;
        private long deadlineNanos;
        /** Number of the attempt that is about to end it, 0 for none. */
        long attempt;
        /** Whether the command that ends it was proposed: nothing takes that back. */
        boolean proposed;

        private Timed(long id, long timeoutNanos, long deadlineNanos) {
            this.id = id;
            this.timeoutNanos = timeoutNanos;
            this.deadlineNanos = deadlineNanos;
        }
    }

    /** A place in the queue; that of a session which has gone, or has another one, means nothing. */
    private record Place(Timed session, long nanos) {}

    int size() {
        return sessions.size();
    }

    @Nullable
    Timed find(long id) {
        return sessions.get(id);
    }

    /** Takes a session in unless it is there already. */
    void add(long id, long timeoutNanos, long deadlineNanos) {
        if (!sessions.containsKey(id)) {
            Timed session = new Timed(id, timeoutNanos, deadlineNanos);
            sessions.put(id, session);
            places.add(new Place(session, deadlineNanos));
        }
    }

    void remove(long id) {
        sessions.remove(id);
        if (places.size() > 2 * sessions.size() + SPARE_PLACES) {
            places.removeIf(place -> sessions.get(place.session.id) != place.session);
        }
    }

    void clear() {
        sessions.clear();
        places.clear();
    }

    /** Gives a session time at least until then. */
    void extend(Timed session, long deadlineNanos) {
        if (deadlineNanos - session.deadlineNanos > 0) {
            session.deadlineNanos = deadlineNanos;
        }
    }

    /** How long nothing was heard of a session; less than that, even below 0, while it has more time than its timeout. */
    long unheardNanos(Timed session, long nowNanos) {
        return nowNanos - (session.deadlineNanos - session.timeoutNanos);
    }

    /** Takes the next session whose deadline has passed out of the order; it is still known. Null when there is none. */
    @Nullable
    Timed nextDue(long nowNanos) {
        for (Place first = places.peek(); first != null && nowNanos - first.nanos >= 0; first = places.peek()) {
            places.remove();
            Timed session = first.session;
            if (sessions.get(session.id) != session) {
                continue;
            }
            if (nowNanos - session.deadlineNanos >= 0) {
                return session;
            }
            places.add(new Place(session, session.deadlineNanos));
        }
        return null;
    }

    /** Puts a session that {@link #nextDue} gave out back into the order. */
    void putBack(Timed session) {
        if (sessions.get(session.id) == session) {
            places.add(new Place(session, session.deadlineNanos));
        }
    }
}

package io.pathkeeper.it.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What happened to one lock: grants, releases, ends of sessions, guarded writes, and looks at its holders and waiters.
 * {@link #violations()} says which promises were broken.
 *
 * <p>A grant holds from the revision of its token on until the revision of its release or of the end of its session, that one not
 * included. Safe to record from any thread.
 */
public final class LockHistory {
    /** How a lock is held. */
    public enum Mode {
        EXCLUSIVE,
        SHARED,
        PERMITS
    }

    /**
     * Somebody who holds or waits.
     *
     * @param session id of the session
     * @param holder holder id
     * @param mode how it holds or wants the lock
     * @param permits permits with {@link Mode#PERMITS}, 0 otherwise
     * @param queuedRevision revision at which it came; 0 when that is not known
     * @param token revision of the grant; 0 while it waits
     */
    public record Entry(long session, String holder, Mode mode, long permits, long queuedRevision, long token) {
        String name() {
            return "session " + session + " holder " + holder + " token " + token;
        }
    }

    /** A look at the lock, at this revision or a later one. */
    record Look(long revision, List<Entry> holders, List<Entry> waiters) {}

    /** A guarded write that was done, at a revision. */
    record Write(long token, long revision) {}

    private record Grant(long token, long session, String holder) {}

    final long maxPermits;
    final List<Entry> grants = new ArrayList<>();
    private final Set<Grant> known = new HashSet<>();
    final Map<Long, Map<String, Long>> releases = new HashMap<>();
    final Map<Long, Long> sessionEnds = new HashMap<>();
    final List<Write> writes = new ArrayList<>();
    final List<Long> refusals = new ArrayList<>();
    private int lateRefusals;
    final List<Look> looks = new ArrayList<>();

    /**
     * Starts empty.
     *
     * @param maxPermits permits that there are in all; 0 when nobody asks for permits
     */
    public LockHistory(long maxPermits) {
        this.maxPermits = maxPermits;
    }

    /** Records a grant that a client was told of. The same grant told again counts once. */
    public synchronized void granted(Entry grant) {
        if (known.add(new Grant(grant.token(), grant.session(), grant.holder()))) {
            grants.add(grant);
        }
    }

    /** Records a release that was acknowledged, with its revision. */
    public synchronized void released(long token, String holder, long revision) {
        releases.computeIfAbsent(token, t -> new HashMap<>()).put(holder, revision);
    }

    /** Records the revision at which a session was closed or expired. */
    public synchronized void sessionEnded(long session, long revision) {
        sessionEnds.put(session, revision);
    }

    /** Records a write under the guard of a token that was acknowledged, with its revision. */
    public synchronized void wrote(long token, long revision) {
        writes.add(new Write(token, revision));
    }

    /** Records that a write under the guard of a token, sent before any release of it, was refused because the lock is not held by it. */
    public synchronized void refused(long token) {
        refusals.add(token);
    }

    /** Counts a write that was refused, as it must be, because its token had been released before. */
    public synchronized void refusedBehindRelease() {
        lateRefusals++;
    }

    /** Records a linearizable look at the lock and the revision that came with it. */
    public synchronized void looked(long revision, List<Entry> holders, List<Entry> waiters) {
        looks.add(new Look(revision, List.copyOf(holders), List.copyOf(waiters)));
    }

    /** Number of recorded grants. */
    public synchronized int grantCount() {
        return grants.size();
    }

    /** Number of guarded writes that were done. */
    public synchronized int writeCount() {
        return writes.size();
    }

    /** Number of guarded writes that were refused. */
    public synchronized int refusalCount() {
        return refusals.size() + lateRefusals;
    }

    /** Number of recorded looks. */
    public synchronized int lookCount() {
        return looks.size();
    }

    /** Number of sessions that were recorded as ended. */
    public synchronized int sessionEndCount() {
        return sessionEnds.size();
    }

    /** Returns a sentence for every promise that was broken; empty when all is well. */
    public synchronized List<String> violations() {
        return new LockHistoryCheck(this).violations();
    }

    @Override
    public synchronized String toString() {
        return grants.size() + " grants, " + releases.size() + " releases, " + sessionEnds.size() + " ended sessions, "
                + writes.size() + " guarded writes done and " + refusalCount() + " refused, " + looks.size() + " looks";
    }
}

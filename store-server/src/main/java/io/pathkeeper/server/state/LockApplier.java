package io.pathkeeper.server.state;

import io.pathkeeper.server.coordination.CallId;
import io.pathkeeper.server.coordination.CoordinationChange.Kind;
import io.pathkeeper.server.coordination.CoordinationChange.LockChanged;
import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.coordination.LockTable;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Applies what is asked of locks and elections. First come, first served: only the head of a queue is ever granted. Checks
 * everything before it changes anything. Apply thread.
 */
final class LockApplier {
    private final StateLimits limits;
    private final CoordinationTables tables;
    private final LockTable locks;
    private final SessionTable sessions;
    private final RevisionDraft draft;
    private final SessionCheck check;
    private long clusterMillis;

    LockApplier(StateLimits limits, CoordinationTables tables, RevisionDraft draft, SessionCheck check) {
        this.limits = limits;
        this.tables = tables;
        this.locks = tables.locks();
        this.sessions = tables.sessions();
        this.draft = draft;
        this.check = check;
    }

    void setTime(long newClusterMillis) {
        clusterMillis = newClusterMillis;
    }

    CommandResult apply(Command.Acquire acquire) {
        CommandResult.Rejected refused = LockFacts.refused(acquire);
        if (refused == null) {
            refused = check.refused(acquire.session());
        }
        if (refused != null) {
            return refused;
        }
        LockState lock = locks.find(acquire.path());
        if (lock == null || lock.isIdle()) {
            long delay = lock == null ? 0 : lock.notBeforeMillis();
            lock = new LockState(acquire.path(), acquire.election(), acquire.maxPermits(), List.of(), List.of(), delay);
        } else {
            refused = LockFacts.mismatch(lock, acquire);
            if (refused != null) {
                return refused;
            }
            CommandResult present = present(lock, acquire);
            if (present != null) {
                return present;
            }
        }
        return acquired(lock, acquire);
    }

    /** What the same holder asked for before, or null. */
    private @Nullable CommandResult present(LockState lock, Command.Acquire acquire) {
        long session = acquire.session().id();
        LockEntry entry = lock.holder(session, acquire.holderId());
        int position = entry == null ? lock.position(session, acquire.holderId()) : 0;
        if (entry == null) {
            if (position < 0) {
                return null;
            }
            entry = lock.waiters().get(position);
        }
        if (entry.mode() != acquire.mode() || entry.permits() != acquire.permits()) {
            return LockFacts.otherWish(lock, acquire, entry);
        }
        if (entry.callId() != acquire.callId() && !CallId.isBefore(acquire.callId(), entry.callId())) {
            // No revision: who holds and who waits stays as it is. What an older call does when it ends concerns nobody
            // now.
            LockEntry asked = entry.askedBy(acquire.callId());
            tables.put(lock.replacing(entry, asked));
            entry = asked;
        }
        return new CommandResult.Acquired(
                entry, position, entry.token() == 0 ? shown(lock) : List.of(), draft.current());
    }

    private CommandResult acquired(LockState lock, Command.Acquire acquire) {
        LockEntry wish = new LockEntry(
                acquire.session().id(),
                acquire.holderId(),
                acquire.mode(),
                acquire.permits(),
                0,
                draft.next(),
                draft.next(),
                acquire.lockDelayMillis(),
                acquire.note(),
                acquire.value(),
                acquire.callId());
        boolean waits = !lock.waiters().isEmpty() || clusterMillis < lock.notBeforeMillis() || !lock.fits(wish);
        if (waits && !acquire.queue()) {
            return new CommandResult.Acquired(null, lock.waiters().size(), shown(lock), draft.current());
        }
        CommandResult.Rejected refused = refusedQuota(lock, acquire, waits);
        if (refused != null) {
            return refused;
        }
        sessions.lockAdded(wish.sessionId(), lock.path());
        List<LockEntry> grants = new ArrayList<>(1);
        LockState after = lock.queued(wish).granting(clusterMillis, draft.next(), grants);
        LockEntry hold = grants.isEmpty() ? null : after.holder(wish.sessionId(), wish.holderId());
        if (hold == null) {
            changed(lock, Kind.QUEUED, wish);
        }
        put(after, grants);
        if (hold != null) {
            return new CommandResult.Acquired(hold, 0, List.of(), draft.next());
        }
        return new CommandResult.Acquired(wish, after.waiters().size() - 1, shown(after), draft.next());
    }

    private CommandResult.@Nullable Rejected refusedQuota(LockState lock, Command.Acquire acquire, boolean waits) {
        StateLimits.Coordination most = limits.coordination();
        int waiting = lock.waiters().size();
        if (waits && waiting >= most.maxWaiters()) {
            return LockFacts.quota(acquire.path(), "waiters", waiting + 1L, most.maxWaiters());
        }
        int own = sessions.lockCount(acquire.session().id());
        if (own >= most.maxLocksPerSession()) {
            String thing = "locks that session " + acquire.session().id() + " holds or waits for, with";
            return LockFacts.quota(acquire.path(), thing, own + 1L, most.maxLocksPerSession());
        }
        long all = locks.holderCount() + locks.waiterCount();
        if (all >= most.maxLockEntries()) {
            return LockFacts.quota(
                    acquire.path(), "holders and waiters of all locks, with", all + 1, most.maxLockEntries());
        }
        return refusedValues(acquire.path(), acquire.value().length);
    }

    /** Why the values of all elections cannot be so much larger together, or null. */
    private CommandResult.@Nullable Rejected refusedValues(ZnodePath path, int moreBytes) {
        long all = locks.valueBytes() + moreBytes;
        long most = limits.coordination().maxProclaimedBytes();
        return moreBytes <= 0 || all <= most
                ? null
                : LockFacts.quota(path, "bytes of the values of all leaders and candidates, with", all, most);
    }

    CommandResult apply(Command.Release release) {
        // one with a call is a server's, whose client has gone
        CommandResult.Rejected refused =
                release.callId() == 0 ? check.refused(release.session()) : check.refusedUnheard(release.session());
        if (refused != null) {
            return refused;
        }
        ZnodePath path = release.path();
        long session = release.session().id();
        LockState lock = locks.find(path);
        if (lock == null || lock.isIdle()) {
            return LockFacts.notHeld(release);
        }
        if (lock.election() != release.election()) {
            return LockFacts.otherUse(lock, release.election());
        }
        LockEntry entry = lock.holder(session, release.holderId());
        if (entry == null && release.token() == 0) {
            entry = lock.waiter(session, release.holderId());
        }
        boolean otherGrant = entry != null && release.token() != 0 && release.token() != entry.token();
        boolean otherCall = entry != null && release.callId() != 0 && release.callId() != entry.callId();
        if (entry == null || otherGrant || otherCall) {
            return LockFacts.notHeld(release);
        }
        sessions.lockRemoved(session, path);
        changed(lock, entry.token() == 0 ? Kind.LEFT : Kind.RELEASED, entry);
        putGranting(lock.without(entry));
        return new CommandResult.Released(draft.next());
    }

    CommandResult apply(Command.Proclaim proclaim) {
        CommandResult.Rejected refused = LockFacts.refusedValue(proclaim.path(), proclaim.value());
        if (refused == null) {
            refused = check.refused(proclaim.session());
        }
        if (refused != null) {
            return refused;
        }
        LockState lock = locks.find(proclaim.path());
        if (lock != null && !lock.isIdle() && !lock.election()) {
            return LockFacts.otherUse(lock, true);
        }
        LockEntry leader = lock == null ? null : lock.holder(proclaim.session().id(), proclaim.candidateId());
        if (lock == null || leader == null || leader.token() != proclaim.term()) {
            return SessionCheck.notHeld(proclaim.path(), proclaim.term());
        }
        refused = refusedValues(proclaim.path(), proclaim.value().length - leader.value().length);
        if (refused != null) {
            return refused;
        }
        LockEntry after = leader.proclaimed(proclaim.value(), draft.next());
        tables.put(lock.replacing(leader, after));
        changed(lock, Kind.PROCLAIMED, after);
        return new CommandResult.Proclaimed(draft.next());
    }

    /**
     * Ends all holds and places of a session, and grants to those who are next.
     *
     * @param expired whether delays of holders count
     */
    void endSession(Session session, boolean expired) {
        for (ZnodePath path : new ArrayList<>(sessions.locks(session.id()))) {
            LockState lock = Objects.requireNonNull(locks.find(path));
            long notBefore = lock.notBeforeMillis();
            for (LockEntry holder : lock.holders()) {
                if (holder.sessionId() == session.id()) {
                    sessions.lockRemoved(session.id(), path);
                    changed(lock, Kind.RELEASED, holder);
                    if (expired && holder.lockDelayMillis() > 0) {
                        notBefore = Math.max(notBefore, clusterMillis + holder.lockDelayMillis());
                    }
                }
            }
            for (LockEntry waiter : lock.waiters()) {
                if (waiter.sessionId() == session.id()) {
                    sessions.lockRemoved(session.id(), path);
                    changed(lock, Kind.LEFT, waiter);
                }
            }
            putGranting(lock.withoutSession(session.id()).delayedUntil(notBefore));
        }
    }

    /** Ends the delays that are over, at most so many, and grants what they held back. */
    void endDelays(int limit) {
        for (int i = 0; i < limit && locks.earliestDelayMillis() <= clusterMillis; i++) {
            ZnodePath path = Objects.requireNonNull(locks.earliestDelayPath());
            draft.touch();
            putGranting(Objects.requireNonNull(locks.find(path)).delayedUntil(0));
        }
    }

    /** Grants what can be granted, puts the state into the table and tells of it. */
    private void putGranting(LockState lock) {
        List<LockEntry> grants = new ArrayList<>(1);
        put(lock.granting(clusterMillis, draft.next(), grants), grants);
    }

    private void put(LockState lock, List<LockEntry> grants) {
        tables.put(lock);
        for (LockEntry grant : grants) {
            changed(lock, Kind.GRANTED, grant);
        }
    }

    private void changed(LockState lock, Kind kind, LockEntry entry) {
        draft.add(new LockChanged(lock.path(), lock.election(), kind, entry));
    }

    private static List<LockEntry> shown(LockState lock) {
        List<LockEntry> holders = lock.holders();
        int most = CommandResult.Acquired.MAX_HOLDERS;
        return holders.size() <= most ? holders : List.copyOf(holders.subList(0, most));
    }
}

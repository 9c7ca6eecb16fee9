package io.pathkeeper.server.state;

import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.coordination.LockMode;
import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds what contradicts itself in a stored lock. Stateless. */
final class LockCheck {
    private LockCheck() {}

    static void require(LockState lock, @Nullable ZnodePath last, long revision, SessionTable sessions) {
        ZnodePath path = lock.path();
        require(last == null || last.compareTo(path) < 0, path, "does not come behind " + last);
        require(!lock.isIdle() || lock.notBeforeMillis() > 0, path, "has nobody who holds it or waits, and no delay");
        require(lock.maxPermits() >= 0 && lock.notBeforeMillis() >= 0, path, "has numbers below 0");
        Set<Object> known = new HashSet<>();
        entries(lock, lock.holders(), known, revision, sessions);
        entries(lock, lock.waiters(), known, revision, sessions);
        long permits = 0;
        for (LockEntry holder : lock.holders()) {
            require(holder.token() > 0, path, "has a holder without a token");
            require(
                    holder.mode() != LockMode.EXCLUSIVE || lock.holders().size() == 1,
                    path,
                    "has an exclusive holder beside others");
            permits += holder.permits();
        }
        require(permits <= lock.maxPermits(), path, permits + " of " + lock.maxPermits() + " permits are held");
        long before = 0;
        for (LockEntry waiter : lock.waiters()) {
            require(waiter.token() == 0, path, "has a waiter with a token");
            require(waiter.queuedRevision() > before, path, "has waiters in another order than they came");
            before = waiter.queuedRevision();
        }
    }

    private static void entries(
            LockState lock, List<LockEntry> entries, Set<Object> known, long revision, SessionTable sessions) {
        ZnodePath path = lock.path();
        for (LockEntry entry : entries) {
            long session = entry.sessionId();
            require(sessions.find(session) != null, path, "has an entry of session " + session + ", which is over");
            require(
                    known.add(List.of(session, entry.holderId())),
                    path,
                    "has two entries of holder \"" + entry.holderId() + "\" of session " + session);
            boolean counted = entry.mode() == LockMode.PERMITS;
            require(
                    counted == (lock.maxPermits() > 0) && counted == (entry.permits() > 0),
                    path,
                    "has an entry of mode " + entry.mode() + " with " + entry.permits() + " of " + lock.maxPermits()
                            + " permits");
            require(
                    !lock.election() || entry.mode() == LockMode.EXCLUSIVE,
                    path,
                    "is an election with an entry of mode " + entry.mode());
            require(
                    entry.queuedRevision() <= entry.modifiedRevision()
                            && entry.modifiedRevision() <= revision
                            && entry.token() <= entry.modifiedRevision(),
                    path,
                    "has an entry that is newer than revision " + revision);
        }
    }

    private static void require(boolean condition, ZnodePath path, String problem) {
        if (!condition) {
            throw new InvalidStateException("the lock " + path + " " + problem);
        }
    }
}

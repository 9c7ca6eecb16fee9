package io.pathkeeper.server.coordination;

import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A lock or an election as it is at one revision. Immutable.
 *
 * <p>Invariants: one exclusive holder, or any number of shared ones, or holders whose permits are together at most the maximum; all
 * entries are of one kind, {@link LockMode#PERMITS} or not; waiters stand in the order in which they came.
 *
 * @param path names it; there need not be a znode
 * @param election whether it is an election
 * @param maxPermits permits that there are in all, 0 unless the entries want permits
 * @param holders who holds it, in the order of the grants
 * @param waiters who waits, first come first
 * @param notBeforeMillis cluster time before which nothing is granted, 0 for no delay
 */
public record LockState(
        ZnodePath path,
        boolean election,
        long maxPermits,
        List<LockEntry> holders,
        List<LockEntry> waiters,
        long notBeforeMillis) {
    /** Most entries that hold one lock at a time; the next one waits. */
    public static final int MAX_HOLDERS = 10_000;

    /** Bytes of all that is proclaimed; 0 for a lock. */
    public long valueBytes() {
        return election ? valueBytes(holders) + valueBytes(waiters) : 0;
    }

    private static long valueBytes(List<LockEntry> entries) {
        long bytes = 0;
        for (int i = 0; i < entries.size(); i++) {
            bytes += entries.get(i).value().length;
        }
        return bytes;
    }

    /** Whether nobody holds it or waits. */
    public boolean isIdle() {
        return holders.isEmpty() && waiters.isEmpty();
    }

    /** The holder with this id of this session, or null. */
    public @Nullable LockEntry holder(long sessionId, String holderId) {
        return find(holders, sessionId, holderId);
    }

    /** The waiter with this id of this session, or null. */
    public @Nullable LockEntry waiter(long sessionId, String holderId) {
        return find(waiters, sessionId, holderId);
    }

    /** How many wait in front of the waiter with this id of this session; -1 when it does not wait. */
    public int position(long sessionId, String holderId) {
        for (int i = 0; i < waiters.size(); i++) {
            if (waiters.get(i).belongsTo(sessionId, holderId)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a grant with this token holds. */
    public boolean isHeldWith(long token) {
        for (int i = 0; i < holders.size(); i++) {
            if (holders.get(i).token() == token) {
                return true;
            }
        }
        return false;
    }

    /** Whether this entry could be granted beside the present holders, if it is its turn. */
    public boolean fits(LockEntry entry) {
        return fits(entry, holders, heldPermits());
    }

    private boolean fits(LockEntry entry, List<LockEntry> holding, long heldPermits) {
        if (holding.isEmpty()) {
            return true;
        }
        if (holding.size() >= MAX_HOLDERS) {
            return false;
        }
        return switch (entry.mode()) {
            case EXCLUSIVE -> false;
            case SHARED -> holding.get(0).mode() == LockMode.SHARED;
            case PERMITS -> heldPermits + entry.permits() <= maxPermits;
        };
    }

    private long heldPermits() {
        long held = 0;
        for (int i = 0; i < holders.size(); i++) {
            held += holders.get(i).permits();
        }
        return held;
    }

    /** The same with one more waiter at the end. */
    public LockState queued(LockEntry entry) {
        List<LockEntry> more = new ArrayList<>(waiters.size() + 1);
        more.addAll(waiters);
        more.add(entry);
        return new LockState(path, election, maxPermits, holders, List.copyOf(more), notBeforeMillis);
    }

    /** The same with another delay. */
    public LockState delayedUntil(long newNotBeforeMillis) {
        return new LockState(path, election, maxPermits, holders, waiters, newNotBeforeMillis);
    }

    /** The same with another entry in the place of a holder or a waiter. */
    public LockState replacing(LockEntry entry, LockEntry by) {
        return new LockState(
                path,
                election,
                maxPermits,
                replacing(holders, entry, by),
                replacing(waiters, entry, by),
                notBeforeMillis);
    }

    private static List<LockEntry> replacing(List<LockEntry> entries, LockEntry entry, LockEntry by) {
        int at = entries.indexOf(entry);
        if (at < 0) {
            return entries;
        }
        List<LockEntry> replaced = new ArrayList<>(entries);
        replaced.set(at, by);
        return List.copyOf(replaced);
    }

    /** The same without this holder or waiter. */
    public LockState without(LockEntry entry) {
        return without(each -> each.belongsTo(entry.sessionId(), entry.holderId()));
    }

    /** The same without all that belongs to a session. */
    public LockState withoutSession(long sessionId) {
        return without(each -> each.sessionId() == sessionId);
    }

    private LockState without(Predicate<LockEntry> gone) {
        return new LockState(
                path, election, maxPermits, without(holders, gone), without(waiters, gone), notBeforeMillis);
    }

    private static List<LockEntry> without(List<LockEntry> entries, Predicate<LockEntry> gone) {
        List<LockEntry> left = new ArrayList<>(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            if (!gone.test(entries.get(i))) {
                left.add(entries.get(i));
            }
        }
        return left.size() == entries.size() ? entries : List.copyOf(left);
    }

    /**
     * Grants to the first waiter, and again to the next one, as long as it fits and no delay runs. Nobody overtakes.
     *
     * @param clusterMillis the state's clock
     * @param revision revision of the grants: their token
     * @param granted gets every entry that was granted
     * @return the state behind the grants; this one when there were none
     */
    public LockState granting(long clusterMillis, long revision, List<LockEntry> granted) {
        if (waiters.isEmpty() || clusterMillis < notBeforeMillis || !fits(waiters.get(0))) {
            return this;
        }
        List<LockEntry> holding = new ArrayList<>(holders);
        long permits = heldPermits();
        int taken = 0;
        while (taken < waiters.size() && fits(waiters.get(taken), holding, permits)) {
            LockEntry entry = waiters.get(taken).granted(revision);
            granted.add(entry);
            holding.add(entry);
            permits += entry.permits();
            taken++;
        }
        List<LockEntry> left = List.copyOf(waiters.subList(taken, waiters.size()));
        return new LockState(path, election, maxPermits, List.copyOf(holding), left, 0);
    }

    private static @Nullable LockEntry find(List<LockEntry> entries, long sessionId, String holderId) {
        for (int i = 0; i < entries.size(); i++) {
            LockEntry entry = entries.get(i);
            if (entry.belongsTo(sessionId, holderId)) {
                return entry;
            }
        }
        return null;
    }
}

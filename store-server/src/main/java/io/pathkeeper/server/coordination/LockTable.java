package io.pathkeeper.server.coordination;

import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The locks and elections that are held, waited for or delayed, by path. The apply thread writes; any thread reads, without a
 * lock. Everything in it is committed; what a reader sees may be newer than the published tree.
 */
public final class LockTable {
    private final ConcurrentSkipListMap<ZnodePath, LockState> locks = new ConcurrentSkipListMap<>();
    /** Locks whose delay runs; of the apply thread. */
    private final TreeSet<Delay> delays = new TreeSet<>();

    private volatile int count;
    private volatile int heldCount;
    private volatile int contendedCount;
    private volatile long holderCount;
    private volatile long waiterCount;
    /** Of the apply thread. */
    private long valueBytes;

    private record Delay(long millis, ZnodePath path) implements Comparable<Delay> {
        @Override
        public int compareTo(Delay other) {
            int order = Long.compare(millis, other.millis);
            return order != 0 ? order : path.compareTo(other.path);
        }
    }

    /** The lock or election at a path, or null when nobody uses it. Any thread. */
    public @Nullable LockState find(ZnodePath path) {
        return locks.get(path);
    }

    /**
     * Locks and elections at or below a path, in the order of paths. Any thread.
     *
     * @param top only this path and what is below it
     * @param after only paths behind this one; null: from the first
     * @param limit at most so many
     */
    public List<LockState> within(ZnodePath top, @Nullable ZnodePath after, int limit) {
        boolean behind = after != null && after.compareTo(top) >= 0;
        ConcurrentNavigableMap<ZnodePath, LockState> rest =
                behind && after != null ? locks.tailMap(after, false) : locks.tailMap(top, true);
        List<LockState> found = new ArrayList<>();
        for (LockState state : rest.values()) {
            if (found.size() >= limit || !state.path().isWithin(top)) {
                break;
            }
            found.add(state);
        }
        return found;
    }

    /** Number of locks and elections that are held, waited for or delayed. Any thread. */
    public int count() {
        return count;
    }

    /** Number of those that somebody holds and nobody waits for. Any thread. */
    public int heldCount() {
        return heldCount;
    }

    /** Number of those that somebody holds and others wait for. Any thread. */
    public int contendedCount() {
        return contendedCount;
    }

    /** Number of holders of all. Any thread. */
    public long holderCount() {
        return holderCount;
    }

    /** Number of waiters of all. Any thread. */
    public long waiterCount() {
        return waiterCount;
    }

    /** Bytes of all that leaders and candidates proclaim. Apply thread. */
    public long valueBytes() {
        return valueBytes;
    }

    /** Earliest end of a delay in cluster time, {@link Long#MAX_VALUE} for none. Apply thread. */
    public long earliestDelayMillis() {
        return delays.isEmpty() ? Long.MAX_VALUE : delays.first().millis;
    }

    /** Path of the lock whose delay ends first, or null. Apply thread. */
    public @Nullable ZnodePath earliestDelayPath() {
        return delays.isEmpty() ? null : delays.first().path;
    }

    /** Puts a state in the place of the one of its path; one that is idle and has no delay goes. Apply thread. */
    public void put(LockState state) {
        ZnodePath path = state.path();
        boolean needed = !state.isIdle() || state.notBeforeMillis() > 0;
        LockState before = needed ? locks.put(path, state) : locks.remove(path);
        if (before != null) {
            countUse(before, -1);
            holderCount -= before.holders().size();
            waiterCount -= before.waiters().size();
            valueBytes -= before.valueBytes();
            if (before.notBeforeMillis() > 0) {
                delays.remove(new Delay(before.notBeforeMillis(), path));
            }
        }
        if (needed) {
            countUse(state, 1);
            holderCount += state.holders().size();
            waiterCount += state.waiters().size();
            valueBytes += state.valueBytes();
            if (state.notBeforeMillis() > 0) {
                delays.add(new Delay(state.notBeforeMillis(), path));
            }
        }
        count += (needed ? 1 : 0) - (before == null ? 0 : 1);
    }

    private void countUse(LockState state, int by) {
        if (state.holders().isEmpty()) {
            return;
        }
        if (state.waiters().isEmpty()) {
            heldCount += by;
        } else {
            contendedCount += by;
        }
    }
}

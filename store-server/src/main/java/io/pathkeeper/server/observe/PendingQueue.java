package io.pathkeeper.server.observe;

import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What waits for one observer, ascending by revision. Belongs to one loop.
 *
 * <p>When coalescing it holds at most one change of each path, the newest; a newer one takes the place of an older one at the
 * end of the queue, so the order of the revisions stays.
 */
final class PendingQueue {
    private record Newest(long revision, TreeChange change) {}

    private final boolean coalesce;
    private final ArrayDeque<RevisionSlice> slices;
    private final Map<ZnodePath, Newest> newest;
    private int events;
    private long bytes;

    PendingQueue(boolean coalesce) {
        this.coalesce = coalesce;
        this.slices = new ArrayDeque<>(coalesce ? 0 : 4);
        this.newest = coalesce ? new LinkedHashMap<>() : Map.of();
    }

    /** Adds the changes of a revision above all that were added before. */
    void add(RevisionSlice slice) {
        if (!coalesce) {
            slices.add(slice);
            events += slice.size();
            bytes += slice.weight();
            return;
        }
        for (int i = 0; i < slice.size(); i++) {
            TreeChange change = slice.change(i);
            Newest old = newest.remove(change.path());
            if (old != null) {
                events--;
                bytes -= RevisionSlice.weight(old.change());
            }
            newest.put(change.path(), new Newest(slice.revision(), change));
            events++;
            bytes += RevisionSlice.weight(change);
        }
    }

    /** Takes the changes of the lowest revision. */
    RevisionSlice poll() {
        RevisionSlice slice = coalesce ? pollNewest() : slices.remove();
        events -= slice.size();
        bytes -= slice.weight();
        return slice;
    }

    private RevisionSlice pollNewest() {
        long revision = firstRevision();
        List<TreeChange> changes = new ArrayList<>(1);
        Iterator<Newest> all = newest.values().iterator();
        while (all.hasNext()) {
            Newest next = all.next();
            if (next.revision() != revision) {
                break;
            }
            changes.add(next.change());
            all.remove();
        }
        return new RevisionSlice(revision, changes).use();
    }

    /** Lowest revision; the queue is not empty. */
    long firstRevision() {
        return coalesce
                ? newest.values().iterator().next().revision()
                : slices.element().revision();
    }

    boolean isEmpty() {
        return events == 0;
    }

    int events() {
        return events;
    }

    long bytes() {
        return bytes;
    }

    void clear() {
        slices.clear();
        if (coalesce) {
            newest.clear();
        }
        events = 0;
        bytes = 0;
    }

    /** Whether all that waits is of one revision; the queue is not empty. */
    boolean isOneRevision() {
        if (!coalesce) {
            return slices.size() == 1;
        }
        long first = firstRevision();
        return newest.values().stream().allMatch(one -> one.revision() == first);
    }

    /** Whether the counts are right; for checks. */
    boolean isConsistent() {
        int count = 0;
        long weight = 0;
        for (RevisionSlice slice : slices) {
            count += slice.size();
            weight += slice.weight();
        }
        for (Newest one : newest.values()) {
            count++;
            weight += RevisionSlice.weight(one.change());
        }
        return count == events && weight == bytes;
    }
}

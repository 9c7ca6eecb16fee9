package io.pathkeeper.server.observe;

import io.pathkeeper.server.state.RevisionChanges;
import io.pathkeeper.server.tree.TreeChange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** All changes of one revision and the slices of them that were asked for, so that equal ones are shared. Belongs to one loop. */
final class RevisionBatch {
    private static final int SHARED_SLICES = 8;

    private record Part(int[] indexes, RevisionSlice slice) {}

    private final RevisionSlice all;
    private final List<TreeChange> changes;
    private final List<Part> parts = new ArrayList<>(0);

    RevisionBatch(RevisionChanges revisionChanges) {
        this.changes = revisionChanges.changes();
        this.all = new RevisionSlice(revisionChanges.revision(), changes);
    }

    long revision() {
        return all.revision();
    }

    List<TreeChange> changes() {
        return changes;
    }

    /** Estimated memory that the changes hold. */
    long weight() {
        return all.weight();
    }

    /**
     * The changes with these indexes, ascending.
     *
     * @param indexes only the first {@code count} are looked at
     */
    RevisionSlice slice(int[] indexes, int count) {
        if (count == changes.size()) {
            return all.use();
        }
        for (Part part : parts) {
            if (Arrays.equals(part.indexes(), 0, part.indexes().length, indexes, 0, count)) {
                return part.slice().use();
            }
        }
        List<TreeChange> some = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            some.add(changes.get(indexes[i]));
        }
        RevisionSlice slice = new RevisionSlice(revision(), some).use();
        if (parts.size() < SHARED_SLICES) {
            parts.add(new Part(Arrays.copyOf(indexes, count), slice));
        }
        return slice;
    }
}

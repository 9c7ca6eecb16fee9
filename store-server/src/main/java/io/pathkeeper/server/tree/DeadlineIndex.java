package io.pathkeeper.server.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The znodes that will be deleted when nothing happens, by deadline and path. Follows from the tree: it holds exactly the
 * childless znodes that have a deadline. Of the apply thread.
 */
final class DeadlineIndex {
    private final TreeSet<Deadline> deadlines = new TreeSet<>();
    private final List<Undo> undo = new ArrayList<>();
    private boolean recording;

    private record Deadline(long millis, ZnodePath path) implements Comparable<Deadline> {
        @Override
        public int compareTo(Deadline other) {
            int order = Long.compare(millis, other.millis);
            return order != 0 ? order : path.compareTo(other.path);
        }
    }

    private record Undo(Deadline deadline, boolean added) {}

    void add(long millis, ZnodePath path) {
        Deadline deadline = new Deadline(millis, path);
        if (!deadlines.add(deadline)) {
            throw new IllegalStateException("deadline is there already: " + path);
        }
        if (recording) {
            undo.add(new Undo(deadline, true));
        }
    }

    void remove(long millis, ZnodePath path) {
        Deadline deadline = new Deadline(millis, path);
        if (!deadlines.remove(deadline)) {
            throw new IllegalStateException("no such deadline: " + path);
        }
        if (recording) {
            undo.add(new Undo(deadline, false));
        }
    }

    /** The earliest deadline, {@link Long#MAX_VALUE} for none. */
    long earliestMillis() {
        return deadlines.isEmpty() ? Long.MAX_VALUE : deadlines.first().millis;
    }

    /** The path of the earliest deadline, or null. */
    @Nullable
    ZnodePath earliestPath() {
        return deadlines.isEmpty() ? null : deadlines.first().path;
    }

    int size() {
        return deadlines.size();
    }

    /** From now on changes can be taken back. */
    void record() {
        undo.clear();
        recording = true;
    }

    /** Keeps the changes since {@link #record}. */
    void keep() {
        undo.clear();
        recording = false;
    }

    /** Takes back the changes since {@link #record}. */
    void takeBack() {
        for (int i = undo.size() - 1; i >= 0; i--) {
            Undo step = undo.get(i);
            if (step.added) {
                deadlines.remove(step.deadline);
            } else {
                deadlines.add(step.deadline);
            }
        }
        keep();
    }
}

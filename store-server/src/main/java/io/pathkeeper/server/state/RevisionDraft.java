package io.pathkeeper.server.state;

import io.pathkeeper.server.coordination.CoordinationChange;
import io.pathkeeper.server.tree.ChangeCause;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayList;
import java.util.List;

/** The revision that a command is making: its number and its changes so far. Used again for every command. Apply thread. */
final class RevisionDraft {
    private final ArrayList<TreeChange> changes = new ArrayList<>();
    private List<CoordinationChange> coordination = List.of();
    private long current;
    private boolean changed;
    private int deleted;
    private boolean internal;

    /** Whether what is written now may, and must, lie in the server's own part of the tree. */
    void internal(boolean own) {
        internal = own;
    }

    /** Whether the servers write by themselves. */
    boolean isInternal() {
        return internal;
    }

    /** Whether a command of this kind may not write there. */
    boolean forbids(ZnodePath path) {
        return internal ? !path.isWithin(ZnodePath.SYSTEM) : path.isReserved();
    }

    /** Begins with nothing, behind this revision. */
    void begin(long currentRevision) {
        current = currentRevision;
        changed = false;
        deleted = 0;
        changes.clear();
        coordination = List.of();
    }

    /** The store's revision before the command. */
    long current() {
        return current;
    }

    /** The revision being made. */
    long next() {
        return current + 1;
    }

    /** Whether anything was changed, which makes it a revision. */
    boolean changed() {
        return changed;
    }

    /** Znodes deleted so far. */
    int deleted() {
        return deleted;
    }

    List<TreeChange> changes() {
        return changes;
    }

    /** Changes of sessions and locks so far. Nothing is allocated for them until there is one. */
    List<CoordinationChange> coordination() {
        return coordination;
    }

    void add(CoordinationChange change) {
        changed = true;
        if (coordination.isEmpty()) {
            coordination = new ArrayList<>();
        }
        coordination.add(change);
    }

    /** Something was changed that nobody is told of. */
    void touch() {
        changed = true;
    }

    void created(ZnodePath path, Znode after) {
        changed = true;
        changes.add(new TreeChange.Created(path, ChangeCause.CLIENT, after.detached()));
    }

    void updated(ZnodePath path, Znode before, Znode after) {
        changed = true;
        changes.add(new TreeChange.Updated(path, ChangeCause.CLIENT, before, after.detached()));
    }

    void deleted(ZnodePath path, ChangeCause cause, Znode before) {
        changed = true;
        deleted++;
        changes.add(new TreeChange.Deleted(path, cause, before.detached()));
    }
}

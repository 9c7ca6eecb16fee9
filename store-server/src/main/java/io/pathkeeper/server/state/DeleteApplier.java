package io.pathkeeper.server.state;

import io.pathkeeper.server.tree.ChangeCause;
import io.pathkeeper.server.tree.TreeEditor;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.Objects;

/** Applies deletions, asked for or due. Checks everything before it changes anything. Apply thread. */
final class DeleteApplier {
    private final StateLimits limits;
    private final TreeEditor tree;
    private final RevisionDraft draft;

    DeleteApplier(StateLimits limits, TreeEditor tree, RevisionDraft draft) {
        this.limits = limits;
        this.tree = tree;
        this.draft = draft;
    }

    CommandResult apply(Command.Delete delete) {
        ZnodePath path = delete.path();
        if (path.isRoot()) {
            return Refusals.root("deleted");
        }
        if (draft.forbids(path)) {
            return Refusals.reserved(path);
        }
        Znode znode = tree.find(path);
        if (znode == null) {
            return Refusals.notFound(path);
        }
        CommandResult.Rejected refused =
                Refusals.unexpected(path, znode, delete.expectedVersion(), delete.expectedRevision());
        if (refused != null) {
            return refused;
        }
        if (znode.childCount() > 0 && !delete.recursive()) {
            return Refusals.of(
                    RejectReason.NODE_NOT_EMPTY,
                    path + " has " + znode.childCount() + " children: delete them first or delete recursively",
                    "path",
                    path.toString(),
                    "actual",
                    Long.toString(znode.childCount()));
        }
        long count = draft.deleted() + znode.descendantCount() + 1;
        if (count > limits.maxRecursiveDelete()) {
            return Refusals.of(
                    RejectReason.TOO_MANY_NODES,
                    "deleting " + path + " would delete " + count + " znodes at one revision; the limit is "
                            + limits.maxRecursiveDelete() + ": delete parts of it first",
                    "path",
                    path.toString(),
                    "limit",
                    Long.toString(limits.maxRecursiveDelete()),
                    "actual",
                    Long.toString(count));
        }
        Znode previous = delete.returnPrevious() ? znode.detached() : null;
        long deleted = remove(path, ChangeCause.CLIENT);
        return new CommandResult.Deleted(path, deleted, previous, draft.next());
    }

    /** Deletes an ephemeral znode with its session. */
    void deleteEphemeral(ZnodePath path, ChangeCause cause) {
        remove(path, cause);
    }

    /** Removes a subtree and the containers above it that lose their last child by that. */
    private long remove(ZnodePath path, ChangeCause cause) {
        ZnodePath top = path;
        ZnodePath parent = path.parent();
        while (isLastOfContainer(parent)) {
            top = parent;
            parent = parent.parent();
        }
        return tree.remove(
                top,
                draft.next(),
                (removed, before) ->
                        draft.deleted(removed, removed.isWithin(path) ? cause : ChangeCause.CONTAINER, before));
    }

    private boolean isLastOfContainer(ZnodePath path) {
        Znode znode = tree.find(path);
        return znode != null && znode.kind() == ZnodeKind.CONTAINER && znode.childCount() == 1;
    }

    /** Deletes what has reached its deadline, earliest first. */
    void deleteDue(long clusterMillis, int limit) {
        int most = Math.min(limit, limits.maxRecursiveDelete());
        while (draft.deleted() < most && tree.earliestDeadlineMillis() <= clusterMillis) {
            ZnodePath path = Objects.requireNonNull(tree.earliestDeadlinePath());
            Znode znode = Objects.requireNonNull(tree.find(path));
            remove(path, znode.kind() == ZnodeKind.TTL ? ChangeCause.TTL : ChangeCause.CONTAINER);
        }
    }
}

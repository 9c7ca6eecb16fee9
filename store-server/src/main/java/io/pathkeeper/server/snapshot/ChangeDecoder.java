package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.coordination.CoordinationChange;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.tree.ChangeCause;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.List;

/** Reads what {@link ChangeEncoder} and {@link CoordinationEncoder} wrote. Of one thread. */
final class ChangeDecoder {
    private static final ChangeCause[] CAUSES = ChangeCause.values();

    private final ZnodeDecoder znodes;
    private final CoordinationDecoder coordination;

    ChangeDecoder(ZnodeDecoder znodes) {
        this.znodes = znodes;
        this.coordination = new CoordinationDecoder(znodes);
    }

    /** Reads one change, of the tree or of sessions and locks, into the list where it belongs. */
    void change(ByteSource source, List<TreeChange> ofTree, List<CoordinationChange> ofCoordination)
            throws CorruptBytesException {
        int kind = source.getByte();
        if (kind >= CoordinationEncoder.SESSION_OPENED) {
            ofCoordination.add(coordination.change(kind, source));
        } else {
            ofTree.add(change(kind, source));
        }
    }

    private TreeChange change(int kind, ByteSource source) throws CorruptBytesException {
        ChangeCause cause = source.getEnum(CAUSES, "cause of a change");
        ZnodePath path = znodes.path(source);
        return switch (kind) {
            case ChangeEncoder.CREATED -> new TreeChange.Created(path, cause, znodes.presentDetached(path, source));
            case ChangeEncoder.UPDATED ->
                new TreeChange.Updated(
                        path, cause, znodes.presentDetached(path, source), znodes.presentDetached(path, source));
            case ChangeEncoder.DELETED -> new TreeChange.Deleted(path, cause, znodes.presentDetached(path, source));
            default -> throw source.corrupt("kind of change " + kind + " is unknown");
        };
    }
}

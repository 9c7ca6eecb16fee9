package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.tree.ChangeCause;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.ZnodePath;

/** Reads what {@link ChangeEncoder} wrote. Of one thread. */
final class ChangeDecoder {
    private static final ChangeCause[] CAUSES = ChangeCause.values();

    private final ZnodeDecoder znodes;

    ChangeDecoder(ZnodeDecoder znodes) {
        this.znodes = znodes;
    }

    TreeChange change(ByteSource source) throws CorruptBytesException {
        int kind = source.getByte();
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

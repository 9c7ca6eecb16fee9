package io.pathkeeper.server.state;

import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a command did. Every server computes the same. Znodes in here are detached ({@link Znode#detached()}).
 *
 * <p>{@code revision} is the revision of the change, or the store's revision when nothing was changed.
 */
public sealed interface CommandResult {
    /** A znode was created; {@code sequence} is its number, or 0. */
    record Created(ZnodePath path, Znode znode, long sequence, long revision) implements CommandResult {}

    /** A value was set or patched. */
    record Updated(
            ZnodePath path,
            Znode znode,
            boolean created,
            boolean changed,
            @Nullable Znode previous,
            long revision) implements CommandResult {}

    /** So many znodes were deleted. */
    record Deleted(
            ZnodePath path, long deletedCount, @Nullable Znode previous, long revision) implements CommandResult {}

    /** What a transaction read. */
    record Found(ZnodePath path, @Nullable Znode znode) implements CommandResult {}

    /** What a transaction did. */
    record Transacted(boolean succeeded, List<CommandResult> results, long revision) implements CommandResult {}

    /** Nothing was done, and why. */
    record Rejected(Rejection rejection) implements CommandResult {}

    /** Done, with nothing to tell. */
    record Done(long revision) implements CommandResult {}
}

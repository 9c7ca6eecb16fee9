package io.pathkeeper.server.state;

import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.session.Session;
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

    /** A session was opened. */
    record SessionOpened(Session session, long revision) implements CommandResult {}

    /** A session ended, and so many ephemeral znodes with it. */
    record SessionEnded(long deletedCount, long revision) implements CommandResult {}

    /**
     * What became of the wish for a lock or a leadership.
     *
     * @param entry the hold, or the place with token 0; null when it was neither granted nor queued
     * @param position how many wait in front; 0 for a hold
     * @param holders when it is not granted: who holds it, at most {@link #MAX_HOLDERS}
     */
    record Acquired(@Nullable LockEntry entry, int position, List<LockEntry> holders, long revision)
            implements CommandResult {
        /** Most holders that are told. */
        public static final int MAX_HOLDERS = 100;
    }

    /** A hold, a leadership or a place was given up. */
    record Released(long revision) implements CommandResult {}

    /** A leader's value was published. */
    record Proclaimed(long revision) implements CommandResult {}
}

package io.pathkeeper.server.store;

import io.pathkeeper.server.coordination.LockTable;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.state.ChangeHistory;
import io.pathkeeper.server.state.RevisionDigest;
import io.pathkeeper.server.tree.TreeView;

/**
 * What this server has applied and published. Port of the store; callable from any thread, never blocks. A restored snapshot brings
 * another history and other tables: ask anew each time.
 */
public interface AppliedState {
    /** The newest published view. */
    TreeView view();

    /** Digest of everything that is replicated, at the revision of the newest published view. */
    RevisionDigest digest();

    /** The history of changes. */
    ChangeHistory history();

    /** The open sessions; never older than the view, all of it committed. */
    SessionTable sessions();

    /** The locks and elections; never older than the view, all of it committed. */
    LockTable locks();
}

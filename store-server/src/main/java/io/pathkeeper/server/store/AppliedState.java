package io.pathkeeper.server.store;

import io.pathkeeper.server.state.ChangeHistory;
import io.pathkeeper.server.tree.TreeView;

/** What this server has applied and published. Port of the store; callable from any thread, never blocks. */
public interface AppliedState {
    /** The newest published view. */
    TreeView view();

    /** The history of changes. A restored snapshot brings another history. */
    ChangeHistory history();
}

package io.pathkeeper.server.store;

import io.pathkeeper.server.tree.TreeView;

/** Is told of the view for a read. Exactly one of the two calls comes, once, on any thread. Must not block. */
public interface ViewListener {
    /** The view to read from. */
    void view(TreeView view);

    /** There is none. */
    void failed(StoreFailure failure);
}

package io.pathkeeper.server.rpc;

import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.store.ViewListener;
import io.pathkeeper.server.tree.TreeView;
import org.jspecify.annotations.Nullable;

/** What reads of a pipeline wait for: a view, or the failure to get one. All linearizable reads of a message share one. */
final class ReadGate implements ViewListener {
    private final Turns turns;
    private volatile @Nullable Object decision;

    ReadGate(Turns turns) {
        this.turns = turns;
    }

    @Override
    public void view(TreeView view) {
        decision = view;
        turns.ask();
    }

    @Override
    public void failed(StoreFailure failure) {
        decision = failure;
        turns.ask();
    }

    boolean isDecided() {
        return decision != null;
    }

    @Nullable
    StoreFailure failure() {
        return decision instanceof StoreFailure failure ? failure : null;
    }

    /** The newer one of the view that was waited for and the one that the server has now. */
    TreeView newest(TreeView now) {
        return decision instanceof TreeView view && view.revision() > now.revision() ? view : now;
    }
}

package io.pathkeeper.server.rpc;

import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.store.TellingThread;
import io.pathkeeper.server.store.ViewListener;
import io.pathkeeper.server.tree.TreeView;
import org.jspecify.annotations.Nullable;

/** What reads of a pipeline wait for: a view, or the failure to get one. All linearizable reads of a message share one. */
final class ReadGate implements ViewListener {
    private final Turns turns;
    private final boolean brief;
    private volatile @Nullable Object decision;

    /**
     * @param brief one small answer is all that the gate holds back: it may be made and sent by the thread that opens the gate
     */
    ReadGate(Turns turns, boolean brief) {
        this.turns = turns;
        this.brief = brief;
    }

    @Override
    public void view(TreeView view) {
        decision = view;
        if (brief && TellingThread.isLastOfThisOne()) {
            turns.runHere();
        } else {
            turns.ask();
        }
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

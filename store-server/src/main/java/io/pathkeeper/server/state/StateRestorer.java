package io.pathkeeper.server.state;

import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;

/**
 * Builds a {@link StoreState} from a snapshot. Of one thread. Call in this order: {@link #header}, {@link #znode} for each one
 * from the root on in the order of a scan, {@link #client} for each one, {@link #history} for each revision, {@link #finish}.
 * Input that contradicts itself is refused with {@link InvalidStateException}.
 */
public final class StateRestorer {
    /** A restorer for one snapshot. */
    public StateRestorer(StateLimits limits) {}

    /** The numbers in front: revision, clocks, and first revision of the history. */
    public void header(long revision, EntryClock clock, long historyStart) {
        throw new UnsupportedOperationException();
    }

    /** One znode, made with {@code ZnodeBuilder}; its child and descendant counts are counted anew and need not be given. */
    public void znode(ZnodePath path, Znode znode) {
        throw new UnsupportedOperationException();
    }

    /** One client of the ledger. */
    public void client(ClientResults client) {
        throw new UnsupportedOperationException();
    }

    /** One revision of the history. */
    public void history(RevisionChanges changes) {
        throw new UnsupportedOperationException();
    }

    /** The state, published. Compare {@code view().digest()} with the digest that was stored. */
    public StoreState finish() {
        throw new UnsupportedOperationException();
    }
}

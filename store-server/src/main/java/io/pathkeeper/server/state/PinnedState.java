package io.pathkeeper.server.state;

import io.pathkeeper.server.tree.TreeView;
import java.util.Iterator;
import java.util.List;

/** The whole replicated state between two entries, for a snapshot. Immutable; any one thread may read it. */
public final class PinnedState {
    private final TreeView view;
    private final EntryClock clock;
    private final long historyStart;
    private final List<RevisionChanges> history;
    private final List<LedgerClient> clients;

    PinnedState(
            TreeView view,
            EntryClock clock,
            long historyStart,
            List<RevisionChanges> history,
            List<LedgerClient> clients) {
        this.clients = clients;
        this.view = view;
        this.clock = clock;
        this.historyStart = historyStart;
        this.history = history;
    }

    /** The tree, with its revision and its digest. */
    public TreeView view() {
        return view;
    }

    /** The clocks of the last entry. */
    public EntryClock clock() {
        return clock;
    }

    /** First revision that the history can answer, also while it is empty. */
    public long historyStart() {
        return historyStart;
    }

    /** The history, ascending and without a gap up to the view's revision. */
    public List<RevisionChanges> history() {
        return history;
    }

    /** The clients of the ledger, in the order in which they must be restored; lazy. */
    public Iterator<ClientResults> clients() {
        Iterator<LedgerClient> pinned = clients.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return pinned.hasNext();
            }

            @Override
            public ClientResults next() {
                return pinned.next().stored();
            }
        };
    }

    /** Number of clients of the ledger. */
    public int clientCount() {
        return clients.size();
    }
}

package io.pathkeeper.server.state;

import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.session.Session;
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
    private final Coordination coordination;

    /**
     * Sessions and locks.
     *
     * @param nextSessionId id that the next session gets
     * @param sessions the open sessions by id
     * @param locks locks and elections by path
     * @param digest digest of the whole state
     */
    record Coordination(long nextSessionId, List<Session> sessions, List<LockState> locks, long digest) {}

    PinnedState(
            TreeView view,
            EntryClock clock,
            long historyStart,
            List<RevisionChanges> history,
            List<LedgerClient> clients,
            Coordination coordination) {
        this.clients = clients;
        this.coordination = coordination;
        this.view = view;
        this.clock = clock;
        this.historyStart = historyStart;
        this.history = history;
    }

    /** The tree, with its revision and its digest. */
    public TreeView view() {
        return view;
    }

    /** Digest of the tree, the sessions and the locks. */
    public long digest() {
        return coordination.digest();
    }

    /** Id that the next session gets. */
    public long nextSessionId() {
        return coordination.nextSessionId();
    }

    /** The open sessions, ascending by id. */
    public List<Session> sessions() {
        return coordination.sessions();
    }

    /** Whether a session is open. */
    public boolean hasSession(long id) {
        List<Session> sessions = coordination.sessions();
        int from = 0;
        int to = sessions.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (sessions.get(middle).id() < id) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from < sessions.size() && sessions.get(from).id() == id;
    }

    /** The locks and elections, in the order of their paths. */
    public List<LockState> locks() {
        return coordination.locks();
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

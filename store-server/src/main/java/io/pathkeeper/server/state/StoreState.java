package io.pathkeeper.server.state;

import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.tree.TreeView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The replicated state of a store: a function from log entries to results and changes.
 *
 * <p>Owned by the apply thread. For each entry: {@link #beginEntry}, {@link #apply} for each of its commands, {@link #endEntry},
 * which publishes. {@link #view}, {@link #history} and {@link #nextDeadlineMillis} may be read from any thread.
 */
public final class StoreState {
    /** An empty store at revision 0. */
    public static StoreState create(StateLimits limits) {
        throw new UnsupportedOperationException();
    }

    /** Begins an entry; the clocks never go back. */
    public void beginEntry(long wallMillis, long clusterMillis) {
        throw new UnsupportedOperationException();
    }

    /**
     * Applies a command.
     *
     * @param requestId makes a repeat harmless; null for none
     * @return what was done, or {@link CommandResult.Rejected}, after which nothing at all is changed
     * @throws StateDivergedException when a {@link Command.CheckDigest} finds another tree
     */
    public CommandResult apply(Command command, @Nullable RequestId requestId) {
        throw new UnsupportedOperationException();
    }

    /** Ends the entry: publishes the view and returns the changes, ascending by revision, which are in the history now. */
    public List<RevisionChanges> endEntry() {
        throw new UnsupportedOperationException();
    }

    /** The newest published view. Any thread. */
    public TreeView view() {
        throw new UnsupportedOperationException();
    }

    /** The history of changes. Any thread. */
    public ChangeHistory history() {
        throw new UnsupportedOperationException();
    }

    /** The limits that this state was made with. Any thread. */
    public StateLimits limits() {
        throw new UnsupportedOperationException();
    }

    /** Cluster time of the last published entry. Any thread. */
    public long clusterMillis() {
        throw new UnsupportedOperationException();
    }

    /** Wall-clock time of the last published entry. Any thread. */
    public long wallMillis() {
        throw new UnsupportedOperationException();
    }

    /** Cluster time of the earliest deadline as of the last published entry, {@link Long#MAX_VALUE} for none. Any thread. */
    public long nextDeadlineMillis() {
        throw new UnsupportedOperationException();
    }

    /** Number of clients that the ledger remembers, as of the last published entry. Any thread. */
    public int ledgerClientCount() {
        throw new UnsupportedOperationException();
    }

    /** Everything as it is now, for a snapshot. Apply thread, between entries; cheap. */
    public PinnedState pin() {
        throw new UnsupportedOperationException();
    }
}

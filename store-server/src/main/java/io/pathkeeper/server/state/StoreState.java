package io.pathkeeper.server.state;

import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.tree.TreeEditor;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.ZnodeBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The replicated state of a store: a function from log entries to results and changes.
 *
 * <p>Owned by the apply thread. For each entry: {@link #beginEntry}, {@link #apply} for each of its commands, {@link #endEntry},
 * which publishes. {@link #view}, {@link #history}, {@link #clusterMillis} and what else says so may be read from any thread.
 */
public final class StoreState {
    private final StateLimits limits;
    private final TreeEditor tree;
    private final CommandApplier commands;
    private final RequestLedger ledger;
    private final ChangeHistory history;
    private final StateDigest digests;
    private List<RevisionChanges> entry = new ArrayList<>();
    private long revision;
    private long wallMillis;
    private long clusterMillis;
    private boolean inEntry;
    private volatile Published published;

    /** What other threads may see. */
    private record Published(TreeView view, EntryClock clock, long nextDeadlineMillis, int clients) {}

    StoreState(
            StateLimits limits,
            TreeEditor tree,
            RequestLedger ledger,
            ChangeHistory history,
            long revision,
            EntryClock clock) {
        this.limits = limits;
        this.tree = tree;
        this.ledger = ledger;
        this.history = history;
        this.revision = revision;
        wallMillis = clock.wallMillis();
        clusterMillis = clock.clusterMillis();
        commands = new CommandApplier(limits, tree);
        digests = new StateDigest(revision, tree.digest());
        published = new Published(tree.publish(revision), clock, tree.earliestDeadlineMillis(), ledger.clientCount());
    }

    /** An empty store at revision 0. */
    public static StoreState create(StateLimits limits) {
        return new StoreState(
                limits,
                new TreeEditor(new ZnodeBuilder().build()),
                new RequestLedger(limits.ledger()),
                new ChangeHistory(limits.history(), 1),
                0,
                new EntryClock(0, 0));
    }

    /** Begins an entry; the clocks never go back. */
    public void beginEntry(long newWallMillis, long newClusterMillis) {
        if (inEntry) {
            throw new IllegalStateException("the entry before was not ended");
        }
        inEntry = true;
        wallMillis = Math.max(wallMillis, newWallMillis);
        clusterMillis = Math.max(clusterMillis, newClusterMillis);
        commands.setTime(wallMillis, clusterMillis);
        ledger.forgetIdle(clusterMillis);
    }

    /**
     * Applies a command.
     *
     * @param requestId makes a repeat harmless; null for none
     * @return what was done, or {@link CommandResult.Rejected}, after which nothing at all is changed
     * @throws StateDivergedException when a {@link Command.CheckDigest} finds another tree
     */
    public CommandResult apply(Command command, @Nullable RequestId requestId) {
        if (!inEntry) {
            throw new IllegalStateException("commands are applied inside an entry only");
        }
        if (command instanceof Command.CheckDigest check) {
            return checked(check);
        }
        if (requestId == null) {
            return applyFirst(command);
        }
        CommandResult answer = ledger.answer(requestId, clusterMillis);
        if (answer == null) {
            answer = applyFirst(command);
            ledger.keep(requestId, answer, clusterMillis);
        }
        return answer;
    }

    private CommandResult applyFirst(Command command) {
        CommandResult result = commands.apply(command, revision);
        if (commands.changed()) {
            revision++;
            digests.add(revision, tree.digest());
            entry.add(new RevisionChanges(revision, clusterMillis, commands.changes()));
        }
        return result;
    }

    private CommandResult checked(Command.CheckDigest check) {
        StateDivergedException diverged = digests.compare(check.revision(), check.digest());
        if (diverged != null) {
            throw diverged;
        }
        return new CommandResult.Done(revision);
    }

    /** Ends the entry: publishes the view and returns the changes, ascending by revision, which are in the history now. */
    public List<RevisionChanges> endEntry() {
        if (!inEntry) {
            throw new IllegalStateException("there is no entry to end");
        }
        inEntry = false;
        List<RevisionChanges> changes = entry;
        TreeView view = published.view();
        if (!changes.isEmpty()) {
            entry = new ArrayList<>();
            history.append(changes);
            view = tree.publish(revision);
        }
        published = new Published(
                view, new EntryClock(wallMillis, clusterMillis), tree.earliestDeadlineMillis(), ledger.clientCount());
        return changes.isEmpty() ? List.of() : changes;
    }

    /** The newest published view. Any thread. */
    public TreeView view() {
        return published.view();
    }

    /** The history of changes. Any thread. */
    public ChangeHistory history() {
        return history;
    }

    /** The limits that this state was made with. Any thread. */
    public StateLimits limits() {
        return limits;
    }

    /** Cluster time of the last published entry. Any thread. */
    public long clusterMillis() {
        return published.clock().clusterMillis();
    }

    /** Wall-clock time of the last published entry. Any thread. */
    public long wallMillis() {
        return published.clock().wallMillis();
    }

    /** Cluster time of the earliest deadline as of the last published entry, {@link Long#MAX_VALUE} for none. Any thread. */
    public long nextDeadlineMillis() {
        return published.nextDeadlineMillis();
    }

    /** Repeated requests that the ledger answered since this state was made. Any thread. */
    public long repeatedWrites() {
        return ledger.repeats();
    }

    /** Number of clients that the ledger remembers, as of the last published entry. Any thread. */
    public int ledgerClientCount() {
        return published.clients();
    }

    /** Everything as it is now, for a snapshot. Apply thread, between entries; cheap. */
    public PinnedState pin() {
        if (inEntry) {
            throw new IllegalStateException("the state is pinned between entries only");
        }
        long start = history.oldestRevision();
        try {
            List<RevisionChanges> kept = history.read(start, Integer.MAX_VALUE);
            return new PinnedState(published.view(), published.clock(), start, kept, ledger.pin());
        } catch (ChangeHistory.CompactedException e) {
            throw new IllegalStateException("the history moved while its only writer stood still", e);
        }
    }
}

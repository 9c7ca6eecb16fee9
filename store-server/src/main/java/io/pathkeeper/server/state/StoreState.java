package io.pathkeeper.server.state;

import io.pathkeeper.server.coordination.LockTable;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.tree.TreeEditor;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.ZnodeBuilder;
import io.pathkeeper.server.tree.ZnodePath;
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
    private final CoordinationTables tables;
    private final CommandApplier commands;
    private final RequestLedger ledger;
    private final ChangeHistory history;
    private final StateDigest digests;
    private volatile long comparedDigests;
    private List<RevisionChanges> entry = new ArrayList<>();
    private long revision;
    private long wallMillis;
    private long clusterMillis;
    private boolean inEntry;
    private volatile Published published;

    /** What other threads may see. */
    private record Published(TreeView view, long digest, EntryClock clock, long nextDeadlineMillis, int clients) {}

    StoreState(
            StateLimits limits,
            TreeEditor tree,
            CoordinationTables tables,
            RequestLedger ledger,
            ChangeHistory history,
            long revision,
            EntryClock clock) {
        this.limits = limits;
        this.tree = tree;
        this.tables = tables;
        this.ledger = ledger;
        this.history = history;
        this.revision = revision;
        wallMillis = clock.wallMillis();
        clusterMillis = clock.clusterMillis();
        TreeView view = tree.publish(revision);
        commands = new CommandApplier(limits, tree, tables, Quotas.of(view));
        digests = new StateDigest(revision, currentDigest());
        published = new Published(view, currentDigest(), clock, earliestDeadlineMillis(), ledger.clientCount());
    }

    /** An empty store at revision 0. */
    public static StoreState create(StateLimits limits) {
        return new StoreState(
                limits,
                new TreeEditor(new ZnodeBuilder().build()),
                new CoordinationTables(1),
                new RequestLedger(limits.ledger()),
                new ChangeHistory(limits.history(), 1),
                0,
                new EntryClock(0, 0));
    }

    private long currentDigest() {
        return tree.digest() + tables.digest();
    }

    private long earliestDeadlineMillis() {
        return Math.min(tree.earliestDeadlineMillis(), tables.locks().earliestDelayMillis());
    }

    /**
     * Begins an entry; the clocks never go back.
     *
     * @param term Raft term of the entry: what a leader decided by its own time counts only in its term
     */
    public void beginEntry(long term, long newWallMillis, long newClusterMillis) {
        if (inEntry) {
            throw new IllegalStateException("the entry before was not ended");
        }
        inEntry = true;
        wallMillis = Math.max(wallMillis, newWallMillis);
        clusterMillis = Math.max(clusterMillis, newClusterMillis);
        commands.setTime(term, wallMillis, clusterMillis);
        ledger.forgetIdle(clusterMillis);
    }

    /**
     * Applies a command.
     *
     * @param requestId makes a repeat harmless; null for none
     * @return what was done, or {@link CommandResult.Rejected}, after which nothing at all is changed
     * @throws StateDivergedException when a {@link Command.CheckDigest} finds another state, or ephemeral znodes without a session
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
            digests.add(revision, currentDigest());
            RevisionChanges made =
                    new RevisionChanges(revision, clusterMillis, commands.changes(), commands.coordination());
            entry.add(made);
            history.add(made);
        }
        return result;
    }

    private CommandResult checked(Command.CheckDigest check) {
        StateDivergedException diverged = digests.compare(check.revision(), check.digest());
        if (diverged == null && tree.ephemeralCount() != tables.sessions().ephemeralCount()) {
            diverged = StateDivergedException.ownerless(
                    revision, tree.ephemeralCount(), tables.sessions().ephemeralCount());
        }
        if (diverged != null) {
            throw diverged;
        }
        comparedDigests += digests.covers(check.revision()) ? 1 : 0;
        return new CommandResult.Done(revision);
    }

    /** How often this state was compared with the leader's and found equal, since it was made. Any thread. */
    public long comparedDigests() {
        return comparedDigests;
    }

    /** Ends the entry: publishes the view and returns the changes, ascending by revision, which are in the history now. */
    public List<RevisionChanges> endEntry() {
        if (!inEntry) {
            throw new IllegalStateException("there is no entry to end");
        }
        inEntry = false;
        List<RevisionChanges> changes = entry;
        TreeView view = published.view();
        long digest = published.digest();
        if (!changes.isEmpty()) {
            entry = new ArrayList<>();
            history.publish();
            view = tree.publish(revision);
            digest = currentDigest();
        }
        EntryClock clock = new EntryClock(wallMillis, clusterMillis);
        published = new Published(view, digest, clock, earliestDeadlineMillis(), ledger.clientCount());
        return changes.isEmpty() ? List.of() : changes;
    }

    /**
     * The sessions whose clients asked for something in the last entry, whatever came of it; one may stand there several times. Apply thread,
     * behind {@link #endEntry}.
     */
    public long[] heardSessions() {
        return commands.heard();
    }

    /** The newest published view. Any thread. */
    public TreeView view() {
        return published.view();
    }

    /** Digest of the tree, the sessions and the locks at the revision of the newest published view. Any thread. */
    public RevisionDigest digest() {
        Published now = published;
        return new RevisionDigest(now.view().revision(), now.digest());
    }

    /** The command that compares other servers with this one, as of the newest published view. Any thread. */
    public Command.CheckDigest digestCheck() {
        RevisionDigest now = digest();
        return new Command.CheckDigest(now.revision(), now.digest());
    }

    /** The open sessions; may show more than the published view. Any thread reads. */
    public SessionTable sessions() {
        return tables.sessions();
    }

    /** The locks and elections; may show more than the published view. Any thread reads. */
    public LockTable locks() {
        return tables.locks();
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

    private PinnedState.Coordination pinnedTables() {
        SessionTable sessions = tables.sessions();
        return new PinnedState.Coordination(
                sessions.nextId(),
                sessions.after(0, Integer.MAX_VALUE),
                tables.locks().within(ZnodePath.ROOT, null, Integer.MAX_VALUE),
                published.digest());
    }

    /** Everything as it is now, for a snapshot. Apply thread, between entries; cheap. */
    public PinnedState pin() {
        if (inEntry) {
            throw new IllegalStateException("the state is pinned between entries only");
        }
        long start = history.oldestRevision();
        try {
            List<RevisionChanges> kept = history.read(start, Integer.MAX_VALUE);
            return new PinnedState(published.view(), published.clock(), start, kept, ledger.pin(), pinnedTables());
        } catch (ChangeHistory.CompactedException e) {
            throw new IllegalStateException("the history moved while its only writer stood still", e);
        }
    }

    /**
     * Makes of this state the first one of another cluster. Every session of it is over, and with the sessions go their ephemeral znodes and their places in
     * locks and elections: what the cluster that they knew did later is not known here. The revision, and with it every token that will be given, and the ids of
     * sessions lie above all that the other cluster can have given in as many changes; the history begins there. Nobody else may use this state any more.
     *
     * @param revisionJump so much the revision grows
     */
    public StoreState beginAnew(long revisionJump) {
        beginEntry(0, wallMillis, clusterMillis);
        for (Session session : tables.sessions().after(0, Integer.MAX_VALUE)) {
            apply(new Command.ExpireSession(session.id(), 0), null);
        }
        endEntry();
        CoordinationTables fresh = new CoordinationTables(tables.sessions().nextId() + revisionJump);
        tables.locks().within(ZnodePath.ROOT, null, Integer.MAX_VALUE).forEach(fresh::put); // delays that run
        long first = revision + revisionJump;
        EntryClock clock = new EntryClock(wallMillis, clusterMillis);
        return new StoreState(
                limits, tree, fresh, ledger, new ChangeHistory(limits.history(), first + 1), first, clock);
    }
}

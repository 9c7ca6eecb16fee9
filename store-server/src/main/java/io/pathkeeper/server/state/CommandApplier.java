package io.pathkeeper.server.state;

import io.pathkeeper.server.coordination.CoordinationChange;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.TreeEditor;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Applies commands to the state, one at a time; what they changed stands here afterwards. Apply thread. */
final class CommandApplier {
    private final StateLimits limits;
    private final TreeEditor tree;
    private final CoordinationTables tables;
    private final RevisionDraft draft = new RevisionDraft();
    private final ConditionCheck conditions;
    private final SessionCheck check;
    private final CreateApplier creations;
    private final UpdateApplier updates;
    private final DeleteApplier deletions;
    private final SessionApplier sessions;
    private final LockApplier locks;
    private final QuotaCheck quotas;
    private final HeardSessions heard = new HeardSessions();
    private List<TreeChange> changes = List.of();
    private long clusterMillis;

    CommandApplier(StateLimits limits, TreeEditor tree, CoordinationTables tables, Quotas known) {
        this.limits = limits;
        this.tree = tree;
        this.tables = tables;
        conditions = new ConditionCheck(tree);
        check = new SessionCheck(limits, tables, heard);
        quotas = new QuotaCheck(tree, draft, known);
        EphemeralRules ephemerals = new EphemeralRules(limits, tables.sessions(), draft, check);
        creations = new CreateApplier(limits, tree, draft, ephemerals, quotas);
        updates = new UpdateApplier(limits, tree, draft, creations, quotas);
        deletions = new DeleteApplier(limits, tree, draft);
        sessions = new SessionApplier(limits, tables, draft, check);
        locks = new LockApplier(limits, tables, draft, check);
    }

    /** Begins an entry. */
    void setTime(long term, long wallMillis, long newClusterMillis) {
        clusterMillis = newClusterMillis;
        heard.clear();
        tree.setTime(wallMillis, newClusterMillis);
        creations.setTime(wallMillis, newClusterMillis);
        sessions.setTime(term, wallMillis);
        locks.setTime(newClusterMillis);
    }

    /** The sessions whose clients asked for something in this entry. */
    long[] heard() {
        return heard.all();
    }

    /** Whether the last command made a revision. */
    boolean changed() {
        return draft.changed();
    }

    /** The changes of the tree at the revision that the last command made. */
    List<TreeChange> changes() {
        return changes;
    }

    /** The changes of sessions and locks at the revision that the last command made. */
    List<CoordinationChange> coordination() {
        return List.copyOf(draft.coordination());
    }

    /** Applies a command behind a revision. */
    CommandResult apply(Command command, long revision) {
        draft.begin(revision);
        changes = List.of();
        if (command instanceof Command.Internal internal) {
            draft.internal(true);
            try {
                return transact(internal.transact());
            } finally {
                draft.internal(false);
            }
        }
        return command instanceof Command.Guarded guarded ? guarded(guarded) : unguarded(command);
    }

    private CommandResult guarded(Command.Guarded guarded) {
        Command command = guarded.command();
        boolean write = command instanceof Command.Set
                || command instanceof Command.Create
                || command instanceof Command.Patch
                || command instanceof Command.Delete
                || command instanceof Command.Transact;
        if (!write) {
            return Refusals.of(
                    RejectReason.ARGUMENT_INVALID,
                    "guards belong to creations, sets, patches, deletions and transactions, not to "
                            + command.getClass().getSimpleName());
        }
        CommandResult.Rejected refused = check.refused(guarded.guards());
        return refused == null ? unguarded(command) : refused;
    }

    private CommandResult unguarded(Command command) {
        if (command instanceof Command.Transact transact) {
            return transact(transact);
        } else if (command instanceof Command.Tick tick) {
            return tick(tick);
        } else if (command instanceof Command.Read read) {
            return Refusals.of(
                    RejectReason.ARGUMENT_INVALID,
                    "a read of " + read.path() + " is a command only inside a transaction",
                    "path",
                    read.path().toString());
        }
        CommandResult result = applySimple(command);
        if (result == null) {
            return coordinated(command);
        }
        if (draft.changed()) {
            changes = List.copyOf(draft.changes());
            tables.follow(changes);
        }
        return result;
    }

    /** Applies what may stand in a transaction, and says null to everything else. */
    private @Nullable CommandResult applySimple(Command command) {
        if (command instanceof Command.Set set) {
            return updates.apply(set);
        } else if (command instanceof Command.Create create) {
            return creations.apply(create);
        } else if (command instanceof Command.Patch patch) {
            return updates.apply(patch);
        } else if (command instanceof Command.Delete delete) {
            return deletions.apply(delete);
        } else if (command instanceof Command.Read read) {
            return updates.apply(read);
        }
        return null;
    }

    private CommandResult coordinated(Command command) {
        if (command instanceof Command.Acquire acquire) {
            return locks.apply(acquire);
        } else if (command instanceof Command.Release release) {
            return locks.apply(release);
        } else if (command instanceof Command.Proclaim proclaim) {
            return locks.apply(proclaim);
        } else if (command instanceof Command.CreateSession create) {
            return sessions.apply(create);
        } else if (command instanceof Command.CloseSession close) {
            CommandResult.Rejected refused = sessions.refused(close);
            return refused == null ? end(sessions.ending(close)) : refused;
        } else if (command instanceof Command.ExpireSession expire) {
            return end(sessions.ending(expire));
        }
        throw new IllegalArgumentException("no rule for " + command.getClass());
    }

    /** Ends a session with all that belongs to it, at one revision. */
    private CommandResult end(SessionApplier.@Nullable Ending ending) {
        if (ending == null) {
            return new CommandResult.Done(draft.current());
        }
        long id = ending.session().id();
        draft.add(new CoordinationChange.SessionEnded(id, ending.expired()));
        List<ZnodePath> ephemerals = sessions.ephemerals(ending.session());
        if (!ephemerals.isEmpty()) {
            TreeEditor.Mark mark = tree.mark();
            for (ZnodePath path : ephemerals) {
                deletions.deleteEphemeral(path, ending.cause());
            }
            finish(mark);
        }
        locks.endSession(ending.session(), ending.expired());
        tables.end(ending.session());
        return new CommandResult.SessionEnded(ephemerals.size(), draft.next());
    }

    private CommandResult transact(Command.Transact transact) {
        CommandResult.Rejected refused = refusedTransaction(transact);
        if (refused != null) {
            return refused;
        }
        boolean holds = conditions.all(transact.conditions());
        List<Command> operations = holds ? transact.then() : transact.otherwise();
        List<CommandResult> results = new ArrayList<>(operations.size());
        TreeEditor.Mark mark = tree.mark();
        for (int i = 0; i < operations.size(); i++) {
            CommandResult result = applySimple(operations.get(i));
            if (result == null) {
                result = notInTransaction(operations.get(i));
            }
            if (result instanceof CommandResult.Rejected rejected) {
                tree.returnTo(mark);
                draft.begin(draft.current());
                return Refusals.inTransaction(rejected, i);
            }
            results.add(result);
        }
        refused = draft.isInternal() ? quotas.follow(draft.changes()) : null;
        if (refused != null) {
            tree.returnTo(mark);
            draft.begin(draft.current());
            return refused;
        }
        finish(mark);
        long revision = draft.changed() ? draft.next() : draft.current();
        return new CommandResult.Transacted(holds, List.copyOf(results), revision);
    }

    private static CommandResult notInTransaction(Command command) {
        return Refusals.of(
                RejectReason.ARGUMENT_INVALID,
                "a transaction holds creations, sets, patches, deletions and reads, not "
                        + command.getClass().getSimpleName());
    }

    private void finish(TreeEditor.Mark mark) {
        tree.keep();
        changes = ChangeFolding.fold(draft.changes(), mark, tree);
        tables.follow(changes);
    }

    private CommandResult.Rejected refusedCount(String what, int actual) {
        return Refusals.of(
                RejectReason.ARGUMENT_INVALID,
                "the transaction has " + actual + " " + what + "; the limit is " + limits.maxTransactionOperations(),
                "limit",
                Integer.toString(limits.maxTransactionOperations()),
                "actual",
                Integer.toString(actual));
    }

    private CommandResult.@Nullable Rejected refusedTransaction(Command.Transact transact) {
        int most = limits.maxTransactionOperations();
        if (transact.conditions().size() > most) {
            return refusedCount("conditions", transact.conditions().size());
        }
        if (transact.then().size() > most) {
            return refusedCount("operations", transact.then().size());
        }
        if (transact.otherwise().size() > most) {
            return refusedCount("operations", transact.otherwise().size());
        }
        for (Condition condition : transact.conditions()) {
            CommandResult.Rejected refused = ConditionCheck.refused(condition);
            if (refused != null) {
                return refused;
            }
        }
        return null;
    }

    private CommandResult tick(Command.Tick tick) {
        if (tree.earliestDeadlineMillis() <= clusterMillis && tick.limit() > 0) {
            TreeEditor.Mark mark = tree.mark();
            deletions.deleteDue(clusterMillis, tick.limit());
            finish(mark);
        }
        locks.endDelays(tick.limit());
        return new CommandResult.Done(draft.changed() ? draft.next() : draft.current());
    }
}

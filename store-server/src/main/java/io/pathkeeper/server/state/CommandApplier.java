package io.pathkeeper.server.state;

import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.TreeEditor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Applies commands to the tree, one at a time; what they changed stands in the draft afterwards. Apply thread. */
final class CommandApplier {
    private final StateLimits limits;
    private final TreeEditor tree;
    private final RevisionDraft draft = new RevisionDraft();
    private final ConditionCheck conditions;
    private final CreateApplier creations;
    private final UpdateApplier updates;
    private final DeleteApplier deletions;
    private List<TreeChange> changes = List.of();
    private long clusterMillis;

    CommandApplier(StateLimits limits, TreeEditor tree) {
        this.limits = limits;
        this.tree = tree;
        conditions = new ConditionCheck(tree);
        creations = new CreateApplier(limits, tree, draft);
        updates = new UpdateApplier(limits, tree, draft, creations);
        deletions = new DeleteApplier(limits, tree, draft);
    }

    void setTime(long wallMillis, long newClusterMillis) {
        clusterMillis = newClusterMillis;
        tree.setTime(wallMillis, newClusterMillis);
        creations.setTime(wallMillis, newClusterMillis);
    }

    /** Whether the last command made a revision. */
    boolean changed() {
        return draft.changed();
    }

    /** The changes of the revision that the last command made. */
    List<TreeChange> changes() {
        return changes;
    }

    /** Applies a command behind a revision. */
    CommandResult apply(Command command, long revision) {
        draft.begin(revision);
        CommandResult result;
        if (command instanceof Command.Transact transact) {
            result = transact(transact);
        } else if (command instanceof Command.Tick tick) {
            result = tick(tick);
        } else if (command instanceof Command.Read read) {
            result = Refusals.of(
                    RejectReason.ARGUMENT_INVALID,
                    "a read of " + read.path() + " is a command only inside a transaction",
                    "path",
                    read.path().toString());
        } else {
            result = applySimple(command);
            changes = List.copyOf(draft.changes());
        }
        return result;
    }

    private CommandResult applySimple(Command command) {
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
        return Refusals.of(
                RejectReason.ARGUMENT_INVALID,
                "a transaction holds creations, sets, patches, deletions and reads, not "
                        + command.getClass().getSimpleName());
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
            if (result instanceof CommandResult.Rejected rejected) {
                tree.returnTo(mark);
                draft.begin(draft.current());
                return Refusals.inTransaction(rejected, i);
            }
            results.add(result);
        }
        finish(mark);
        long revision = draft.changed() ? draft.next() : draft.current();
        return new CommandResult.Transacted(holds, List.copyOf(results), revision);
    }

    private void finish(TreeEditor.Mark mark) {
        tree.keep();
        changes = ChangeFolding.fold(draft.changes(), mark, tree);
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
        return new CommandResult.Done(draft.changed() ? draft.next() : draft.current());
    }
}

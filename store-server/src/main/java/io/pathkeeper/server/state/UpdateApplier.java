package io.pathkeeper.server.state;

import io.pathkeeper.server.tree.TreeEditor;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.FieldOperations;
import io.pathkeeper.server.value.PatchOutcome;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Applies changes of values. Checks everything before it changes anything. Apply thread. */
final class UpdateApplier {
    private final StateLimits limits;
    private final TreeEditor tree;
    private final RevisionDraft draft;
    private final CreateApplier creations;
    private final QuotaCheck quotas;

    UpdateApplier(
            StateLimits limits, TreeEditor tree, RevisionDraft draft, CreateApplier creations, QuotaCheck quotas) {
        this.limits = limits;
        this.tree = tree;
        this.draft = draft;
        this.creations = creations;
        this.quotas = quotas;
    }

    CommandResult apply(Command.Set set) {
        ZnodePath path = set.path();
        if (draft.forbids(path)) {
            return Refusals.reserved(path);
        }
        Znode znode = tree.find(path);
        if (znode == null && !set.allowMissing()) {
            return Refusals.notFound(path);
        }
        CommandResult.Rejected refused =
                Refusals.unexpected(path, znode, set.expectedVersion(), set.expectedRevision());
        if (refused != null) {
            return refused;
        }
        if (znode == null) {
            return createdBySet(set);
        }
        refused = CreateApplier.refusedContent(limits, path, set.value(), set.contentType());
        if (refused != null) {
            return refused;
        }
        if (set.leastSequence() > 0 && znode.kind() == ZnodeKind.EPHEMERAL) {
            return Refusals.ephemeralParent(path);
        }
        if (set.ifChanged()
                && Arrays.equals(znode.value(), set.value())
                && znode.contentType().equals(set.contentType())
                && znode.nextSequence() >= set.leastSequence()) {
            Znode same = znode.detached();
            return new CommandResult.Updated(
                    path, same, false, false, set.returnPrevious() ? same : null, draft.current());
        }
        return replaced(path, znode, set.value(), set.contentType(), set.leastSequence(), set.returnPrevious());
    }

    private CommandResult createdBySet(Command.Set set) {
        Command.Create create = new Command.Create(
                set.path(), ZnodeKind.PERSISTENT, set.value(), set.contentType(), false, null, 0, false, null, false);
        CommandResult result = creations.apply(create, set.leastSequence());
        return result instanceof CommandResult.Created created
                ? new CommandResult.Updated(created.path(), created.znode(), true, true, null, created.revision())
                : result;
    }

    private CommandResult replaced(
            ZnodePath path, Znode znode, byte[] value, String contentType, long leastSequence, boolean returnPrevious) {
        CommandResult.Rejected refused = quotas.refusedValue(path, value.length - znode.value().length);
        if (refused != null) {
            return refused;
        }
        Znode before = znode.detached();
        Znode after = tree.setValue(path, value, contentType, leastSequence, draft.next())
                .detached();
        draft.updated(path, before, after);
        return new CommandResult.Updated(path, after, false, true, returnPrevious ? before : null, draft.next());
    }

    CommandResult apply(Command.Patch patch) {
        ZnodePath path = patch.path();
        if (draft.forbids(path)) {
            return Refusals.reserved(path);
        }
        int operations = patch.operations().size();
        if (operations < 1 || operations > limits.maxTransactionOperations()) {
            return Refusals.overLimit(
                    RejectReason.ARGUMENT_INVALID,
                    path,
                    "operations (at least 1) of the patch",
                    operations,
                    limits.maxTransactionOperations());
        }
        Znode znode = tree.find(path);
        if (znode == null) {
            return Refusals.notFound(path);
        }
        CommandResult.Rejected refused =
                Refusals.unexpected(path, znode, patch.expectedVersion(), patch.expectedRevision());
        if (refused != null) {
            return refused;
        }
        PatchOutcome outcome = FieldOperations.apply(znode.value(), patch.operations(), limits.value());
        if (outcome instanceof PatchOutcome.Refused problem) {
            return refusedPatch(path, problem);
        }
        byte[] value = ((PatchOutcome.Patched) outcome).value();
        return replaced(path, znode, value, znode.contentType(), 0, patch.returnPrevious());
    }

    private static CommandResult refusedPatch(ZnodePath path, PatchOutcome.Refused problem) {
        Map<String, String> metadata = new HashMap<>();
        metadata.put("path", path.toString());
        if (problem.index() >= 0) {
            metadata.put("field_index", Integer.toString(problem.index()));
            metadata.put("pointer", problem.pointer());
        }
        if (problem.limit() > 0) {
            metadata.put("limit", Long.toString(problem.limit()));
            metadata.put("actual", Long.toString(problem.actual()));
        }
        return new CommandResult.Rejected(
                new Rejection(reason(problem.problem()), "patch of " + path + ": " + problem.text(), metadata));
    }

    private static RejectReason reason(PatchOutcome.Problem problem) {
        return switch (problem) {
            case POINTER_INVALID -> RejectReason.POINTER_INVALID;
            case FIELD_NOT_FOUND -> RejectReason.FIELD_NOT_FOUND;
            case FIELD_TYPE -> RejectReason.FIELD_TYPE;
            case TEST_FAILED -> RejectReason.TEST_FAILED;
            case INT_OVERFLOW -> RejectReason.INT_OVERFLOW;
            case VALUE_TOO_LARGE -> RejectReason.VALUE_TOO_LARGE;
            case VALUE_INVALID -> RejectReason.VALUE_INVALID;
        };
    }

    /** Reads inside a transaction. */
    CommandResult apply(Command.Read read) {
        @Nullable Znode znode = tree.find(read.path());
        return new CommandResult.Found(read.path(), znode == null ? null : znode.detached());
    }
}

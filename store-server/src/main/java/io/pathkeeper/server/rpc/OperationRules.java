package io.pathkeeper.server.rpc;

import io.pathkeeper.server.acl.Verb;
import io.pathkeeper.server.auth.Gatekeeper;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.BatchGetRequest;
import io.pathkeeper.v1.Condition;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.FieldOperation;
import io.pathkeeper.v1.PatchRequest;
import io.pathkeeper.v1.PipelineOperation;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.TransactOperation;
import io.pathkeeper.v1.TransactRequest;

/**
 * The rights that operations of the store need, alone, in a transaction and in a pipeline. What shows a value, or tells whether it is
 * another one, needs READ. Stateless.
 */
final class OperationRules {
    private OperationRules() {}

    static void create(Access access, CreateRequest r) {
        // the name of a sequential one has digits behind it: a right to the prefix alone is none to that name
        ZnodePath path =
                r.getSequential() ? FieldReader.prefix(r.getPath()).withSequence(0) : FieldReader.path(r.getPath());
        access.require(Verb.CREATE, path);
        if (r.getTakeOverIdentity()) {
            access.require(Verb.WRITE, path);
        }
        if (r.getCreateParents() && !access.identity().isUnrestricted()) {
            parents(access, path);
        }
    }

    /** Those that are missing now are created, too. */
    private static void parents(Access access, ZnodePath path) {
        Gatekeeper gate = access.gate();
        TreeView view = gate.view();
        ZnodePath at = path.parent();
        while (!at.isRoot() && view.find(at) == null) {
            access.require(Verb.CREATE, at);
            at = at.parent();
        }
    }

    static void set(Access access, SetRequest r) {
        ZnodePath path = FieldReader.path(r.getPath());
        access.require(Verb.WRITE, path);
        if (r.getAllowMissing()) {
            access.require(Verb.CREATE, path);
        }
        if (r.getReturnPrevious() || r.getIfChanged()) {
            access.require(Verb.READ, path);
        }
    }

    static void patch(Access access, PatchRequest r) {
        ZnodePath path = FieldReader.path(r.getPath());
        access.require(Verb.WRITE, path);
        boolean tests = r.getOperationsList().stream().anyMatch(o -> o.getType() == FieldOperation.Type.TYPE_TEST);
        if (r.getReturnPrevious() || r.getReturnData() || tests) {
            access.require(Verb.READ, path);
        }
    }

    static void delete(Access access, DeleteRequest r) {
        ZnodePath path = FieldReader.path(r.getPath());
        if (r.getRecursive()) {
            access.requireBelow(Verb.DELETE, path);
        } else {
            access.require(Verb.DELETE, path);
        }
        if (r.getReturnPrevious()) {
            access.require(Verb.READ, path);
        }
    }

    static void batchGet(Access access, BatchGetRequest r) {
        for (int i = 0; i < Math.min(r.getPathsCount(), TreeReads.MAX_BATCH_PATHS); i++) {
            access.require(Verb.READ, FieldReader.path(r.getPaths(i)));
        }
    }

    static void transact(Access access, TransactRequest r) {
        for (Condition condition : r.getConditionsList()) {
            access.require(Verb.READ, FieldReader.path(condition.getPath()));
        }
        r.getThenList().forEach(operation -> operation(access, operation));
        r.getOtherwiseList().forEach(operation -> operation(access, operation));
    }

    private static void operation(Access access, TransactOperation operation) {
        switch (operation.getOperationCase()) {
            case CREATE -> create(access, operation.getCreate());
            case SET -> set(access, operation.getSet());
            case PATCH -> patch(access, operation.getPatch());
            case DELETE -> delete(access, operation.getDelete());
            case GET ->
                access.require(Verb.READ, FieldReader.path(operation.getGet().getPath()));
            case OPERATION_NOT_SET -> {} // refused where it is read
        }
    }

    /** An operation of a pipeline. */
    static void operation(Access access, PipelineOperation operation) {
        if (access.identity().isUnrestricted() && isWrite(operation)) {
            return; // the state itself guards what nobody may write
        }
        switch (operation.getOperationCase()) {
            case CREATE -> create(access, operation.getCreate());
            case SET -> set(access, operation.getSet());
            case PATCH -> patch(access, operation.getPatch());
            case DELETE -> delete(access, operation.getDelete());
            case TRANSACT -> transact(access, operation.getTransact());
            case GET ->
                access.require(Verb.READ, FieldReader.path(operation.getGet().getPath()));
            case BATCH_GET -> batchGet(access, operation.getBatchGet());
            case LIST_CHILDREN ->
                access.require(
                        Verb.READ, FieldReader.path(operation.getListChildren().getPath()));
            case SYNC, OPERATION_NOT_SET -> {} // shows nothing; refused where it is read
        }
    }

    /** Whether an operation changes something. */
    static boolean isWrite(PipelineOperation operation) {
        return switch (operation.getOperationCase()) {
            case CREATE, SET, PATCH, DELETE, TRANSACT -> true;
            default -> false;
        };
    }
}

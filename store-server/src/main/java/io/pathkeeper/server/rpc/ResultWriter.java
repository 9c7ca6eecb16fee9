package io.pathkeeper.server.rpc;

import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.BatchGetResult;
import io.pathkeeper.v1.CreateResponse;
import io.pathkeeper.v1.DeleteResponse;
import io.pathkeeper.v1.PatchResponse;
import io.pathkeeper.v1.SetResponse;
import io.pathkeeper.v1.TransactResponse;
import io.pathkeeper.v1.TransactResult;
import io.pathkeeper.v1.ValueFormat;
import io.pathkeeper.v1.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the results of commands into responses without their header. Any thread. */
final class ResultWriter {
    private ResultWriter() {}

    static CreateResponse.Builder create(CommandResult result, Owners owners) {
        CommandResult.Created r = expect(result, CommandResult.Created.class);
        return CreateResponse.newBuilder()
                .setPath(r.path().toString())
                .setStat(Stats.stat(r.znode(), owners))
                .setSequence(r.sequence())
                .setRevision(r.revision());
    }

    static SetResponse.Builder set(CommandResult result, Shape shape, Owners owners) {
        CommandResult.Updated r = expect(result, CommandResult.Updated.class);
        SetResponse.Builder out = SetResponse.newBuilder()
                .setStat(Stats.stat(r.znode(), owners))
                .setCreated(r.created())
                .setChanged(r.changed())
                .setRevision(r.revision());
        if (r.previous() != null) {
            out.setPrevious(previous(r.path(), r.previous(), shape.format(), owners));
        }
        return out;
    }

    static PatchResponse.Builder patch(CommandResult result, Shape shape, Owners owners) {
        CommandResult.Updated r = expect(result, CommandResult.Updated.class);
        PatchResponse.Builder out = PatchResponse.newBuilder()
                .setStat(Stats.stat(r.znode(), owners))
                .setRevision(r.revision());
        if (shape.returnData()) {
            out.setData(Payloads.payload(r.znode().value(), r.znode().contentType(), shape.format()));
        }
        if (r.previous() != null) {
            out.setPrevious(previous(r.path(), r.previous(), shape.format(), owners));
        }
        return out;
    }

    static DeleteResponse.Builder delete(CommandResult result, Shape shape, Owners owners) {
        CommandResult.Deleted r = expect(result, CommandResult.Deleted.class);
        DeleteResponse.Builder out =
                DeleteResponse.newBuilder().setRevision(r.revision()).setDeletedCount(r.deletedCount());
        if (r.previous() != null) {
            out.setPrevious(previous(r.path(), r.previous(), shape.format(), owners));
        }
        return out;
    }

    static TransactResponse.Builder transact(CommandResult result, Shape shape, Owners owners) {
        CommandResult.Transacted r = expect(result, CommandResult.Transacted.class);
        TransactResponse.Builder out =
                TransactResponse.newBuilder().setSucceeded(r.succeeded()).setRevision(r.revision());
        List<Shape> shapes = r.succeeded() ? shape.then() : shape.otherwise();
        if (shapes.size() != r.results().size()) {
            throw otherWrite();
        }
        for (int i = 0; i < shapes.size(); i++) {
            out.addResults(inner(r.results().get(i), shapes.get(i), owners));
        }
        return out;
    }

    private static TransactResult inner(CommandResult result, Shape shape, Owners owners) {
        TransactResult.Builder out = TransactResult.newBuilder();
        switch (shape.kind()) {
            case CREATE -> out.setCreate(create(result, owners));
            case SET -> out.setSet(set(result, shape, owners));
            case PATCH -> out.setPatch(patch(result, shape, owners));
            case DELETE -> out.setDelete(delete(result, shape, owners));
            case READ -> {
                CommandResult.Found found = expect(result, CommandResult.Found.class);
                out.setGet(found(found.path(), found.znode(), shape.view(), shape.format(), owners));
            }
            case TRANSACT -> throw otherWrite();
        }
        return out.build();
    }

    /** What a read of one of several paths found. */
    static BatchGetResult found(ZnodePath path, @Nullable Znode znode, View view, ValueFormat format, Owners owners) {
        BatchGetResult.Builder out = BatchGetResult.newBuilder().setPath(path.toString());
        if (znode != null) {
            out.setFound(true).setZnode(Stats.znode(path, znode, view, format, owners));
        }
        return out.build();
    }

    private static io.pathkeeper.v1.Znode previous(ZnodePath path, Znode znode, ValueFormat format, Owners owners) {
        return Stats.znode(path, znode, View.VIEW_FULL, format, owners);
    }

    /** The result as the kind that the request leads to. */
    static <T extends CommandResult> T expect(CommandResult result, Class<T> type) {
        if (!type.isInstance(result)) {
            throw otherWrite();
        }
        return type.cast(result);
    }

    /** The only way to another kind of result: the result of the first write with the same request id. */
    private static RejectedException otherWrite() {
        return RejectedException.argument(
                "request_id", "named another write before: every write of a client has a sequence of its own");
    }
}

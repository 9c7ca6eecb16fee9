package io.pathkeeper.server.rpc;

import com.google.protobuf.Message;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.v1.PipelineOperation;
import io.pathkeeper.v1.PipelineResult;
import io.pathkeeper.v1.SyncResponse;

/** Builds the results of a pipeline's operations. On the answering worker. */
final class PipelineAnswers {
    private final StoreContext context;
    private final Owners owners;
    private final Access access;

    PipelineAnswers(StoreContext context, Access access) {
        this.access = access;
        this.context = context;
        this.owners = context.owners();
    }

    /** The result of a slot that is done. */
    PipelineResult result(PipelineSlot slot) {
        PipelineResult.Builder out = PipelineResult.newBuilder().setCorrelationId(slot.correlationId);
        try {
            Object outcome = slot.outcome();
            if (outcome instanceof Rejection rejection) {
                throw new RejectedException(rejection);
            } else if (outcome instanceof StoreFailure failure) {
                out.setError(ErrorMapper.status(failure, context.headers().leaderId()));
            } else if (outcome instanceof CommandResult result && slot.shape != null) {
                write(result, slot.shape, out);
            } else if (slot.read != null && slot.gate != null) {
                read(slot.read, slot.gate.newest(context.store().view()), out);
            } else {
                throw new IllegalStateException("an operation of a pipeline has neither result nor reason");
            }
        } catch (RejectedException e) {
            if (e.rejection().reason() == RejectReason.VERSION_MISMATCH) {
                context.meters().transactionConflicts(1);
            }
            out.setError(ErrorMapper.status(e.rejection()));
        } catch (RuntimeException e) {
            out.setError(io.grpc.protobuf.StatusProto.fromThrowable(Defects.report("a result could not be built", e)));
        }
        return out.build();
    }

    private void write(CommandResult result, Shape shape, PipelineResult.Builder out) {
        switch (shape.kind()) {
            case CREATE ->
                out.setCreate(fitting(ResultWriter.create(result, owners).build(), true));
            case SET ->
                out.setSet(fitting(ResultWriter.set(result, shape, owners).build(), true));
            case PATCH ->
                out.setPatch(fitting(ResultWriter.patch(result, shape, owners).build(), true));
            case DELETE ->
                out.setDelete(fitting(ResultWriter.delete(result, shape, owners).build(), true));
            case TRANSACT -> {
                var answer = ResultWriter.transact(result, shape, owners).build();
                if (!answer.getSucceeded()) {
                    context.meters().transactionConflicts(1);
                }
                out.setTransact(fitting(answer, true));
            }
            case READ -> throw new IllegalStateException("a read is no write");
        }
    }

    private void read(PipelineOperation operation, TreeView view, PipelineResult.Builder out) {
        switch (operation.getOperationCase()) {
            case GET ->
                out.setGet(
                        fitting(TreeReads.get(operation.getGet(), view, owners).build(), false));
            case BATCH_GET ->
                out.setBatchGet(fitting(
                        TreeReads.batchGet(operation.getBatchGet(), view, owners)
                                .build(),
                        false));
            case LIST_CHILDREN ->
                out.setListChildren(fitting(
                        TreeReads.listChildren(operation.getListChildren(), view, context, access)
                                .build(),
                        false));
            case SYNC -> out.setSync(SyncResponse.getDefaultInstance());
            default -> throw new IllegalStateException("no read: " + operation.getOperationCase());
        }
    }

    private <R extends Message> R fitting(R answer, boolean written) {
        return context.fitting(answer, written);
    }
}

package io.pathkeeper.client.internal;

import com.google.protobuf.MessageLite;
import io.pathkeeper.v1.BatchGetRequest;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.ListChildrenRequest;
import io.pathkeeper.v1.PatchRequest;
import io.pathkeeper.v1.PipelineOperation;
import io.pathkeeper.v1.PipelineResult;
import io.pathkeeper.v1.PipelineResult.ResultCase;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.SyncRequest;
import io.pathkeeper.v1.TransactRequest;

/** The operations of a pipeline: each knows its place in the messages and how to read its result. */
final class Operations {
    /** Reads the result of a call. */
    interface Decoder<R> {
        /**
         * Reads a result.
         *
         * @param result of the kind that belongs to the request
         * @param headerRevision revision of the state that it was made from
         */
        R decode(PipelineResult result, long headerRevision);
    }

    private Operations() {}

    static <R> PendingOperation<R> of(String path, MessageLite request, long timeoutNanos, Decoder<R> decoder) {
        ResultCase kind = kind(request);
        boolean write = switch (kind) {
            case CREATE, SET, PATCH, DELETE, TRANSACT -> true;
            default -> false;
        };
        return new PendingOperation<>(path, write, request, timeoutNanos) {
            @Override
            void encode(PipelineOperation.Builder operation, long seenRevision) {
                put(operation, request, seenRevision);
            }

            @Override
            boolean accepts(ResultCase answered) {
                return answered == kind;
            }

            @Override
            R decode(PipelineResult result, long headerRevision) {
                return decoder.decode(result, headerRevision);
            }
        };
    }

    private static ResultCase kind(MessageLite request) {
        if (request instanceof SetRequest) {
            return ResultCase.SET;
        } else if (request instanceof GetRequest) {
            return ResultCase.GET;
        } else if (request instanceof CreateRequest) {
            return ResultCase.CREATE;
        } else if (request instanceof PatchRequest) {
            return ResultCase.PATCH;
        } else if (request instanceof DeleteRequest) {
            return ResultCase.DELETE;
        } else if (request instanceof TransactRequest) {
            return ResultCase.TRANSACT;
        } else if (request instanceof BatchGetRequest) {
            return ResultCase.BATCH_GET;
        } else if (request instanceof ListChildrenRequest) {
            return ResultCase.LIST_CHILDREN;
        } else if (request instanceof SyncRequest) {
            return ResultCase.SYNC;
        }
        throw new IllegalArgumentException(
                "a pipeline carries no " + request.getClass().getSimpleName());
    }

    private static void put(PipelineOperation.Builder operation, MessageLite request, long seen) {
        if (request instanceof SetRequest set) {
            operation.setSet(set);
        } else if (request instanceof GetRequest get) {
            operation.setGet(
                    seen > 0 && ReadProto.needsSeenRevision(get.getOptions())
                            ? get.toBuilder()
                                    .setOptions(ReadProto.withSeenRevision(get.getOptions(), seen))
                                    .build()
                            : get);
        } else if (request instanceof CreateRequest create) {
            operation.setCreate(create);
        } else if (request instanceof PatchRequest patch) {
            operation.setPatch(patch);
        } else if (request instanceof DeleteRequest delete) {
            operation.setDelete(delete);
        } else if (request instanceof TransactRequest transact) {
            operation.setTransact(transact);
        } else if (request instanceof BatchGetRequest get) {
            operation.setBatchGet(get.toBuilder().setOptions(ReadProto.withSeenRevision(get.getOptions(), seen)));
        } else if (request instanceof ListChildrenRequest list) {
            operation.setListChildren(list.toBuilder().setOptions(ReadProto.withSeenRevision(list.getOptions(), seen)));
        } else if (request instanceof SyncRequest sync) {
            operation.setSync(sync);
        }
    }
}

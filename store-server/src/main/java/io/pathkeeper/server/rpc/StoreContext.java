package io.pathkeeper.server.rpc;

import com.google.protobuf.Message;
import io.pathkeeper.server.metrics.RpcMeters;
import io.pathkeeper.server.metrics.RpcMeters.ReadKind;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.ReadRequest;
import io.pathkeeper.server.store.StoreService;
import java.util.concurrent.Executor;

/**
 * What all calls of StoreService use.
 *
 * @param store the store
 * @param owners names the owners of ephemeral znodes
 * @param commands reads write requests
 * @param headers makes response headers
 * @param meters counts
 * @param slow is told of requests that take long
 * @param workers builds and sends answers that a thread of the store made possible
 * @param defaultDeadlineNanos time for calls that came without a deadline
 * @param pipelineOperations most operations of one pipeline that wait for their answer
 * @param pipelineBytes most bytes of them
 * @param requestBytes largest request
 */
record StoreContext(
        StoreService store,
        Owners owners,
        CommandReader commands,
        Headers headers,
        RpcMeters meters,
        SlowRequests slow,
        Executor workers,
        long defaultDeadlineNanos,
        int pipelineOperations,
        int pipelineBytes,
        int requestBytes) {

    /** How a read is counted. */
    static ReadKind readKind(ReadRequest request) {
        return switch (request.consistency()) {
            case LINEARIZABLE -> ReadKind.LINEARIZABLE;
            case AT_LEAST -> ReadKind.AT_LEAST;
            case LOCAL -> ReadKind.LOCAL;
        };
    }

    /**
     * Lets an answer through that clients can take in.
     *
     * @param written whether the answer tells of a write, which has been applied already
     */
    <R extends Message> R fitting(R answer, boolean written) {
        int size = answer.getSerializedSize();
        if (size <= TreeReads.MAX_RESPONSE_BYTES) {
            return answer;
        }
        if (!written) {
            TreeReads.checkSize(size, "ask for less, or for the value in another value_format");
        }
        throw new RejectedException(Rejection.of(
                RejectReason.OUTCOME_UNKNOWN,
                "the write was carried out, but its answer has " + size + " bytes and the limit is "
                        + TreeReads.MAX_RESPONSE_BYTES + ": read what it did",
                "actual",
                Integer.toString(size),
                "limit",
                Integer.toString(TreeReads.MAX_RESPONSE_BYTES)));
    }
}

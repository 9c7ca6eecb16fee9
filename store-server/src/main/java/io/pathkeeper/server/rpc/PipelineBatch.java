package io.pathkeeper.server.rpc;

import io.pathkeeper.server.store.ProposalTimes;
import org.jspecify.annotations.Nullable;

/** The operations of one message of a pipeline. The slots are filled by the reading thread and emptied by the answering worker. */
final class PipelineBatch {
    final @Nullable PipelineSlot[] slots;
    final int bytes;
    final long begunNanos;
    /** First slot that is not answered; the answering worker's. */
    int next;
    /** Of the last write that was answered; the answering worker's. */
    @Nullable
    ProposalTimes times;

    PipelineBatch(int count, int bytes, long begunNanos) {
        this.begunNanos = begunNanos;
        slots = new PipelineSlot[count];
        this.bytes = bytes;
    }
}

package io.pathkeeper.server.rpc;

import org.jspecify.annotations.Nullable;

/** The operations of one message of a pipeline. The slots are filled by the reading thread and emptied by the answering worker. */
final class PipelineBatch {
    final @Nullable PipelineSlot[] slots;
    final int bytes;
    /** First slot that is not answered; the answering worker's. */
    int next;

    PipelineBatch(int count, int bytes) {
        slots = new PipelineSlot[count];
        this.bytes = bytes;
    }
}

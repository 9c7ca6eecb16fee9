package io.pathkeeper.server.rpc;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.pathkeeper.server.wire.Cuts;

/**
 * Counts calls whose message was so large that the library ended them while it read or unpacked it: nothing else of the server hears of that. Its
 * text is the only mark that it leaves; a test fails when that changes. One object for all calls.
 */
final class OversizedMessages extends ServerStreamTracer.Factory {
    private final ServerStreamTracer tracer;

    OversizedMessages(Cuts cuts) {
        tracer = new ServerStreamTracer() {
            @Override
            public void streamClosed(Status status) {
                String text = status.getDescription();
                if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED
                        && text != null
                        && text.contains("message exceeds maximum size")) {
                    cuts.call(Cuts.Call.MESSAGE_BYTES);
                }
            }
        };
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        return tracer;
    }
}

package io.pathkeeper.server.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.v1.AcquireLockResponse;
import io.pathkeeper.v1.LockGranted;
import io.pathkeeper.v1.LockQueued;

/** Waits for a lock: tells of every change of the place that the client takes in time, then of the grant. */
final class AcquireCall extends LockCall<AcquireLockResponse> {
    private int told = -1;

    AcquireCall(
            CoordinationContext context,
            ServerCallStreamObserver<AcquireLockResponse> observer,
            Command.Acquire wish,
            long attempt) {
        super(context, observer, wish, attempt);
    }

    @Override
    void waiting(int position) {
        if (position != told && observer.isReady()) {
            told = position;
            observer.onNext(AcquireLockResponse.newBuilder()
                    .setHeader(context.header())
                    .setQueued(LockQueued.newBuilder().setPosition(position))
                    .build());
        }
    }

    @Override
    void granted(long token) {
        complete(AcquireLockResponse.newBuilder()
                .setHeader(context.header())
                .setGranted(LockGranted.newBuilder().setToken(token))
                .build());
    }

    @Override
    void lost() {
        throw new IllegalStateException("the call ended with the grant");
    }

    /** Its client may have seen the grant and ended the stream because of that. */
    @Override
    boolean givesBackGrant() {
        return false;
    }
}

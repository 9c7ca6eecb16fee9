package io.pathkeeper.server.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.v1.CampaignResponse;
import io.pathkeeper.v1.Elected;
import io.pathkeeper.v1.LockQueued;

/** Stands for election, then tells when the leadership is over. */
final class CampaignCall extends LockCall<CampaignResponse> {
    private int told = -1;
    private long term;

    CampaignCall(
            CoordinationContext context,
            ServerCallStreamObserver<CampaignResponse> observer,
            Command.Acquire wish,
            long attempt) {
        super(context, observer, wish, attempt);
    }

    @Override
    void waiting(int position) {
        if (position != told && observer.isReady()) {
            told = position;
            observer.onNext(CampaignResponse.newBuilder()
                    .setHeader(context.header())
                    .setQueued(LockQueued.newBuilder().setPosition(position))
                    .build());
        }
    }

    @Override
    void granted(long token) {
        term = token;
        observer.onNext(CampaignResponse.newBuilder()
                .setHeader(context.header())
                .setElected(Elected.newBuilder().setTerm(token))
                .build());
    }

    @Override
    void lost() {
        end(Rejection.of(
                RejectReason.LEADERSHIP_LOST,
                "the leadership of " + wish.path() + " with term " + term
                        + " is over: it was resigned, or its session ended",
                "path",
                wish.path().toString(),
                "token",
                Long.toString(term)));
    }

    @Override
    boolean givesBackGrant() {
        return false;
    }
}

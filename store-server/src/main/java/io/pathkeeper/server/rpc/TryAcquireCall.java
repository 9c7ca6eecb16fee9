package io.pathkeeper.server.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.v1.TryAcquireLockResponse;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits for a lock for a limited time. When that is over, the place is taken back first and the answer is given then. */
final class TryAcquireCall extends LockCall<TryAcquireLockResponse> {
    private final long waitMillis;
    private @Nullable Future<?> timeout;
    private boolean answered;

    TryAcquireCall(
            CoordinationContext context,
            ServerCallStreamObserver<TryAcquireLockResponse> observer,
            Command.Acquire wish,
            long attempt,
            long waitMillis) {
        super(context, observer, wish, attempt);
        this.waitMillis = waitMillis;
    }

    @Override
    void start() {
        super.start();
        synchronized (this) {
            if (waitMillis > 0 && !hasEnded()) {
                timeout = context.timer()
                        .schedule(
                                () -> context.calls().workers().execute(this::timedOut),
                                waitMillis,
                                TimeUnit.MILLISECONDS);
            }
        }
    }

    @Override
    void waiting(int position) {}

    @Override
    void granted(long token) {
        answered = true;
        complete(TryAcquireLockResponse.newBuilder()
                .setHeader(context.header())
                .setAcquired(true)
                .setToken(token)
                .build());
    }

    @Override
    void refusedPlace(CommandResult.Acquired result) {
        answer(result.holders());
        leave();
    }

    @Override
    void finish() {
        super.finish();
        Future<?> pending = timeout;
        if (pending != null) {
            pending.cancel(false);
        }
    }

    private void timedOut() {
        boolean giveBack;
        synchronized (this) {
            if (hasEnded()) {
                return;
            }
            finish();
            giveBack = !isShared();
            if (!giveBack) {
                answerFromState();
            }
        }
        if (!giveBack) {
            leave();
        } else if (firstToLeave()) {
            new LockReturn(context, release())
                    .run(
                            () -> context.calls().workers().execute(this::givenBack),
                            failure -> context.calls().workers().execute(() -> giveBackFailed(failure)));
        }
    }

    private void givenBack() {
        synchronized (this) {
            answerFromState();
        }
        context.coordination().watches().leave();
    }

    /** The place may still be there: the client must not believe that nothing is left. */
    private synchronized void giveBackFailed(StoreFailure failure) {
        if (!answered && !observer.isCancelled()) {
            answered = true;
            observer.onError(
                    ErrorMapper.exception(failure, context.calls().headers().leaderId()));
        }
    }

    private void answerFromState() {
        LockState state = context.calls().store().locks().find(wish.path());
        List<LockEntry> holders = state == null ? List.of() : state.holders();
        answer(holders.subList(0, Math.min(holders.size(), CommandResult.Acquired.MAX_HOLDERS)));
    }

    private void answer(List<LockEntry> holders) {
        if (answered || observer.isCancelled()) {
            return;
        }
        answered = true;
        SessionTable sessions = context.calls().store().sessions();
        TryAcquireLockResponse.Builder out = TryAcquireLockResponse.newBuilder().setHeader(context.header());
        holders.forEach(holder -> out.addHolders(LockMessages.entry(holder, sessions)));
        if (!hasEnded()) {
            finish();
        }
        observer.onNext(out.build());
        observer.onCompleted();
    }

    @Override
    void lost() {
        throw new IllegalStateException("the call ended with the grant");
    }

    /** The answer and the end of a unary call go out together: who cancels has seen neither. */
    @Override
    boolean givesBackGrant() {
        return true;
    }
}

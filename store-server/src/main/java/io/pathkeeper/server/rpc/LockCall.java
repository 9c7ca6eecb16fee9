package io.pathkeeper.server.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.pathkeeper.server.coordination.CallId;
import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.ProposalListener;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.store.StoreFailure.Outcome;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One call that asks for a lock or a leadership and waits for it.
 *
 * <pre>
 * proposed --(applied)--> waiting --(granted: the client is told)--> granted --> ended
 *    |                       |
 *    +-----------------------+--(cancelled, deadline)--> released, then ended
 * </pre>
 *
 * <p>It watches the lock from before it proposes, so it misses nothing. What it leaves behind when its client goes before the grant was
 * handed to the transport is taken back by a command behind the first one; only another call of the same session and holder on this
 * server, or the stop of this server, keeps the place. A grant that was handed to the transport stays: nobody here knows whether the client
 * has seen it, and one that has must not lose it to the end of a stream.
 *
 * <p>Everything belongs to the monitor.
 *
 * @param <R> the response
 */
abstract class LockCall<R> implements LockWatches.Watcher, ProposalListener {
    final CoordinationContext context;
    final ServerCallStreamObserver<R> observer;
    final Command.Acquire wish;
    private final LockWatches watches;
    private boolean applied;
    private boolean ended;
    private boolean placeGiven;
    private long token;
    private final long begunNanos = System.nanoTime();

    LockCall(CoordinationContext context, ServerCallStreamObserver<R> observer, Command.Acquire wish, long attempt) {
        this.context = context;
        this.observer = observer;
        // another server may be asked for the same place when this stream broke: what this call takes back is its own
        // only
        this.wish = wish.by(CallId.of(attempt, ThreadLocalRandom.current().nextLong()));
        this.watches = context.coordination().watches();
    }

    /** Begins; on the thread that reads the call. */
    void start() {
        watches.enter();
        observer.setOnReadyHandler(() -> watches.ask(wish.path()));
        observer.setOnCancelHandler(this::cancelled);
        observer.setOnCloseHandler(this::delivered);
        watches.add(wish.path(), this);
        context.calls().store().write(wish, null, context.deadline(), this);
    }

    /** It waits behind so many. Under the monitor; may be called again with the same number. */
    abstract void waiting(int position);

    /** It was granted, at this token. Under the monitor, once. */
    abstract void granted(long newToken);

    /** The grant is over. Under the monitor. */
    abstract void lost();

    /** It was neither granted nor queued. Under the monitor. */
    void refusedPlace(CommandResult.Acquired result) {
        throw new IllegalStateException("a call that queues got no place");
    }

    /** Whether the client's leaving gives back a grant that it was told, because it cannot have seen it. */
    abstract boolean givesBackGrant();

    @Override
    public void applied(CommandResult result) {
        if (result instanceof CommandResult.Rejected rejected) {
            end(rejected.rejection());
            return;
        }
        if (!(result instanceof CommandResult.Acquired acquired)) {
            end(RejectedException.argument(
                            "request_id",
                            "named another write before: every write of a client has a sequence of its own")
                    .rejection());
            return;
        }
        context.calls().workers().execute(() -> {
            synchronized (this) {
                applied = true;
                if (!ended && (acquired.entry() == null || acquired.entry().token() == 0 && !wish.queue())) {
                    refusedPlace(acquired);
                    return;
                }
            }
            watches.ask(wish.path());
        });
    }

    @Override
    public void failed(StoreFailure failure) {
        context.calls().workers().execute(() -> {
            synchronized (this) {
                if (ended) {
                    return;
                }
                finish();
                observer.onError(
                        ErrorMapper.exception(failure, context.calls().headers().leaderId()));
            }
            if (failure.outcome() == Outcome.UNKNOWN) {
                giveBack();
            } else {
                leave();
            }
        });
    }

    @Override
    public synchronized void look(LockWatches.Sight sight) {
        if (ended || !applied) {
            return;
        }
        LockEntry hold = hold(sight.state());
        if (token != 0) {
            if (hold == null || hold.token() != token) {
                lost();
            }
            return;
        }
        if (hold != null) {
            if (observer.isCancelled()) {
                return; // nothing reaches the client any more, and what it leaves behind is about to be taken back
            }
            token = hold.token();
            if (!wish.election()) {
                context.coordination().meters().lockGranted(System.nanoTime() - begunNanos);
            }
            granted(token);
            return;
        }
        int position = sight.position(wish.session().id(), wish.holderId());
        if (position >= 0) {
            waiting(position);
        } else {
            lookOnceMore();
        }
    }

    /** What is shown may be from just before the wish was applied: only a look from behind that says that the place is gone. */
    private void lookOnceMore() {
        LockState now = context.calls().store().locks().find(wish.path());
        boolean waits = now != null && now.waiter(wish.session().id(), wish.holderId()) != null;
        if (waits || hold(now) != null) {
            watches.ask(wish.path());
        } else {
            gone();
        }
    }

    private @Nullable LockEntry hold(@Nullable LockState state) {
        return state == null || state.election() != wish.election()
                ? null
                : state.holder(wish.session().id(), wish.holderId());
    }

    private void gone() {
        Rejection session = SessionRefusals.of(context.calls().store().sessions(), wish.session());
        end(
                session != null
                        ? session
                        : Rejection.of(
                                RejectReason.LOCK_NOT_HELD,
                                wish.path()
                                        + ": the place in the queue was given up, or the grant was given back, by another"
                                        + " call of this session and holder",
                                "path",
                                wish.path().toString()));
    }

    /** Ends with a refusal: there is nothing that would have to be given back. */
    void end(Rejection why) {
        synchronized (this) {
            if (ended) {
                return;
            }
            finish();
            observer.onError(ErrorMapper.exception(why));
        }
        leave();
    }

    /** Sends the last message. Under the monitor; the call leaves when that has gone out. */
    void complete(R last) {
        finish();
        observer.onNext(last);
        observer.onCompleted();
    }

    /** Nothing more is sent. Under the monitor. */
    void finish() {
        ended = true;
        watches.remove(wish.path(), this);
    }

    boolean hasEnded() {
        return ended;
    }

    @Override
    public void stopping(Rejection why) {
        end(why);
    }

    /** The end of the call has gone out. */
    private void delivered() {
        leave();
    }

    private void cancelled() {
        boolean give;
        synchronized (this) {
            if (!ended) {
                finish();
            }
            give = token == 0 || givesBackGrant();
        }
        if (give) {
            giveBack();
        } else {
            leave();
        }
    }

    /** Whether this is the first time that the call's slot is disposed of. */
    synchronized boolean firstToLeave() {
        boolean first = !placeGiven;
        placeGiven = true;
        return first;
    }

    /** Gives the slot back. */
    void leave() {
        if (firstToLeave()) {
            watches.leave();
        }
    }

    /** Takes the place or the grant back, unless another call here is for the same. Keeps this call's slot until that is done. */
    private void giveBack() {
        if (!firstToLeave()) {
            return;
        }
        if (isShared() || watches.isClosed()) {
            watches.leave();
            return;
        }
        new LockReturn(context, release()).run(watches::leave, failure -> {});
    }

    /** Whether another call on this server asks for the same place. */
    boolean isShared() {
        return watches.others(wish.path(), this).stream().anyMatch(this::isForTheSame);
    }

    private boolean isForTheSame(LockWatches.Watcher other) {
        return other instanceof LockCall<?> call
                && call.wish.election() == wish.election()
                && call.wish.session().equals(wish.session())
                && call.wish.holderId().equals(wish.holderId());
    }

    /** The command that takes back whatever place or grant there is, unless a later call asked for it, here or on another server. */
    Command.Release release() {
        return new Command.Release(wish.path(), wish.election(), wish.session(), wish.holderId(), 0, wish.callId());
    }
}

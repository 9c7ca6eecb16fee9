package io.pathkeeper.server.rpc;

import com.google.protobuf.Message;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.store.ProposalListener;
import io.pathkeeper.server.store.ProposalTimes;
import io.pathkeeper.server.store.ReadRequest;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.store.ViewListener;
import io.pathkeeper.server.tree.TreeView;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What all calls for sessions, locks and elections use.
 *
 * @param calls what every call uses
 * @param coordination sessions' renewal and waiting calls
 * @param renewals renews sessions for clients
 * @param timer for what has to happen later
 */
record CoordinationContext(
        StoreContext calls, Coordination coordination, SessionRenewals renewals, ScheduledExecutorService timer) {

    /** Proposes a command of a unary call; a refusal is the call's. */
    <R extends Message> void write(
            UnaryCall<R> call, Command command, @Nullable RequestId id, Function<CommandResult, R> answer) {
        Access access = Access.current();
        calls.store().write(command, id, deadline(), new ProposalListener() {
            @Override
            public void applied(CommandResult result, ProposalTimes times) {
                access.proposed(times);
                applied(result);
            }

            @Override
            public void applied(CommandResult result) {
                call.answer(() -> {
                    if (result instanceof CommandResult.Rejected rejected) {
                        throw new RejectedException(rejected.rejection());
                    }
                    return answer.apply(result);
                });
            }

            @Override
            public void failed(StoreFailure failure) {
                call.fail(failure);
            }
        });
    }

    /** Answers a unary call when this server's state is as new as was asked for. */
    <R extends Message> void read(UnaryCall<R> call, ReadRequest request, Function<TreeView, R> answer) {
        calls.meters().reads(StoreContext.readKind(request), 1);
        calls.store().read(request, deadline(), new ViewListener() {
            @Override
            public void view(TreeView view) {
                call.answer(() -> calls.fitting(answer.apply(view), false));
            }

            @Override
            public void failed(StoreFailure failure) {
                call.fail(failure);
            }
        });
    }

    <R> UnaryCall<R> call(StreamObserver<R> observer) {
        return new UnaryCall<>(observer, calls.workers(), calls.headers());
    }

    /** {@link System#nanoTime()} at which a proposal or a read of the present call ends. */
    long deadline() {
        long own = UnaryCall.deadlineNanos(calls.defaultDeadlineNanos());
        long most = System.nanoTime() + calls.defaultDeadlineNanos();
        return own - most < 0 ? own : most;
    }

    /** The header of an answer made from the newest state. */
    io.pathkeeper.v1.ResponseHeader header() {
        return calls.headers().header(calls.store().view().revision());
    }
}

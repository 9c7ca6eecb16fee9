package io.pathkeeper.server.rpc;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.acl.Verb;
import io.pathkeeper.server.coordination.CallId;
import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.AcquireLockRequest;
import io.pathkeeper.v1.AcquireLockResponse;
import io.pathkeeper.v1.GetLockRequest;
import io.pathkeeper.v1.GetLockResponse;
import io.pathkeeper.v1.ListLocksRequest;
import io.pathkeeper.v1.ListLocksResponse;
import io.pathkeeper.v1.Lock;
import io.pathkeeper.v1.LockRequest;
import io.pathkeeper.v1.LockServiceGrpc;
import io.pathkeeper.v1.ReleaseLockRequest;
import io.pathkeeper.v1.ReleaseLockResponse;
import io.pathkeeper.v1.TryAcquireLockRequest;
import io.pathkeeper.v1.TryAcquireLockResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** LockService on the wire. Calls are read on the transport's threads, which never wait here. */
final class LockEndpoint extends LockServiceGrpc.LockServiceImplBase {
    private static final long MAX_WAIT_MILLIS = 300_000;
    private static final int PAGE_BYTES = 1 << 20;

    private final CoordinationContext context;

    LockEndpoint(CoordinationContext context) {
        this.context = context;
    }

    @Override
    public void acquireLock(AcquireLockRequest r, StreamObserver<AcquireLockResponse> observer) {
        Command.Acquire wish = LockMessages.acquire(r.hasLock(), r.getLock(), true);
        new AcquireCall(context, (ServerCallStreamObserver<AcquireLockResponse>) observer, wish, attempt(r.getLock()))
                .start();
    }

    @Override
    public void tryAcquireLock(TryAcquireLockRequest r, StreamObserver<TryAcquireLockResponse> observer) {
        long wait = FieldReader.within("wait_ms", r.getWaitMs(), 0, MAX_WAIT_MILLIS);
        Deadline deadline = Context.current().getDeadline();
        if (wait > 0 && deadline != null && deadline.timeRemaining(TimeUnit.MILLISECONDS) <= wait) {
            throw RejectedException.argument(
                    "wait_ms", "is " + wait + ", which the call's own deadline does not leave: make that later");
        }
        Command.Acquire wish = LockMessages.acquire(r.hasLock(), r.getLock(), wait > 0);
        new TryAcquireCall(
                        context,
                        (ServerCallStreamObserver<TryAcquireLockResponse>) observer,
                        wish,
                        attempt(r.getLock()),
                        wait)
                .start();
    }

    private static long attempt(LockRequest r) {
        return FieldReader.within("lock.attempt", r.getAttempt(), 0, CallId.MAX_ATTEMPT);
    }

    @Override
    public void releaseLock(ReleaseLockRequest r, StreamObserver<ReleaseLockResponse> observer) {
        UnaryCall<ReleaseLockResponse> call = context.call(observer);
        call.read(() -> {
            Command.Release release = new Command.Release(
                    FieldReader.path(r.getPath()),
                    false,
                    FieldReader.session("session", r.hasSession(), r.getSession()),
                    FieldReader.text("holder_id", r.getHolderId(), LockMessages.MAX_HOLDER_ID_BYTES),
                    FieldReader.within("token", r.getToken(), 0, Long.MAX_VALUE));
            context.write(call, release, FieldReader.requestId(r.hasRequestId(), r.getRequestId()), result -> {
                long revision = ResultWriter.expect(result, CommandResult.Released.class)
                        .revision();
                return ReleaseLockResponse.newBuilder()
                        .setHeader(context.calls().headers().header(revision))
                        .setRevision(revision)
                        .build();
            });
        });
    }

    @Override
    public void getLock(GetLockRequest r, StreamObserver<GetLockResponse> observer) {
        UnaryCall<GetLockResponse> call = context.call(observer);
        call.read(() -> {
            ZnodePath path = FieldReader.path(r.getPath());
            context.read(call, FieldReader.readOptions(r.getOptions()), view -> {
                LockState state = context.calls().store().locks().find(path);
                Lock lock = state == null
                        ? Lock.newBuilder().setPath(path.toString()).build()
                        : LockMessages.lock(state, context.calls().store().sessions());
                return GetLockResponse.newBuilder()
                        .setHeader(context.calls().headers().header(view.revision()))
                        .setLock(lock)
                        .build();
            });
        });
    }

    @Override
    public void listLocks(ListLocksRequest r, StreamObserver<ListLocksResponse> observer) {
        UnaryCall<ListLocksResponse> call = context.call(observer);
        Access access = Access.current();
        call.read(() -> {
            ZnodePath top = r.getPath().isEmpty() ? ZnodePath.ROOT : FieldReader.path(r.getPath());
            int size = FieldReader.pageSize(r.getPageSize());
            byte[] query = ("locks below " + top).getBytes(StandardCharsets.UTF_8);
            ZnodePath after = after(query, r.getPageToken());
            context.read(call, FieldReader.readOptions(r.getOptions()), view -> {
                ListLocksResponse.Builder out = ListLocksResponse.newBuilder()
                        .setHeader(context.calls().headers().header(view.revision()));
                fill(out, context.calls().store().locks().within(top, after, size + 1), size, query, access);
                return out.build();
            });
        });
    }

    private @Nullable ZnodePath after(byte[] query, String token) {
        if (token.isEmpty()) {
            return null;
        }
        byte[] key = context.calls().store().keyOf(query, token);
        if (key == null) {
            throw SessionEndpoint.badToken();
        }
        return ZnodePath.fromBytes(key);
    }

    private void fill(ListLocksResponse.Builder out, List<LockState> found, int size, byte[] query, Access access) {
        SessionTable sessions = context.calls().store().sessions();
        long bytes = 0;
        for (int i = 0; i < found.size(); i++) {
            Lock lock = LockMessages.lock(found.get(i), sessions);
            bytes += lock.getSerializedSize() + 8;
            if (i == size || bytes > PAGE_BYTES && i > 0) {
                byte[] last = found.get(i - 1).path().utf8();
                out.setNextPageToken(context.calls().store().nextKeyToken(query, last));
                return;
            }
            if (access.may(Verb.READ, found.get(i).path())) {
                out.addLocks(lock);
            }
        }
    }
}

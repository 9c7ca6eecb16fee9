package io.pathkeeper.client.internal;

import io.pathkeeper.client.coordination.LockGrant;
import io.pathkeeper.client.coordination.LockInfo;
import io.pathkeeper.client.coordination.LockPage;
import io.pathkeeper.client.coordination.LockRequest;
import io.pathkeeper.client.coordination.Locks;
import io.pathkeeper.v1.GetLockRequest;
import io.pathkeeper.v1.ListLocksRequest;
import io.pathkeeper.v1.LockServiceGrpc;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/** Locks. Has no state of its own; any thread. */
final class DefaultLocks implements Locks {
    private static final Duration MAX_WAIT = Duration.ofMinutes(5);

    private final CoordinationCalls calls;

    DefaultLocks(CoordinationCalls calls) {
        this.calls = calls;
    }

    @Override
    public CompletableFuture<LockGrant> acquireAsync(LockRequest request, LongConsumer position) {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(position, "position");
        return new LockAcquisition(calls, request, position).start();
    }

    @Override
    public LockGrant acquire(LockRequest request) {
        BlockingStore.refuseInCallback();
        return BlockingStore.await(acquireAsync(request));
    }

    @Override
    public CompletableFuture<Optional<LockGrant>> tryAcquireAsync(LockRequest request, Duration wait) {
        if (wait.isNegative() || wait.compareTo(MAX_WAIT) > 0) {
            throw new IllegalArgumentException("wait must be 0 to 5 minutes, not " + wait);
        }
        return new TryAcquisition(calls, Objects.requireNonNull(request, "request"), wait).start();
    }

    @Override
    public Optional<LockGrant> tryAcquire(LockRequest request, Duration wait) {
        BlockingStore.refuseInCallback();
        return BlockingStore.await(tryAcquireAsync(request, wait));
    }

    @Override
    public CompletableFuture<LockInfo> info(String path) {
        return calls.unary()
                .call(
                        LockServiceGrpc.getGetLockMethod(),
                        GetLockRequest.newBuilder().setPath(path).build(),
                        calls.requestTimeoutNanos(),
                        response -> CoordinationProto.info(response.getLock()));
    }

    @Override
    public CompletableFuture<LockPage> list(String path, int pageSize, String pageToken) {
        return calls.unary()
                .call(
                        LockServiceGrpc.getListLocksMethod(),
                        ListLocksRequest.newBuilder()
                                .setPath(path)
                                .setPageSize(pageSize)
                                .setPageToken(pageToken)
                                .build(),
                        calls.requestTimeoutNanos(),
                        response -> new LockPage(
                                response.getLocksList().stream()
                                        .map(CoordinationProto::info)
                                        .toList(),
                                response.getNextPageToken()));
    }
}

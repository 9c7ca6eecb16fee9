package io.pathkeeper.server.rpc;

import static io.pathkeeper.server.rpc.CoordinationWire.lock;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.stub.ServerCallStreamObserver;
import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueLimits;
import io.pathkeeper.v1.AcquireLockRequest;
import io.pathkeeper.v1.AcquireLockResponse;
import io.pathkeeper.v1.SessionKey;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that ends its stream in the very moment of the grant: a transport in the test's hands puts the end where it hurts. */
@Timeout(30)
class GrantRaceTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final ExecutorService workers = Executors.newSingleThreadExecutor();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private CoordinationWire all;
    private LockEndpoint endpoint;
    private SessionKey session;

    @BeforeEach
    void start() throws IOException {
        all = new CoordinationWire();
        session = all.open("worker");
        StoreContext calls = new StoreContext(
                all.wire.store,
                Owners.of(all.wire.store),
                new CommandReader(ValueLimits.DEFAULT, 127, 128),
                new Headers(all.direct),
                all.wire.meters.rpc(),
                new SlowRequests(SOON, all.wire.meters.rpc()),
                workers,
                SOON.toNanos(),
                1,
                1,
                1);
        endpoint = new LockEndpoint(new CoordinationContext(
                calls,
                all.direct.coordination(all.wire.meters),
                new SessionRenewals(all.wire.store, all.direct, timer),
                timer));
    }

    @AfterEach
    void stop() {
        timer.shutdownNow();
        workers.shutdownNow();
        all.close();
    }

    private Transport acquire(Transport transport) {
        AcquireLockRequest request = AcquireLockRequest.newBuilder()
                .setLock(lock("/l", session, "h"))
                .build();
        endpoint.acquireLock(request, transport);
        return transport;
    }

    private @Nullable LockState state() {
        return all.direct.locks().find(ZnodePath.parse("/l"));
    }

    @Test
    void aClientThatEndsTheStreamWhenItSeesTheGrantKeepsTheLock() throws InterruptedException {
        Transport transport = new Transport();
        transport.cancelsBehindGrant = true;

        acquire(transport).granted.await();
        await().atMost(SOON).until(() -> all.direct.watches.callCount() == 0);
        all.direct.settle();

        assertThat(Objects.requireNonNull(state()).holders()).hasSize(1);
    }

    @Test
    void aClientThatHadGoneWhenTheGrantCameIsNotToldAndLeavesNothing() {
        Transport transport = new Transport();
        transport.cancelled = true; // its handler is yet to run

        acquire(transport);
        await().atMost(SOON).until(() -> state() != null);
        all.direct.settle();
        transport.cancelHandler.run();

        await().atMost(SOON).until(() -> state() == null && all.direct.watches.callCount() == 0);
        assertThat(transport.messages).hasValue(0);
    }

    /** The server's side of a call. */
    private static final class Transport extends ServerCallStreamObserver<AcquireLockResponse> {
        final CountDownLatch granted = new CountDownLatch(1);
        final AtomicInteger messages = new AtomicInteger();
        volatile boolean cancelsBehindGrant;
        volatile boolean cancelled;
        volatile Runnable cancelHandler = () -> {};

        @Override
        public void onNext(AcquireLockResponse message) {
            messages.incrementAndGet();
            if (message.hasGranted() && cancelsBehindGrant) {
                cancelled = true;
                cancelHandler.run();
                granted.countDown();
            }
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {
            cancelHandler = handler;
        }

        @Override
        public void setOnCloseHandler(Runnable handler) {}

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void onCompleted() {}

        @Override
        public void onError(Throwable error) {}

        @Override
        public void setOnReadyHandler(Runnable handler) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean enable) {}
    }
}

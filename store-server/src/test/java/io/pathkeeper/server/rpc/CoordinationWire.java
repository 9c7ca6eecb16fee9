package io.pathkeeper.server.rpc;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.pathkeeper.v1.AcquireLockRequest;
import io.pathkeeper.v1.AcquireLockResponse;
import io.pathkeeper.v1.CreateSessionRequest;
import io.pathkeeper.v1.ElectionServiceGrpc;
import io.pathkeeper.v1.LockRequest;
import io.pathkeeper.v1.LockServiceGrpc;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.SessionServiceGrpc;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The services for sessions, locks and elections on the wire, over a state without Raft. */
final class CoordinationWire implements AutoCloseable {
    final WireFixture wire;
    final DirectStore direct;

    CoordinationWire(Map<String, String> settings) throws IOException {
        wire = new WireFixture(settings);
        direct = wire.direct;
    }

    CoordinationWire() throws IOException {
        this(Map.of());
    }

    SessionServiceGrpc.SessionServiceBlockingStub sessions() {
        return SessionServiceGrpc.newBlockingStub(wire.channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    LockServiceGrpc.LockServiceBlockingStub locks() {
        return LockServiceGrpc.newBlockingStub(wire.channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    ElectionServiceGrpc.ElectionServiceBlockingStub elections() {
        return ElectionServiceGrpc.newBlockingStub(wire.channel).withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    /** Opens a session of a client that calls itself so. */
    SessionKey open(String identity) {
        return sessions()
                .createSession(CreateSessionRequest.newBuilder()
                        .setClientIdentity(identity)
                        .build())
                .getSession();
    }

    static LockRequest.Builder lock(String path, SessionKey session, String holder) {
        return LockRequest.newBuilder().setPath(path).setSession(session).setHolderId(holder);
    }

    /** Queues for a lock. */
    Stream<AcquireLockRequest, AcquireLockResponse> acquire(LockRequest.Builder lock) {
        Stream<AcquireLockRequest, AcquireLockResponse> stream = new Stream<>();
        LockServiceGrpc.newStub(wire.channel)
                .acquireLock(AcquireLockRequest.newBuilder().setLock(lock).build(), stream);
        return stream;
    }

    /** What a call answers, one thing at a time. */
    static final class Stream<Q, R> implements ClientResponseObserver<Q, R> {
        private static final Object END = "end";

        private final LinkedBlockingQueue<Object> events = new LinkedBlockingQueue<>();
        private final CountDownLatch begun = new CountDownLatch(1);
        private final int asked;
        private volatile @Nullable ClientCallStreamObserver<Q> call;

        Stream() {
            this(Integer.MAX_VALUE);
        }

        /** Reads so many messages and no more until {@link #readOn}. */
        Stream(int asked) {
            this.asked = asked;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<Q> requests) {
            call = requests;
            requests.disableAutoRequestWithInitial(asked);
            begun.countDown();
        }

        @Override
        public void onNext(R message) {
            events.add(message);
        }

        @Override
        public void onError(Throwable error) {
            events.add(error);
        }

        @Override
        public void onCompleted() {
            events.add(END);
        }

        /** Reads all that comes from now on. */
        void readOn() {
            java.util.Objects.requireNonNull(call).request(Integer.MAX_VALUE);
        }

        private Object take() {
            try {
                Object event = events.poll(10, TimeUnit.SECONDS);
                if (event == null) {
                    throw new AssertionError("nothing came within ten seconds");
                }
                return event;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @SuppressWarnings("unchecked")
        R next() {
            Object event = take();
            if (event == END || event instanceof Throwable) {
                throw new AssertionError("ended in place of a message: " + event);
            }
            return (R) event;
        }

        String endReason() {
            Object event = take();
            if (event instanceof StatusRuntimeException error) {
                return WireFixture.infoOf(error).getReason();
            }
            throw new AssertionError("no error: " + event);
        }

        void endsWell() {
            Object event = take();
            if (event != END) {
                throw new AssertionError("did not end well: " + event);
            }
        }

        boolean isQuiet() {
            return events.isEmpty();
        }

        void cancel() {
            ClientCallStreamObserver<Q> known = call;
            if (known != null) {
                known.cancel("planned", null);
            }
        }
    }

    @Override
    public void close() {
        wire.close();
    }
}

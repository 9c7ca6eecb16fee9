package io.pathkeeper.pathctl.warmup;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.v1.AcquireLockRequest;
import io.pathkeeper.v1.AcquireLockResponse;
import io.pathkeeper.v1.CloseSessionRequest;
import io.pathkeeper.v1.CloseSessionResponse;
import io.pathkeeper.v1.CreateSessionRequest;
import io.pathkeeper.v1.CreateSessionResponse;
import io.pathkeeper.v1.ListLocksRequest;
import io.pathkeeper.v1.ListLocksResponse;
import io.pathkeeper.v1.ListSessionsRequest;
import io.pathkeeper.v1.ListSessionsResponse;
import io.pathkeeper.v1.Lock;
import io.pathkeeper.v1.LockEntry;
import io.pathkeeper.v1.LockGranted;
import io.pathkeeper.v1.LockMode;
import io.pathkeeper.v1.LockServiceGrpc;
import io.pathkeeper.v1.Session;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.SessionServiceGrpc;
import java.util.List;

/** The sessions and locks of {@link WarmupServer}: every lock is granted at once. */
final class WarmupCoordination {
    private WarmupCoordination() {}

    static List<BindableService> services() {
        return List.of(new Sessions(), new Locks());
    }

    private static <T> void answer(StreamObserver<T> caller, T answer) {
        caller.onNext(answer);
        caller.onCompleted();
    }

    private static final class Sessions extends SessionServiceGrpc.SessionServiceImplBase {
        @Override
        public void createSession(CreateSessionRequest request, StreamObserver<CreateSessionResponse> caller) {
            answer(
                    caller,
                    CreateSessionResponse.newBuilder()
                            .setSession(SessionKey.newBuilder().setId(1).setSecret(ByteString.copyFromUtf8("secret")))
                            .setTimeoutMs(request.getTimeoutMs())
                            .setRevision(7)
                            .build());
        }

        @Override
        public void closeSession(CloseSessionRequest request, StreamObserver<CloseSessionResponse> caller) {
            answer(caller, CloseSessionResponse.newBuilder().setRevision(8).build());
        }

        @Override
        public void listSessions(ListSessionsRequest request, StreamObserver<ListSessionsResponse> caller) {
            Session session = Session.newBuilder()
                    .setId(1)
                    .setTimeoutMs(10_000)
                    .setAddress("127.0.0.1:1")
                    .build();
            answer(
                    caller,
                    ListSessionsResponse.newBuilder().addSessions(session).build());
        }
    }

    private static final class Locks extends LockServiceGrpc.LockServiceImplBase {
        @Override
        public void acquireLock(AcquireLockRequest request, StreamObserver<AcquireLockResponse> caller) {
            LockGranted granted = LockGranted.newBuilder().setToken(7).build();
            answer(caller, AcquireLockResponse.newBuilder().setGranted(granted).build());
        }

        @Override
        public void listLocks(ListLocksRequest request, StreamObserver<ListLocksResponse> caller) {
            LockEntry holder = LockEntry.newBuilder()
                    .setSessionId(1)
                    .setMode(LockMode.LOCK_MODE_EXCLUSIVE)
                    .setToken(7)
                    .build();
            answer(
                    caller,
                    ListLocksResponse.newBuilder()
                            .addLocks(Lock.newBuilder().setPath("/a").addHolders(holder))
                            .build());
        }
    }
}

package io.pathkeeper.it.coordination;

import com.google.common.util.concurrent.AsyncFunction;
import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.CreateSessionRequest;
import io.pathkeeper.v1.CreateSessionResponse;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.ZnodeKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Opens many sessions, and creates an ephemeral znode for each, with many calls under way at all servers in turn. Used by one thread. */
final class SessionOpening {
    private static final int UNDER_WAY = 256;
    private static final Duration CALL_LIMIT = Duration.ofSeconds(30);

    private final List<ServerStubs> servers;
    private final String parent;

    SessionOpening(List<ServerStubs> servers, String parent) {
        this.servers = servers;
        this.parent = parent;
    }

    /** Opens so many sessions and hands each on as soon as it is open, or the first would be over before the last is open. */
    List<SessionKey> open(int count, Duration timeout, Consumer<SessionKey> each) throws InterruptedException {
        ConcurrentLinkedQueue<SessionKey> opened = new ConcurrentLinkedQueue<>();
        AsyncFunction<CreateSessionResponse, SessionKey> note = answer -> {
            opened.add(answer.getSession());
            each.accept(answer.getSession());
            return Futures.immediateFuture(answer.getSession());
        };
        all(count, i -> {
            CreateSessionRequest request = CreateSessionRequest.newBuilder()
                    .setTimeoutMs(timeout.toMillis())
                    .setClientIdentity("load-" + i)
                    .build();
            return Futures.transformAsync(
                    server(i).sessionFutures(CALL_LIMIT).createSession(request), note, MoreExecutors.directExecutor());
        });
        return new ArrayList<>(opened);
    }

    /** Creates an ephemeral znode for each session. */
    void createEphemerals(List<SessionKey> sessions) throws InterruptedException {
        all(sessions.size(), i -> {
            SessionKey session = sessions.get(i);
            CreateRequest request = CreateRequest.newBuilder()
                    .setPath(MembersObserver.path(parent, session.getId(), 0))
                    .setKind(ZnodeKind.ZNODE_KIND_EPHEMERAL)
                    .setSession(session)
                    .build();
            return server(i).storeFutures(CALL_LIMIT).create(request);
        });
    }

    private ServerStubs server(int call) {
        return servers.get(call % servers.size());
    }

    private static void all(int count, IntFunction<ListenableFuture<?>> call) throws InterruptedException {
        Semaphore room = new Semaphore(UNDER_WAY);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        for (int i = 0; i < count && failure.get() == null; i++) {
            room.acquire();
            Futures.addCallback(
                    call.apply(i),
                    new FutureCallback<Object>() {
                        @Override
                        public void onSuccess(@Nullable Object answer) {
                            room.release();
                        }

                        @Override
                        public void onFailure(Throwable error) {
                            failure.compareAndSet(null, error);
                            room.release();
                        }
                    },
                    MoreExecutors.directExecutor());
        }
        room.acquire(UNDER_WAY);
        Throwable error = failure.get();
        if (error != null) {
            throw new IllegalStateException("a call failed: " + error.getMessage(), error);
        }
    }
}

package io.pathkeeper.client.memory;

import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.client.memory.MemoryLocks.Entry;
import io.pathkeeper.v1.AcquireLockRequest;
import io.pathkeeper.v1.AcquireLockResponse;
import io.pathkeeper.v1.GetLockRequest;
import io.pathkeeper.v1.GetLockResponse;
import io.pathkeeper.v1.ListLocksRequest;
import io.pathkeeper.v1.ListLocksResponse;
import io.pathkeeper.v1.Lock;
import io.pathkeeper.v1.LockEntry;
import io.pathkeeper.v1.LockGranted;
import io.pathkeeper.v1.LockQueued;
import io.pathkeeper.v1.LockServiceGrpc;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.ReleaseLockRequest;
import io.pathkeeper.v1.ReleaseLockResponse;
import io.pathkeeper.v1.TryAcquireLockRequest;
import io.pathkeeper.v1.TryAcquireLockResponse;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sessions, locks and elections at the wire. */
public final class CoordinationEndpoints {
    private final MemoryServer server;
    private final MemoryCluster cluster;
    final SessionEndpoint sessions;
    final LockEndpoint locks = new LockEndpoint();
    final ElectionEndpoint elections;
    /** Whether keep-alives are left without an answer. */
    public volatile boolean silent;
    /** Whether keep-alive streams are refused, as by a proxy that cannot carry them. */
    public volatile boolean refusesStreams;
    /** Whether what a broken stream leaves is taken back only by {@link #takeBackLate}. */
    public volatile boolean takesBackLate;
    /** How many streams break right behind the grant on them. */
    public final AtomicInteger grantsToBreak = new AtomicInteger();
    /** Messages that keep-alive streams have carried. */
    public final AtomicInteger streamKeepAlives = new AtomicInteger();
    /** Keep-alive streams that were ever opened. */
    public final AtomicInteger keepAliveStreams = new AtomicInteger();
    /** Single renewals that came. */
    public final AtomicInteger renewals = new AtomicInteger();

    private final ConcurrentLinkedQueue<Runnable> late = new ConcurrentLinkedQueue<>();

    CoordinationEndpoints(MemoryServer server) {
        this.server = server;
        this.cluster = server.cluster;
        this.sessions = new SessionEndpoint(server, this);
        this.elections = new ElectionEndpoint(server, this);
    }

    /** Takes back, as a server does that notices late, what broken streams have left. */
    public void takeBackLate() {
        Runnable task;
        while ((task = late.poll()) != null) {
            task.run();
        }
    }

    private void takeBack(String path, long sessionId, String holderId) {
        Runnable task = () -> cluster.change(() -> cluster.locks.remove(path, sessionId, holderId, 0));
        if (takesBackLate) {
            late.add(task);
        } else {
            task.run();
        }
    }

    /** A call that waits for a grant: looks behind every change. */
    final class Waiting<R> {
        private final ServerCallStreamObserver<R> out;
        private final String path;
        private final long sessionId;
        private final String holderId;
        private final LongFunction<R> queued;
        private final LongFunction<R> granted;
        private final boolean staysOpen;
        private final Runnable watcher = this::look;
        private int toldPosition = -1;
        private long token;

        Waiting(
                StreamObserver<R> out,
                String path,
                long sessionId,
                String holderId,
                boolean staysOpen,
                LongFunction<R> queued,
                LongFunction<R> granted) {
            this.out = (ServerCallStreamObserver<R>) out;
            this.path = path;
            this.sessionId = sessionId;
            this.holderId = holderId;
            this.staysOpen = staysOpen;
            this.queued = queued;
            this.granted = granted;
        }

        void start(Supplier<Entry> ask) {
            synchronized (cluster) {
                server.streams.add(out);
                out.setOnCancelHandler(() -> left());
                cluster.watchers.add(watcher);
                try {
                    cluster.change(ask);
                } catch (Refused e) {
                    end(e);
                }
            }
        }

        private void left() {
            cluster.watchers.remove(watcher);
            server.streams.remove(out);
            // What was told stays.
            if (token == 0) {
                takeBack(path, sessionId, holderId);
            }
        }

        private void end(Refused why) {
            cluster.watchers.remove(watcher);
            server.streams.remove(out);
            out.onError(StatusProto.toStatusRuntimeException(why.status));
        }

        private void look() {
            if (!server.streams.contains(out)) {
                // The test has broken the stream.
                cluster.watchers.remove(watcher);
                if (token == 0) {
                    takesBackSoon();
                }
                return;
            }
            Entry entry = cluster.locks.find(path, sessionId, holderId);
            if (entry == null) {
                if (!cluster.sessions.containsKey(sessionId)) {
                    end(Refused.precondition("SESSION_EXPIRED", "session " + sessionId));
                } else if (token != 0) {
                    end(Refused.precondition("LEADERSHIP_LOST", path));
                }
            } else if (entry.token != 0 && token == 0) {
                token = entry.token;
                out.onNext(granted.apply(token));
                if (grantsToBreak.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    cluster.watchers.remove(watcher);
                    server.streams.remove(out);
                    out.onError(Status.UNAVAILABLE.asRuntimeException());
                } else if (!staysOpen) {
                    cluster.watchers.remove(watcher);
                    server.streams.remove(out);
                    out.onCompleted();
                }
            } else if (entry.token == 0) {
                int position = cluster.locks.queues.get(path).waiters.indexOf(entry);
                if (position != toldPosition) {
                    toldPosition = position;
                    out.onNext(queued.apply(position));
                }
            }
        }

        private void takesBackSoon() {
            if (takesBackLate) {
                late.add(() -> cluster.change(() -> cluster.locks.remove(path, sessionId, holderId, 0)));
            } else {
                cluster.locks.remove(path, sessionId, holderId, 0);
            }
        }
    }

    private Entry ask(io.pathkeeper.v1.LockRequest lock) {
        long session = cluster.find(lock.getSession()).id();
        Entry entry = new Entry(
                session,
                lock.getHolderId(),
                lock.getMode(),
                lock.getPermits(),
                cluster.revision(),
                Payload.getDefaultInstance());
        return cluster.locks.queue(lock.getPath(), false, lock.getMaxPermits(), entry);
    }

    final class LockEndpoint extends LockServiceGrpc.LockServiceImplBase {
        @Override
        public void acquireLock(AcquireLockRequest r, StreamObserver<AcquireLockResponse> out) {
            io.pathkeeper.v1.LockRequest lock = r.getLock();
            new Waiting<>(
                            out,
                            lock.getPath(),
                            lock.getSession().getId(),
                            lock.getHolderId(),
                            false,
                            position -> AcquireLockResponse.newBuilder()
                                    .setQueued(LockQueued.newBuilder().setPosition(position))
                                    .build(),
                            token -> AcquireLockResponse.newBuilder()
                                    .setGranted(LockGranted.newBuilder().setToken(token))
                                    .build())
                    .start(() -> ask(lock));
        }

        /** Waits for nothing: what cannot be granted at once is not granted. */
        @Override
        public void tryAcquireLock(TryAcquireLockRequest r, StreamObserver<TryAcquireLockResponse> out) {
            server.answer(out, () -> {
                io.pathkeeper.v1.LockRequest lock = r.getLock();
                synchronized (cluster) {
                    Entry entry = cluster.change(() -> ask(lock));
                    if (entry.token == 0) {
                        cluster.change(() -> cluster.locks.remove(
                                lock.getPath(), lock.getSession().getId(), lock.getHolderId(), 0));
                    }
                    return TryAcquireLockResponse.newBuilder()
                            .setAcquired(entry.token != 0)
                            .setToken(entry.token)
                            .build();
                }
            });
        }

        @Override
        public void releaseLock(ReleaseLockRequest r, StreamObserver<ReleaseLockResponse> out) {
            server.answer(
                    out,
                    () -> cluster.change(() -> {
                        long session = cluster.find(r.getSession()).id();
                        if (r.getToken() < 0) {
                            throw new Refused(Status.Code.INVALID_ARGUMENT, "ARGUMENT_INVALID", r.getPath());
                        }
                        if (!cluster.locks.remove(r.getPath(), session, r.getHolderId(), r.getToken())) {
                            throw Refused.precondition("LOCK_NOT_HELD", r.getPath());
                        }
                        return ReleaseLockResponse.newBuilder()
                                .setRevision(cluster.revision())
                                .build();
                    }));
        }

        private LockEntry entry(Entry entry) {
            return LockEntry.newBuilder()
                    .setSessionId(entry.sessionId)
                    .setHolderId(entry.holderId)
                    .setMode(entry.mode)
                    .setPermits(entry.permits)
                    .setToken(entry.token)
                    .setQueuedRevision(entry.queuedRevision)
                    .build();
        }

        private Lock lock(String path, MemoryLocks.@Nullable Queue queue) {
            Lock.Builder lock = Lock.newBuilder().setPath(path);
            if (queue != null) {
                queue.holders.forEach(one -> lock.addHolders(entry(one)));
                queue.waiters.forEach(one -> lock.addWaiters(entry(one)));
                lock.setWaiterCount(queue.waiters.size())
                        .setMaxPermits(queue.maxPermits)
                        .setElection(queue.election);
            }
            return lock.build();
        }

        @Override
        public void getLock(GetLockRequest r, StreamObserver<GetLockResponse> out) {
            server.answer(out, () -> {
                synchronized (cluster) {
                    return GetLockResponse.newBuilder()
                            .setLock(lock(r.getPath(), cluster.locks.queues.get(r.getPath())))
                            .build();
                }
            });
        }

        @Override
        public void listLocks(ListLocksRequest r, StreamObserver<ListLocksResponse> out) {
            server.answer(out, () -> {
                synchronized (cluster) {
                    ListLocksResponse.Builder response = ListLocksResponse.newBuilder();
                    cluster.locks.queues.forEach((path, queue) -> response.addLocks(lock(path, queue)));
                    return response.build();
                }
            });
        }
    }
}

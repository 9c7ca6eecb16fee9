package io.pathkeeper.server.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.ReadRequest;
import io.pathkeeper.v1.BackupRequest;
import io.pathkeeper.v1.BackupResponse;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The backups that are under way: few, none whose reader has stopped reading, and all on one thread of their own, so that compressing them delays
 * no answer. Any thread.
 */
final class BackupCalls implements AutoCloseable {
    /** Each pins a state; what is written meanwhile is held twice. */
    static final int MOST = 2;

    private final StoreContext context;
    private final BackupSource source;
    private final long idleNanos;
    private final Set<BackupCall> calls = new HashSet<>();
    /** Its queue holds at most one task for each call; behind the stop nobody is answered any more. */
    private final ExecutorService worker = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            BackupCalls::thread,
            new ThreadPoolExecutor.DiscardPolicy());

    BackupCalls(StoreContext context, BackupSource source, long idleNanos) {
        this.context = context;
        this.source = source;
        this.idleNanos = idleNanos;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "backup");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        return thread;
    }

    /** Begins a backup, or refuses it. */
    void start(BackupRequest r, ServerCallStreamObserver<BackupResponse> observer) {
        try {
            ReadRequest options = FieldReader.readOptions(r.getOptions());
            BackupCall call = new BackupCall(observer, context.headers(), source, worker, this::ended);
            add(call);
            call.listen();
            context.meters().reads(StoreContext.readKind(options), 1);
            context.store().read(options, UnaryCall.deadlineNanos(context.defaultDeadlineNanos()), call);
        } catch (RejectedException e) {
            observer.onError(ErrorMapper.exception(e.rejection()));
        }
    }

    private synchronized void add(BackupCall call) {
        if (calls.size() >= MOST) {
            throw new RejectedException(Rejection.of(
                    RejectReason.OVERLOADED,
                    "this server has " + MOST
                            + " backups under way, which is its limit: wait for their end, or ask another server",
                    "limit",
                    Integer.toString(MOST)));
        }
        calls.add(call);
    }

    private synchronized void ended(BackupCall call) {
        calls.remove(call);
    }

    /** Ends the backups whose reader has taken nothing for too long. */
    void sweep(long nowNanos) {
        Set<BackupCall> now;
        synchronized (this) {
            now = Set.copyOf(calls);
        }
        now.forEach(call -> call.endWhenIdle(nowNanos, idleNanos));
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}

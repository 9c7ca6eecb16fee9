package io.pathkeeper.server.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.pathkeeper.server.backup.BackupHead;
import io.pathkeeper.server.backup.BackupStream;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.store.ViewListener;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.v1.BackupEnd;
import io.pathkeeper.v1.BackupInfo;
import io.pathkeeper.v1.BackupResponse;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One backup: pins the state when the read that stands in front of it is answered, and makes the next part only when the transport is ready, so that a
 * reader that stalls costs one part and the pinned state. Parts are made on the backup thread, one at a turn ({@link Turns}).
 *
 * <p>States: waiting for the read, sending, ended; it ends when all is sent, when the reader goes or stalls, or with a failure.
 */
final class BackupCall implements ViewListener {
    private static final int CHUNK_BYTES = 512 << 10;

    private final ServerCallStreamObserver<BackupResponse> observer;
    private final Headers headers;
    private final BackupSource source;
    private final Consumer<BackupCall> whenEnded;
    private final Turns turns;
    private final long startNanos = System.nanoTime();
    // written by the store and the timer
    private volatile boolean answered;
    private volatile @Nullable StoreFailure failure;
    private volatile boolean idle;
    private volatile long lastProgressNanos = startNanos;
    // owned by the backup thread
    private @Nullable BackupStream stream;
    private byte[] part = {};
    private int sent;
    private boolean ended;

    BackupCall(
            ServerCallStreamObserver<BackupResponse> observer,
            Headers headers,
            BackupSource source,
            Executor worker,
            Consumer<BackupCall> whenEnded) {
        this.observer = observer;
        this.headers = headers;
        this.source = source;
        this.whenEnded = whenEnded;
        turns = new Turns(worker, this::turn);
    }

    /** Listens to the transport; while the call is still being read. */
    void listen() {
        observer.setOnReadyHandler(turns::ask);
        observer.setOnCancelHandler(turns::ask);
    }

    @Override
    public void view(TreeView view) {
        answered = true;
        turns.ask();
    }

    @Override
    public void failed(StoreFailure why) {
        failure = why;
        turns.ask();
    }

    private void turn() {
        if (ended) {
            return;
        }
        StoreFailure why = failure;
        if (observer.isCancelled()) {
            finish(false);
        } else if (why != null) {
            end(ErrorMapper.exception(why, headers.leaderId()));
        } else if (answered && observer.isReady()) {
            send();
        }
        if (idle && !ended) {
            end(ErrorMapper.exception(slow()));
        }
    }

    private void send() {
        try {
            BackupStream running = stream;
            BackupResponse.Builder out = BackupResponse.newBuilder();
            if (running == null) {
                running = source.begin();
                stream = running;
                out.setHeader(headers.header(running.head().revision())).setInfo(info(running.head()));
            }
            if (sent == part.length) {
                byte[] next = running.next();
                if (next == null) {
                    complete(running);
                    return;
                }
                part = next;
                sent = 0;
            }
            ByteString chunk = UnsafeByteOperations.unsafeWrap(part, sent, Math.min(CHUNK_BYTES, part.length - sent));
            sent += chunk.size();
            source.meters().sent(chunk.size());
            lastProgressNanos = System.nanoTime();
            observer.onNext(out.setChunk(chunk).build());
            turns.ask();
        } catch (IOException | RuntimeException e) {
            end(Defects.report("a backup could not go on", e));
        }
    }

    private void complete(BackupStream running) {
        observer.onNext(BackupResponse.newBuilder()
                .setEnd(BackupEnd.newBuilder()
                        .setFileBytes(running.fileBytes())
                        .setSha256(ByteString.copyFrom(running.sha256())))
                .build());
        observer.onCompleted();
        finish(true);
    }

    private static BackupInfo info(BackupHead head) {
        return BackupInfo.newBuilder()
                .setFormatVersion(BackupHead.formatVersion())
                .setClusterId(head.clusterId())
                .setMemberId(head.memberId())
                .setServerVersion(head.serverVersion())
                .setRevision(head.revision())
                .setZnodeCount(head.znodeCount())
                .setCreatedAtMs(head.createdAtMillis())
                .build();
    }

    /** Ends the backup when its reader has taken nothing for too long. Any thread. */
    void endWhenIdle(long nowNanos, long idleNanos) {
        if (nowNanos - lastProgressNanos > idleNanos) {
            idle = true;
            turns.ask();
        }
    }

    private void end(StatusRuntimeException status) {
        finish(false);
        observer.onError(status);
    }

    private void finish(boolean complete) {
        ended = true;
        whenEnded.accept(this);
        BackupStream running = stream;
        stream = null;
        part = new byte[0];
        sent = 0;
        if (complete) {
            source.meters().finished(System.nanoTime() - startNanos);
        } else {
            source.meters().failed();
        }
        if (running != null) {
            running.close();
        }
    }

    private static Rejection slow() {
        return Rejection.of(
                RejectReason.SLOW_CONSUMER,
                "the backup was not read for a minute: start it again and read on as it comes");
    }
}

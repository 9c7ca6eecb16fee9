package io.pathkeeper.server.rpc;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.pathkeeper.server.acl.Verb;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.ReadRequest;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.store.StoreService;
import io.pathkeeper.server.store.ViewListener;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.ScanSubtreeRequest;
import io.pathkeeper.v1.ScanSubtreeResponse;
import io.pathkeeper.v1.ValueFormat;
import io.pathkeeper.v1.View;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * One scan of a subtree: walks the view that it began with and sends the next chunk only when the transport is ready, so that a reader
 * that stalls costs one chunk and the view. Chunks are built on the workers, by one at a time ({@link Turns}).
 */
final class ScanCall implements ViewListener {
    private static final int CHUNK_BYTES = 256 << 10;
    /** A worker gives way to other calls after so many chunks. */
    private static final int TURN = 8;
    /** A chunk ends behind so many znodes, whether or not they may be seen. */
    private static final int MAX_VISITS = 16_384;

    private final ServerCallStreamObserver<ScanSubtreeResponse> observer;
    private final StoreContext context;
    private final Access access = Access.current();
    private final ScanRegistry registry;
    private final ZnodePath top;
    private final View wanted;
    private final ValueFormat format;
    private final Turns turns;
    // written by the store and the timer
    private volatile @Nullable TreeView found;
    private volatile @Nullable StoreFailure failure;
    private volatile boolean idle;
    // owned by the worker whose turn it is
    private @Nullable Iterator<TreeView.Entry> entries;
    private boolean ended;
    private volatile long lastProgressNanos = System.nanoTime();

    private ScanCall(
            ScanSubtreeRequest r,
            ServerCallStreamObserver<ScanSubtreeResponse> observer,
            StoreContext context,
            ScanRegistry registry) {
        this.observer = observer;
        this.context = context;
        this.registry = registry;
        top = FieldReader.path(r.getPath());
        wanted = FieldReader.view(r.getView(), View.VIEW_FULL);
        format = FieldReader.format(r.getValueFormat());
        turns = new Turns(context.workers(), this::turn);
    }

    static void start(
            ScanSubtreeRequest r,
            ServerCallStreamObserver<ScanSubtreeResponse> observer,
            StoreContext context,
            ScanRegistry registry) {
        try {
            ReadRequest options = FieldReader.readOptions(r.getOptions());
            ScanCall call = new ScanCall(r, observer, context, registry);
            registry.add(call);
            observer.setOnReadyHandler(call.turns::ask);
            observer.setOnCancelHandler(() -> registry.remove(call));
            context.meters().reads(StoreContext.readKind(options), 1);
            context.store().read(options, UnaryCall.deadlineNanos(context.defaultDeadlineNanos()), call);
        } catch (RejectedException e) {
            observer.onError(ErrorMapper.exception(e.rejection()));
        }
    }

    @Override
    public void view(TreeView view) {
        found = view;
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
        TreeView view = found;
        StoreFailure why = failure;
        if (why != null) {
            end(ErrorMapper.exception(why, context.headers().leaderId()));
        } else if (view != null) {
            walk(view);
        }
        if (idle && !ended) {
            end(ErrorMapper.exception(slow()));
        }
    }

    private void walk(TreeView view) {
        Iterator<TreeView.Entry> walk = entries;
        if (walk == null) {
            if (view.find(top) == null) {
                end(ErrorMapper.exception(StoreService.notFound(top, view.revision())));
                return;
            }
            walk = view.scan(top);
            entries = walk;
        }
        for (int chunks = 0; !ended && observer.isReady(); chunks++) {
            if (chunks == TURN) {
                turns.ask();
                return;
            }
            chunk(view, walk);
        }
    }

    private void chunk(TreeView source, Iterator<TreeView.Entry> walk) {
        if (observer.isCancelled()) {
            ended = true;
            registry.remove(this);
            return;
        }
        ScanSubtreeResponse.Builder out = ScanSubtreeResponse.newBuilder()
                .setHeader(context.headers().header(source.revision()))
                .setRevision(source.revision());
        try {
            long bytes = 0;
            boolean all = access.mayBelow(Verb.READ, top);
            int visits = MAX_VISITS;
            while (bytes < CHUNK_BYTES && visits-- > 0 && walk.hasNext()) {
                TreeView.Entry entry = walk.next();
                if (!all && !access.may(Verb.READ, entry.path())) {
                    continue;
                }
                var znode = Stats.znode(entry.path(), entry.znode(), wanted, format, context.owners());
                bytes += znode.getSerializedSize() + 8;
                TreeReads.checkSize(bytes, "scan with another value_format");
                out.addZnodes(znode);
            }
        } catch (RejectedException e) {
            end(ErrorMapper.exception(e.rejection()));
            return;
        } catch (RuntimeException e) {
            end(Defects.report("a scan could not go on", e));
            return;
        }
        boolean last = !walk.hasNext();
        lastProgressNanos = System.nanoTime();
        observer.onNext(out.setLast(last).build());
        if (last) {
            ended = true;
            registry.remove(this);
            observer.onCompleted();
        }
    }

    /** Ends the scan when its reader has taken nothing for too long. Any thread. */
    void endWhenIdle(long nowNanos, long idleNanos) {
        if (nowNanos - lastProgressNanos > idleNanos) {
            idle = true;
            turns.ask();
        }
    }

    private void end(StatusRuntimeException status) {
        ended = true;
        registry.remove(this);
        observer.onError(status);
    }

    private static Rejection slow() {
        return Rejection.of(
                RejectReason.SLOW_CONSUMER, "the scan was not read for a minute: start again and read on as it comes");
    }
}

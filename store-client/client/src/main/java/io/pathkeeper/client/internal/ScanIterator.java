package io.pathkeeper.client.internal;

import io.pathkeeper.client.SubtreeIterator;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.model.ScanChunk;
import io.pathkeeper.client.model.Znode;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Reads a scan chunk by chunk: the next one is asked for when one is begun. Callbacks put in, one other thread takes out; the queue holds
 * one chunk and one end at most, since no more is asked for.
 */
final class ScanIterator implements SubtreeIterator, Flow.Subscriber<ScanChunk> {
    private record End(@Nullable Throwable error) {}

    private final BlockingQueue<Object> arrived = new LinkedBlockingQueue<>();
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean closed;
    private Iterator<Znode> chunk = Collections.emptyIterator();
    private @Nullable End end;
    private long revision;

    @Override
    public void onSubscribe(Flow.Subscription started) {
        subscription = started;
        if (closed) {
            started.cancel();
        } else {
            started.request(1);
        }
    }

    @Override
    public void onNext(ScanChunk next) {
        arrived.add(next);
    }

    @Override
    public void onError(Throwable error) {
        arrived.add(new End(error));
    }

    @Override
    public void onComplete() {
        arrived.add(new End(null));
    }

    @Override
    public boolean hasNext() {
        while (!chunk.hasNext()) {
            if (closed) {
                return false;
            }
            End known = end;
            if (known != null) {
                throwIfFailed(known);
                return false;
            }
            take();
        }
        return true;
    }

    private void take() {
        BlockingStore.refuseInCallback();
        Object next;
        try {
            next = arrived.take();
        } catch (InterruptedException e) {
            throw BlockingStore.interrupted(e);
        }
        if (next instanceof ScanChunk scanned) {
            revision = scanned.revision();
            chunk = scanned.znodes().iterator();
            Flow.Subscription running = subscription;
            if (running != null) {
                running.request(1);
            }
        } else {
            end = (End) next;
        }
    }

    private static void throwIfFailed(End known) {
        if (known.error() instanceof PathkeeperException failure) {
            failure.fillInStackTrace();
            throw failure;
        } else if (known.error() != null) {
            throw new IllegalStateException("the scan failed in an unknown way", known.error());
        }
    }

    @Override
    public Znode next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the scan is at its end");
        }
        return chunk.next();
    }

    @Override
    public long revision() {
        if (revision == 0 && !hasNext()) {
            throw new NoSuchElementException("the scan has ended before its first part");
        }
        return revision;
    }

    @Override
    public void close() {
        closed = true;
        chunk = Collections.emptyIterator();
        Flow.Subscription running = subscription;
        if (running != null) {
            running.cancel();
        }
    }
}

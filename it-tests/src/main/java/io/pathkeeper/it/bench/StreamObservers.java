package io.pathkeeper.it.bench;

import io.grpc.ManagedChannel;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Observers that are gRPC streams, dealt out to connections in turn, which are dealt out to the servers.
 *
 * <p>Life: made for one trial, {@link #open} once, closed at the end. What a stream brings comes in the transport's threads.
 */
final class StreamObservers implements Observers {
    private static final long STAND_SECONDS = 120;

    /** Opens one stream. */
    @FunctionalInterface
    interface Opening {
        /** Opens a stream over a connection; it tells the observers what becomes of it. */
        void open(ManagedChannel channel, StreamObservers observers);
    }

    private final Connections connections;
    private final Sink sink;
    private final CountDownLatch standing;
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
    private volatile boolean closing;

    private StreamObservers(Connections connections, int count, Sink sink) {
        this.connections = connections;
        this.sink = sink;
        this.standing = new CountDownLatch(count);
    }

    /**
     * Opens them and waits until all stand.
     *
     * @throws IllegalStateException when one does not
     */
    static StreamObservers open(List<String> addresses, int count, int connections, Sink sink, Opening opening)
            throws InterruptedException {
        StreamObservers observers = new StreamObservers(new Connections(addresses, connections), count, sink);
        List<ManagedChannel> channels = observers.connections.all();
        for (int i = 0; i < count; i++) {
            opening.open(channels.get(i % channels.size()), observers);
        }
        boolean stand = observers.standing.await(STAND_SECONDS, TimeUnit.SECONDS);
        String error = observers.failure.get();
        if (!stand || error != null) {
            observers.close();
            throw new IllegalStateException(
                    error != null
                            ? "an observer did not come to stand: " + error
                            : observers.standing.getCount() + " of " + count + " observers did not stand within "
                                    + STAND_SECONDS + " s");
        }
        return observers;
    }

    /** A stream stands. */
    void stands() {
        standing.countDown();
    }

    /** A stream brought a value. */
    void changed(byte[] value) {
        sink.changed(value);
    }

    /** A stream is over. */
    void over(String why) {
        if (!closing) {
            failure.compareAndSet(null, why);
            standing.countDown();
            sink.broken(why);
        }
    }

    @Override
    public void close() {
        closing = true;
        connections.close();
    }
}

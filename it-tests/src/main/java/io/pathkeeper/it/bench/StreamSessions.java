package io.pathkeeper.it.bench;

import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that are renewed over gRPC streams, one stream for each connection, by a thread that gives each message its turn within a third of the timeout.
 *
 * <p>Invariant: messages without an answer are never more than there are messages in a third of the timeout. Life: made, {@link #open}, {@link #silence}, closed.
 *
 * @param <K> what names a session when it is renewed
 */
final class StreamSessions<K> implements SessionCrowd {
    private static final long OPEN_SECONDS = 120;

    /** What the store understands. */
    interface Protocol<K> {
        /** Opens a session; calls back once, with the session or an error. */
        void open(ManagedChannel channel, Opened<K> opened);

        /** Opens a stream for renewals; tells the sink what comes back. */
        Renewing<K> renewals(ManagedChannel channel, Sink sink);

        /** How many sessions the store has. */
        int count(ManagedChannel channel);
    }

    /** Is told how an opening ended. */
    @FunctionalInterface
    interface Opened<K> {
        /** Exactly one of the two is null. */
        void ended(@Nullable K session, @Nullable String error);
    }

    /** The sending end of a stream; used by one thread. */
    @FunctionalInterface
    interface Renewing<K> {
        /** Sends one message for some sessions. */
        void renew(List<K> sessions);
    }

    /** Takes what streams bring; called by many threads. */
    interface Sink {
        /**
         * A message was answered.
         *
         * @param living its sessions that live
         * @param over its sessions that are over
         * @param why one of them is over; empty when none is
         */
        void answered(int living, int over, String why);

        /** A stream is over. */
        void broken(String error);
    }

    private final Protocol<K> protocol;
    private final Connections connections;
    private final int perMessage;
    private final long intervalNanos;
    private final int before;
    private final AtomicLong renewed = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicReference<@Nullable String> firstLoss = new AtomicReference<>();
    private final Thread thread = new Thread(this::renewAll, "renewals");
    private volatile AtomicReferenceArray<@Nullable K> sessions = new AtomicReferenceArray<>(0);
    private volatile boolean stopping;

    /**
     * Describes them.
     *
     * @param timeout of each
     * @param perMessage sessions that one message renews
     */
    StreamSessions(Protocol<K> protocol, Connections connections, Duration timeout, int perMessage) {
        this.protocol = protocol;
        this.connections = connections;
        this.perMessage = perMessage;
        this.intervalNanos = timeout.toNanos() / 3;
        this.before = protocol.count(connections.to(0));
        thread.setDaemon(true);
    }

    @Override
    public void open(int count) throws InterruptedException {
        AtomicReferenceArray<@Nullable K> opened = new AtomicReferenceArray<>(count);
        sessions = opened;
        thread.start();
        List<ManagedChannel> channels = connections.all();
        Semaphore room = new Semaphore(OPENING);
        AtomicReference<@Nullable String> failure = new AtomicReference<>();
        for (int i = 0; i < count && failure.get() == null; i++) {
            acquire(room, 1);
            int place = i;
            protocol.open(channels.get(i / perMessage % channels.size()), (session, error) -> {
                if (error != null) {
                    failure.compareAndSet(null, error);
                } else {
                    opened.set(place, session);
                }
                room.release();
            });
        }
        acquire(room, OPENING);
        String error = failure.get();
        if (error != null) {
            throw new IllegalStateException("a session was not opened: " + error);
        }
    }

    private static void acquire(Semaphore room, int permits) throws InterruptedException {
        if (!room.tryAcquire(permits, OPEN_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("sessions were not opened within " + OPEN_SECONDS + " s");
        }
    }

    private void renewAll() {
        List<Renewing<K>> streams = new ArrayList<>();
        Sink sink = new Sink() {
            @Override
            public void answered(int living, int over, String why) {
                answered.incrementAndGet();
                renewed.addAndGet(living);
                if (over > 0) {
                    lose(over, "the store says: " + why);
                }
            }

            @Override
            public void broken(String error) {
                lose(1, error);
            }
        };
        for (ManagedChannel channel : connections.all()) {
            streams.add(protocol.renewals(channel, sink));
        }
        int messages = (sessions.length() + perMessage - 1) / perMessage;
        Turns turns = new Turns(messages, intervalNanos, System.nanoTime());
        try {
            while (!stopping) {
                int message = sent.get() - answered.get() < messages ? turns.next(System.nanoTime()) : -1;
                if (message < 0) {
                    TimeUnit.MILLISECONDS.sleep(1);
                } else {
                    send(streams.get(message % streams.size()), message);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // silenced
        }
    }

    private void send(Renewing<K> stream, int message) {
        List<K> some = new ArrayList<>(perMessage);
        for (int i = message * perMessage; i < Math.min(sessions.length(), (message + 1) * perMessage); i++) {
            K session = sessions.get(i);
            if (session != null) {
                some.add(session);
            }
        }
        if (!some.isEmpty()) {
            sent.incrementAndGet();
            stream.renew(some);
        }
    }

    private void lose(int count, String why) {
        if (!stopping) {
            lost.addAndGet(count);
            firstLoss.compareAndSet(null, why);
        }
    }

    @Override
    public long renewedCount() {
        return renewed.get();
    }

    @Override
    public long lostCount() {
        return lost.get();
    }

    @Override
    public String firstLoss() {
        String why = firstLoss.get();
        return why == null ? "" : why;
    }

    @Override
    public void silence() throws InterruptedException {
        stopping = true;
        thread.interrupt();
        thread.join();
    }

    @Override
    public int aliveCount() {
        return Math.max(0, protocol.count(connections.to(0)) - before);
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        connections.close();
    }
}

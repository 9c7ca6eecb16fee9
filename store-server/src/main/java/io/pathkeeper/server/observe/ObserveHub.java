package io.pathkeeper.server.observe;

import io.pathkeeper.server.metrics.ObserveMeters;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.state.RevisionChanges;
import io.pathkeeper.server.store.AppliedState;
import io.pathkeeper.server.store.ChangeSink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * All observers of one server.
 *
 * <p>Life: made before the state, which reports to it; {@link #start} when the state is there; {@link #close}. {@link #published}
 * and {@link #replaced} belong to the apply thread: they leave a mark and wake the loops, and never wait. Everything else may be
 * called from any thread.
 */
public final class ObserveHub implements ChangeSink, AutoCloseable {
    private static final int MARKS = 1 << 13;

    private final ObserveLimits limits;
    private final ObserveMeters meters;
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicLong ids = new AtomicLong();
    private final AtomicLongArray publishedNanos = new AtomicLongArray(MARKS);
    private final LongSupplier nanoClock;
    private volatile long foundedRevision;
    private volatile List<ObserveLoop> loops = List.of();
    private volatile long publishedRevision;
    private volatile int replacements;
    private volatile boolean closed;

    /**
     * Makes a hub.
     *
     * @param nanoClock monotonic, as {@link System#nanoTime}
     */
    public ObserveHub(ObserveLimits limits, ObserveMeters meters, LongSupplier nanoClock) {
        this.limits = limits;
        this.meters = meters;
        this.nanoClock = nanoClock;
    }

    /**
     * The cluster began with the state of another one, at this revision: who asks for one at or below it is told so. Before {@link #start}.
     */
    public void foundedAt(long revision) {
        foundedRevision = revision;
    }

    /** Revision that the cluster began with; 0 when it began empty. */
    long foundedRevision() {
        return foundedRevision;
    }

    /**
     * Starts the loops. Once.
     *
     * @param state where views and the history are read; shows a change before {@link #published} tells of it
     * @param encoder makes the frames
     */
    public void start(AppliedState state, FrameEncoder encoder) {
        open(state, encoder);
        loops.forEach(ObserveLoop::start);
    }

    /** Makes the loops without threads, for tests that call {@link #pass}. */
    void open(AppliedState state, FrameEncoder encoder) {
        if (!loops.isEmpty()) {
            throw new IllegalStateException("the hub of the observers is started already");
        }
        List<ObserveLoop> made = new ArrayList<>();
        for (int i = 0; i < limits.loops(); i++) {
            made.add(new ObserveLoop(this, i, state, encoder, meters));
        }
        loops = List.copyOf(made);
    }

    /**
     * Starts an observation. Returns at once; all that happens is told to the transport. When too many observations are there
     * already, the transport is failed with OVERLOADED, after {@link #close} with SHUTTING_DOWN, at once.
     *
     * @return for signals of the transport
     */
    public Subscription observe(ObserveOptions options, ObserverTransport transport) {
        ObserveLoop loop = leastLoaded();
        Subscription subscription = new Subscription(ids.incrementAndGet(), options, transport, loop);
        if (closed) {
            subscription.refused();
            transport.fail(shuttingDown());
        } else if (streams.incrementAndGet() > limits.maxStreams()) {
            streams.decrementAndGet();
            subscription.refused();
            transport.fail(Rejection.of(
                    RejectReason.OVERLOADED,
                    "this server has " + limits.maxStreams()
                            + " observations already, which is the limit: use another server, or one observation with several"
                            + " targets",
                    "limit",
                    Integer.toString(limits.maxStreams())));
        } else {
            loop.countAssigned(1);
            subscription.signalRegistered();
        }
        return subscription;
    }

    private ObserveLoop leastLoaded() {
        List<ObserveLoop> all = loops;
        if (all.isEmpty()) {
            throw new IllegalStateException("the hub of the observers is not started");
        }
        ObserveLoop best = all.get(0);
        for (ObserveLoop loop : all) {
            best = loop.assigned() < best.assigned() ? loop : best;
        }
        return best;
    }

    static Rejection shuttingDown() {
        return Rejection.of(
                RejectReason.SHUTTING_DOWN,
                "this server is shutting down: observe on another server, from where you were");
    }

    @Override
    public void published(List<RevisionChanges> changes) {
        long now = nanoClock.getAsLong();
        for (int i = 0; i < changes.size(); i++) {
            publishedNanos.lazySet((int) changes.get(i).revision() & (MARKS - 1), now);
        }
        publishedRevision = changes.get(changes.size() - 1).revision();
        if (isObserved()) {
            wakeAll();
        }
    }

    @Override
    public boolean isObserved() {
        return streams.get() > 0;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // the apply thread is the only writer
    public void replaced() {
        replacements++;
        wakeAll();
    }

    private void wakeAll() {
        List<ObserveLoop> all = loops;
        for (int i = 0; i < all.size(); i++) {
            all.get(i).wake();
        }
    }

    /** Ends every observation with SHUTTING_DOWN and stops the threads. */
    @Override
    public void close() {
        closed = true;
        loops.forEach(ObserveLoop::stop);
    }

    /** Observations now. */
    public int streamCount() {
        return streams.get();
    }

    /** Targets of all observations now. */
    public long targetCount() {
        return loops.stream().mapToLong(ObserveLoop::targetCount).sum();
    }

    /** Events that wait for their observers now. */
    public long pendingEvents() {
        return loops.stream().mapToLong(ObserveLoop::pendingEvents).sum();
    }

    /**
     * Checks that the books of all loops are right; for tests and diagnosis.
     *
     * @return completes on a loop's thread with what is wrong, empty when nothing is
     */
    public CompletableFuture<List<String>> checkInvariants() {
        CompletableFuture<List<String>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (ObserveLoop loop : loops) {
            all = all.thenCombine(loop.checkInvariants(), (some, more) -> {
                some.addAll(more);
                return some;
            });
        }
        return all;
    }

    /** One round of every loop, for tests that call {@link #open} alone; whether anything was done. */
    boolean pass() {
        boolean busy = false;
        for (ObserveLoop loop : loops) {
            busy |= loop.pass();
        }
        return busy;
    }

    ObserveLimits limits() {
        return limits;
    }

    long now() {
        return nanoClock.getAsLong();
    }

    long publishedRevision() {
        return publishedRevision;
    }

    int replacements() {
        return replacements;
    }

    /** Nanoseconds since a revision was published here, or -1 when that is not known any more. */
    long sincePublished(long revision, long now) {
        if (revision <= publishedRevision - MARKS || revision > publishedRevision) {
            return -1;
        }
        return now - publishedNanos.get((int) revision & (MARKS - 1));
    }

    void streamEnded() {
        streams.decrementAndGet();
    }
}

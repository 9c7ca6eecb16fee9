package io.pathkeeper.client.internal;

import io.grpc.Metadata;
import io.grpc.Status;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.v1.PipelineOperation;
import io.pathkeeper.v1.PipelineRequest;
import io.pathkeeper.v1.PipelineResponse;
import io.pathkeeper.v1.PipelineResult;
import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries all reads and writes of one client, in their order, over one stream. The client's I/O thread owns all of it, so that what a
 * call and its answer need is done where they are written and read, without a change of threads: callers push operations onto the inbox,
 * the connections push events, and a turn takes what has come, sends what waits as one message, settles what is answered and keeps the
 * time. Nothing waits for a message to fill, and no turn blocks.
 *
 * <p>Life: {@link #start}, any number of {@link #submit}, {@link #close}. After its end every operation fails at once.
 */
final class PipelineEngine implements PipelineStream.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(PipelineEngine.class);
    private static final long MIN_STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** How often calls that wait for a server that refuses are looked at. */
    private static final long REFUSED_TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final PendingOperation<?> CLOSED = new ClosedMark();

    private final String clientId;
    private final ClientSettings settings;
    private final SeenRevision seen;
    private final Refusals refusing;
    private final OutstandingBudget budget;
    private final Completions completions;
    private final OperationQueues queues;
    private final PipelineConnection connection;
    private final Transport transport;
    private final long stallNanos;
    private final AtomicReference<@Nullable PendingOperation<?>> inbox = new AtomicReference<>();
    private final ConcurrentLinkedQueue<Runnable> events = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<PendingOperation<?>> arrived = new ArrayDeque<>();
    private final Backoff refusals = new Backoff();
    /** A turn is on its way to the I/O thread and has not begun. */
    private final AtomicBoolean turnDue = new AtomicBoolean();

    private final AtomicBoolean over = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean closing;

    // Owned by the I/O thread.
    private @Nullable Future<?> timer;
    private long timerAtNanos;
    private long pausedUntilNanos = System.nanoTime();
    private long expireAtNanos = System.nanoTime();
    private @Nullable PipelineStream introduced;

    PipelineEngine(
            String clientId,
            ClientSettings settings,
            SeenRevision seen,
            Transport transport,
            ServerDirectory directory,
            Refusals refusals,
            Callbacks callbacks) {
        this.clientId = clientId;
        this.settings = settings;
        this.seen = seen;
        this.refusing = refusals;
        this.budget = new OutstandingBudget(settings.maxOutstanding(), settings.maxOutstandingBytes());
        this.completions = new Completions(callbacks, budget);
        this.queues = new OperationQueues(completions);
        this.connection =
                new PipelineConnection(transport, directory, settings.preferLeader(), this, this::executeOnEngine);
        this.stallNanos = Math.max(MIN_STALL_NANOS, settings.requestTimeout().toNanos() / 2);
        this.transport = transport;
    }

    void start() {
        wake();
    }

    /**
     * Takes an operation from a caller; its future tells the rest. Waits only when the client was built to wait for room.
     *
     * @throws PathkeeperException when there is no room; nothing was sent
     */
    void submit(PendingOperation<?> operation) {
        if (!budget.tryTake(operation.sizeBytes)) {
            awaitRoom(operation);
        }
        PendingOperation<?> head;
        do {
            head = inbox.get();
            if (head == CLOSED) {
                budget.release(operation.sizeBytes);
                throw Errors.closed(operation.outcomeWithoutAnswer());
            }
            operation.next = head;
        } while (!inbox.compareAndSet(head, operation));
        if (head == null) {
            wake();
        }
    }

    /** Has the I/O thread make a turn behind what it does now. */
    private void wake() {
        if (!turnDue.getAndSet(true) && !transport.execute(this::runTurn)) {
            end(); // the I/O thread has ended, and nothing of the engine runs any more
        }
    }

    private void awaitRoom(PendingOperation<?> operation) {
        boolean room = false;
        // A callback that waited would keep the answers from being taken that make room.
        if (settings.blockWhenFull() && !Callbacks.inCallback()) {
            try {
                room = budget.take(operation.sizeBytes, operation.deadlineNanos);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (!room) {
            throw Errors.overloaded(
                    budget.count(), budget.bytes(), settings.maxOutstanding(), settings.maxOutstandingBytes());
        }
    }

    @Override
    public void onReady(PipelineStream stream) {
        refusing.reached();
        executeOnEngine(() -> connection.onReady(stream, System.nanoTime()));
    }

    @Override
    public void onResponse(PipelineStream stream, PipelineResponse response) {
        executeOnEngine(() -> response(stream, response));
    }

    @Override
    public void onClosed(PipelineStream stream, Status status, Metadata trailers) {
        executeOnEngine(() -> {
            Errors.WireError error = Errors.of(status, trailers);
            if (!stream.ready && error.unreachable()) {
                refusing.refused(stream.address, error.message());
            }
            if (connection.onClosed(stream, error, System.nanoTime())) {
                LOG.debug("the stream broke address={} status={}", stream.address, status);
                if (error.refusesCaller()) {
                    queues.refuseAll(error);
                } else {
                    broken(error);
                }
            }
        });
    }

    private void executeOnEngine(Runnable event) {
        events.add(event);
        wake();
    }

    private void runTurn() {
        turnDue.set(false); // what comes from now on has a turn of its own, if it is not taken by this one
        if (closing) {
            end();
            return;
        }
        try {
            turn();
        } catch (RuntimeException | Error e) {
            LOG.error("the engine of the client failed, the client is closed", e);
            closing = true;
            end();
        }
    }

    private void turn() {
        Runnable event;
        while ((event = events.poll()) != null) {
            event.run();
        }
        takeInbox();
        long now = System.nanoTime();
        Errors.WireError gaveUp = connection.tick(now, queues.nothingInFlight(), queues.canSend());
        if (gaveUp != null) {
            broken(gaveUp);
        }
        retryRefused(now);
        checkStall(now);
        send(now);
        if (now - expireAtNanos >= 0) {
            long left = queues.expire(now);
            expireAtNanos = left == Long.MAX_VALUE ? now + TimeUnit.MINUTES.toNanos(10) : now + left;
        }
        Errors.WireError nobody = refusing.error();
        if (nobody != null) {
            queues.failRefused(operation -> refusing.left(operation.begunNanos()) <= 0, nobody);
        }
        completions.flush();
        setTimer();
    }

    /** Has a turn made when something is due by its time; one that is too early finds nothing to do. */
    private void setTimer() {
        long now = System.nanoTime();
        long left = nanosToNextTurn(now);
        Future<?> set = timer;
        if (set != null && timerAtNanos - now <= left) {
            return;
        }
        if (set != null) {
            set.cancel(false);
        }
        timerAtNanos = now + left;
        timer = transport.scheduleNanos(this::timeIsUp, left);
    }

    private void timeIsUp() {
        timer = null;
        runTurn();
    }

    private void takeInbox() {
        PendingOperation<?> operation = inbox.getAndSet(null);
        while (operation != null) {
            arrived.push(operation);
            PendingOperation<?> older = operation.next;
            operation.next = null;
            operation = older;
        }
        while ((operation = arrived.poll()) != null) {
            queues.add(operation);
            if (operation.deadlineNanos - expireAtNanos < 0) {
                expireAtNanos = operation.deadlineNanos;
            }
        }
    }

    private void send(long now) {
        PipelineStream stream = connection.current();
        if (stream == null || !connection.takesOperations(now) || now - pausedUntilNanos < 0) {
            return;
        }
        while (queues.canSend() && stream.isWritable()) {
            if (queues.nothingInFlight()) {
                stream.lastReceivedNanos = now;
            }
            PipelineRequest message = queues.nextMessage(
                    introduced == stream ? "" : clientId, settings.monotonicReads() ? seen.get() : 0);
            if (message == null) {
                return;
            }
            introduced = stream;
            stream.send(message);
        }
    }

    private void response(PipelineStream stream, PipelineResponse response) {
        if (stream != connection.current()) {
            return;
        }
        long now = System.nanoTime();
        stream.lastReceivedNanos = now;
        stream.answered = true;
        seen.advance(response.getHeader().getRevision());
        connection.onHeader(stream, response.getHeader(), now);
        if (queues.answered(response)) {
            if (!queues.hasRefused()) {
                refusals.reset();
            }
            stream.requestOne();
        } else {
            LOG.warn(
                    "the server answered something that was not asked, the stream is given up address={}",
                    stream.address);
            broken(connection.abandon("the answers of " + stream.address + " are out of order", now));
        }
    }

    /** Everything behind the refused operations is answered: sends them again after a while, elsewhere if the server cannot do it. */
    private void retryRefused(long now) {
        if (!queues.hasRefused() || !queues.nothingInFlight()) {
            return;
        }
        Errors.WireError last = queues.takeRefused();
        if (last == null) {
            return;
        }
        long delay = Math.max(refusals.nextMillis(1), last.retryDelayMillis());
        pausedUntilNanos = now + TimeUnit.MILLISECONDS.toNanos(Math.min(delay, 5_000));
        if (!last.overloaded()) {
            connection.abandon(last.message(), now);
        }
    }

    private void checkStall(long now) {
        PipelineStream stream = connection.current();
        if (stream != null && !queues.nothingInFlight() && now - stream.lastReceivedNanos > stallNanos) {
            long millis = TimeUnit.NANOSECONDS.toMillis(stallNanos);
            broken(connection.abandon(stream.address + " has not answered for " + millis + " ms", now));
        }
    }

    private void broken(Errors.WireError error) {
        queues.streamBroken(error);
        queues.noteTrouble(error);
    }

    private long nanosToNextTurn(long now) {
        long left = Math.min(connection.nanosToNextTick(now, queues.canSend()), expireAtNanos - now);
        PipelineStream stream = connection.current();
        if (stream != null && !queues.nothingInFlight()) {
            left = Math.min(left, stream.lastReceivedNanos + stallNanos - now);
        }
        if (refusing.any() && queues.canSend()) {
            left = Math.min(left, REFUSED_TURN_NANOS);
        }
        if (queues.canSend() && pausedUntilNanos - now > 0) {
            left = Math.min(left, pausedUntilNanos - now);
        }
        // A turn too early is harmless, one too late is not; a turn without a pause would burn a core.
        return Math.max(left, TimeUnit.MICROSECONDS.toNanos(100));
    }

    /** Fails what is left and refuses what comes. */
    private void end() {
        if (over.getAndSet(true)) {
            return;
        }
        Future<?> set = timer;
        if (set != null) {
            set.cancel(false);
        }
        PendingOperation<?> operation = inbox.getAndSet(CLOSED);
        while (operation != null) {
            arrived.push(operation);
            operation = operation.next;
        }
        while ((operation = arrived.poll()) != null) {
            queues.add(operation);
        }
        queues.close();
        completions.flush();
        connection.close();
        ended.countDown();
    }

    /** Ends the engine; waits for its end for a moment unless told not to, as the I/O thread must not. */
    void close(boolean wait) {
        closing = true;
        wake();
        if (wait) {
            try {
                if (!ended.await(2, TimeUnit.SECONDS)) {
                    LOG.debug("the engine of the client has not ended within 2 s");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Stands in the inbox when the engine has ended. */
    private static final class ClosedMark extends PendingOperation<Void> {
        ClosedMark() {
            super("", false, PipelineOperation.getDefaultInstance(), 0);
        }

        @Override
        void encode(PipelineOperation.Builder operation, long seenRevision) {
            throw new IllegalStateException("the engine has ended");
        }

        @Override
        boolean accepts(PipelineResult.ResultCase kind) {
            return false;
        }

        @Override
        @SuppressWarnings("NullAway")
        Void decode(PipelineResult result, long headerRevision) {
            throw new IllegalStateException("the engine has ended");
        }
    }
}

package io.pathkeeper.server.raft;

import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.metrics.RaftMeters;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.store.ProposalListener;
import io.pathkeeper.server.store.ProposalTimes;
import io.pathkeeper.server.store.Proposer;
import io.pathkeeper.server.store.StoreFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the commands of this server's callers into the log.
 *
 * <p>Callers queue encoded commands. Whoever has the turn takes all that waits, gives it consecutive sequence numbers and makes
 * one batch of it: on the leader a segment of the next entry, elsewhere a frame to the leader. A lone command leaves at once, on its caller's
 * thread; while an entry is under way the next one gathers ({@link EntryPace}). The sender thread takes the turn when it is woken, when a pause is over, and now and
 * then.
 *
 * <p>A batch is sent in a term and can be applied in no other. Once an entry of a newer term was applied here, batches of
 * older terms are known to be lost: their commands go back to the front of the queue, in order. Nothing is sent in a term
 * before an entry of that term was applied here, so the commands of one caller are applied in the order in which they came,
 * whatever happens to the leader.
 *
 * <pre>
 * waiting --(sent in term T)--> in flight --(entry applied)--> told
 *    ^                             |
 *    +--(entry of a term above T applied: lost)
 * </pre>
 *
 * <p>Threads: {@code offer} and {@code flush} from any; the queue's fields belong to who holds {@code turn}, one at a time; {@code take} and {@code
 * termApplied} are called by the apply thread. Under the turn nothing waits but the sender thread, while the log does not take an entry.
 */
final class RatisProposer implements Proposer, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RatisProposer.class);
    private static final ThreadLocal<ByteSink> ENCODER = ThreadLocal.withInitial(() -> new ByteSink(4_096));
    private static final long IDLE_NANOS = 20_000_000;
    private static final long EXPIRY_SCAN_NANOS = 50_000_000;
    private static final int MAX_FORWARDED_IN_FLIGHT = 16;

    private final NodeSettings settings;
    private final long origin;
    private final Outlet outlet;
    private final Completions completions;
    private final SlowSyncs syncs;
    private final RaftMeters meters;
    private final ConcurrentLinkedQueue<Pending> incoming = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedDeque<Pending> again = new ConcurrentLinkedDeque<>();
    private final AtomicInteger pendingCount = new AtomicInteger();
    /** Commands that were not put into a batch yet, or again not. */
    private final AtomicInteger queued = new AtomicInteger();

    private final AtomicLong pendingBytes = new AtomicLong();
    private final InFlight inFlight = new InFlight();
    private final AtomicBoolean awake = new AtomicBoolean();
    private final Thread sender;
    private volatile long appliedTerm;
    private volatile boolean closed;
    /** With so many queued commands it is worth while to take the turn. */
    private volatile int wanted = 1;
    /** The sender thread waits no longer than until fewer may leave, too. */
    private volatile boolean timed;

    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicInteger entriesDone = new AtomicInteger();
    private volatile boolean windowFull;

    // of who holds the turn
    private final Deque<Pending> waiting = new ArrayDeque<>();
    private final ByteSink scratch = new ByteSink(64 << 10);
    private long nextSequence = 1;
    private long nextExpiryScan = System.nanoTime();
    /** The term of an entry that the log did not take yet; 0 for none. */
    private long unsettledTerm;

    /** Where batches go: the leader's log on the leader, the link to the leader elsewhere. Called by who holds the turn. */
    interface Outlet {
        /** What this server can do now. */
        Route route();

        /** Nanoseconds until another entry may be sent: 0 for now, {@link Long#MAX_VALUE} when one has to come back first. */
        long nanosToNextEntry();

        /** With so many queued commands another entry may be sent earlier, unless one is under way. */
        int entryTarget();

        /**
         * Puts what other servers sent and this batch into one entry.
         *
         * @return false when the log did not take it and it has to be tried again; lost leadership is no reason for that
         */
        boolean append(long term, @Nullable SentBatch own);

        /** Whether other servers' batches wait to be put into an entry. */
        boolean hasForwarded(long term);

        /** What is refused for lack of disk space or memory. Any thread. */
        Refusal refusal();

        /** Whether this server follows and takes no entries of its leader, for lack of disk space. Any thread. */
        boolean isCutOff();

        /** Sends a batch to the leader; batches of this term that it has not got were sent before. */
        boolean forward(Route route, @Nullable SentBatch batch, InFlight inFlight);
    }

    /** The way that commands take now; {@code leaderId} is empty on the leader itself. */
    record Route(Kind kind, long term, String leaderId) {
        enum Kind {
            LEADER,
            FOLLOWER,
            NONE
        }
    }

    RatisProposer(
            NodeSettings settings,
            long origin,
            Outlet outlet,
            Completions completions,
            SlowSyncs syncs,
            RaftMeters meters) {
        this.syncs = syncs;
        this.meters = meters;
        this.settings = settings;
        this.origin = origin;
        this.outlet = outlet;
        this.completions = completions;
        this.sender = new Thread(this::run, settings.memberId() + "-sender");
        this.sender.setDaemon(true);
    }

    void start() {
        sender.start();
    }

    @Override
    public void offer(Command command, @Nullable RequestId requestId, long deadlineNanos, ProposalListener listener) {
        if (closed) {
            listener.failed(Failures.shuttingDown());
            return;
        }
        SpaceRefusal.Effect effect = SpaceRefusal.effect(command);
        Refusal refusal = outlet.refusal();
        if (refusal.refuses(effect)) {
            refusal.count(meters);
            meters.failed(1);
            listener.failed(refusal.failure());
            return;
        }
        if (outlet.isCutOff()) {
            meters.failed(1);
            listener.failed(Failures.noQuorum("this server's disk is full, so it takes no entries of its leader"));
            return;
        }
        ByteSink sink = ENCODER.get();
        sink.clear();
        CommandCodec.encode(command, requestId, sink);
        Pending pending = new Pending(sink.toByteArray(), requestId, deadlineNanos, effect, listener);
        int count = pendingCount.incrementAndGet();
        long bytes = pendingBytes.addAndGet(pending.command.length);
        if (count > settings.maxPendingCommands()) {
            release(pending);
            meters.failed(1);
            listener.failed(Failures.overloaded("commands", count, settings.maxPendingCommands()));
            return;
        }
        if (bytes > settings.maxPendingBytes() && count > 1) {
            release(pending);
            meters.failed(1);
            listener.failed(Failures.overloaded("bytes of commands", bytes, settings.maxPendingBytes()));
            return;
        }
        queued.incrementAndGet();
        incoming.add(pending);
        if (closed && incoming.remove(pending)) {
            queued.decrementAndGet();
            fail(pending, Failures.shuttingDown());
        }
    }

    @Override
    public void flush() {
        if (queued.get() < wanted) {
            if (!timed) {
                signal();
            }
        } else if (!turn.tryLock()) {
            signal(); // who has it may have looked already
        } else {
            long next;
            try {
                next = closed ? 0 : step(false);
            } finally {
                turn.unlock();
            }
            if (next < IDLE_NANOS) {
                signal();
            }
        }
    }

    @Override
    public void propose(Command command, @Nullable RequestId requestId, long deadlineNanos, ProposalListener listener) {
        offer(command, requestId, deadlineNanos, listener);
        signal();
    }

    /** Commands that wait to be put into a batch. Any thread. */
    int queued() {
        return queued.get();
    }

    /** An entry came back; any thread. A lone caller has nobody woken. */
    void entryDone(EntryPace pace) {
        entriesDone.incrementAndGet();
        if (pace.expectsFew()) {
            timed = true;
            wanted = 1; // before the queue is looked at: what comes later finds it
        }
        if (!pace.expectsFew() || queued.get() > 0) {
            signal();
        }
    }

    /** Wakes the sender thread: something changed that it may be waiting for. */
    void signal() {
        if (!awake.getAndSet(true)) {
            LockSupport.unpark(sender);
        }
    }

    /** The identity under which this server's commands stand in entries; another one after each start. */
    long origin() {
        return origin;
    }

    int pendingCount() {
        return pendingCount.get();
    }

    /** The apply thread has applied an entry of this term. */
    void termApplied(long term) {
        if (term > appliedTerm) {
            appliedTerm = term;
            signal();
        }
    }

    /** The apply thread is about to apply the batch with this sequence; null when nobody here waits for it. */
    @Nullable
    SentBatch take(long firstSequence) {
        List<SentBatch> skipped = new ArrayList<>(0);
        SentBatch batch = inFlight.take(firstSequence, skipped);
        for (SentBatch lost : skipped) {
            failUnknown(lost, "the server took over a newer state while the request was under way");
        }
        if (windowFull) {
            signal();
        }
        return batch;
    }

    /**
     * Tells the callers of a batch, on the completion thread, or the apply thread when that is brief.
     *
     * @param committedNanos when the apply thread took the entry
     * @param appliedNanos when it was done with it
     */
    void complete(SentBatch batch, CommandResult[] results, long committedNanos, long appliedNanos) {
        long sent = batch.sentNanos();
        long sync = committedNanos - sent < SlowSyncs.LEAST_NANOS ? 0 : syncs.within(sent, committedNanos);
        ProposalTimes times = new ProposalTimes(sent, committedNanos, appliedNanos, sync);
        Pending[] commands = batch.commands();
        meters.applied(commands.length);
        for (int i = 0; i < commands.length; i++) {
            Pending pending = commands[i];
            release(pending);
            pending.applied(results[i], times);
        }
    }

    /**
     * A snapshot replaced the state. What was under way may be in it: named commands are sent again, because the table of
     * requests in the snapshot knows their results; what became of the others cannot be known.
     */
    void stateReplaced() {
        for (SentBatch batch : inFlight.takeAll()) {
            for (Pending pending : batch.commands()) {
                if (pending.requestId == null) {
                    fail(pending, Failures.unknown("the server took over a snapshot while the request was under way"));
                } else {
                    queued.incrementAndGet();
                    again.add(pending);
                }
            }
        }
        signal();
    }

    @Override
    public void close() {
        closed = true;
        signal();
        try {
            sender.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        turn.lock(); // a caller may be in it
        try {
            drainIncoming();
            for (Pending pending : waiting) {
                queued.decrementAndGet();
                fail(pending, Failures.shuttingDown());
            }
            waiting.clear();
        } finally {
            turn.unlock();
        }
        for (SentBatch batch : inFlight.takeAll()) {
            failUnknown(batch, "this server is stopping");
        }
    }

    private void run() {
        while (!closed) {
            awake.set(false);
            long next;
            turn.lock();
            try {
                next = step(true);
            } finally {
                turn.unlock();
            }
            if (next > 0 && !awake.get()) {
                LockSupport.parkNanos(this, next);
            }
        }
    }

    /**
     * Sends what can be sent. Under the turn.
     *
     * @param patient whether it may wait for the log to take an entry
     * @return after how many nanoseconds the sender thread should have looked again at the latest
     */
    private long step(boolean patient) {
        if (unsettledTerm != 0) {
            if (!patient) {
                return 0;
            }
            settle();
        }
        drainIncoming();
        requeueLost();
        expire();
        Route route = outlet.route();
        if (route.kind() == Route.Kind.NONE || appliedTerm != route.term()) {
            timed = true;
            wanted = 1;
            return IDLE_NANOS;
        }
        return route.kind() == Route.Kind.LEADER ? appendEntry(route, patient) : forward(route);
    }

    private void drainIncoming() {
        for (Pending next = again.pollLast(); next != null; next = again.pollLast()) {
            waiting.addFirst(next);
        }
        for (Pending next = incoming.poll(); next != null; next = incoming.poll()) {
            waiting.addLast(next);
        }
    }

    private void requeueLost() {
        List<SentBatch> lost = inFlight.takeLost(appliedTerm);
        for (int i = lost.size() - 1; i >= 0; i--) {
            Pending[] commands = lost.get(i).commands();
            for (int k = commands.length - 1; k >= 0; k--) {
                if (commands[k].isTold()) {
                    release(commands[k]);
                } else {
                    queued.incrementAndGet();
                    waiting.addFirst(commands[k]);
                }
            }
        }
        if (!lost.isEmpty()) {
            LOG.atInfo()
                    .addKeyValue("batches", lost.size())
                    .addKeyValue("term", appliedTerm)
                    .log("commands of an older term were not applied: sending them again");
        }
    }

    private long appendEntry(Route route, boolean patient) {
        int before = entriesDone.get();
        long pause = outlet.nanosToNextEntry();
        if (pause > 0) {
            wanted = outlet.entryTarget();
            timed = patient; // nobody else waits for the end of the pause
            return entriesDone.get() == before ? Math.min(IDLE_NANOS, pause) : 0;
        }
        SentBatch own = waiting.isEmpty() ? null : nextBatch(route.term());
        if (own == null && !outlet.hasForwarded(route.term())) {
            wanted = 1;
            timed = true;
            return queued.get() > 0 ? 0 : IDLE_NANOS;
        }
        wanted = Integer.MAX_VALUE;
        timed = false;
        if (own != null) {
            inFlight.add(own);
        }
        if (!outlet.append(route.term(), own)) {
            unsettledTerm = route.term();
            return 0;
        }
        // the sender thread keeps the time for what comes meanwhile; a lone caller has nobody woken for that
        return patient || queued.get() > 0 ? 0 : IDLE_NANOS;
    }

    /** Waits until the log has taken its last entry. */
    private void settle() {
        while (!outlet.append(unsettledTerm, null)) {
            if (closed) {
                return;
            }
            LockSupport.parkNanos(this, 1_000_000);
        }
        unsettledTerm = 0;
    }

    private long forward(Route route) {
        wanted = 1;
        timed = true;
        // keeps the link open and sends again what a broken one lost
        boolean linked = outlet.forward(route, null, inFlight);
        if (!linked || waiting.isEmpty()) {
            return IDLE_NANOS;
        }
        windowFull = true; // before it is looked at: what makes room behind that wakes the sender thread
        if (inFlight.size() >= MAX_FORWARDED_IN_FLIGHT) {
            wanted = Integer.MAX_VALUE;
            return IDLE_NANOS;
        }
        windowFull = false;
        SentBatch batch = nextBatch(route.term());
        if (batch == null) {
            return IDLE_NANOS;
        }
        inFlight.add(batch);
        meters.forwarded(batch.commands().length);
        outlet.forward(route, batch, inFlight);
        return waiting.isEmpty() ? IDLE_NANOS : 0;
    }

    private @Nullable SentBatch nextBatch(long term) {
        scratch.clear();
        Refusal refusal = outlet.refusal();
        List<Pending> commands = new ArrayList<>(Math.min(waiting.size(), settings.maxBatchCommands()));
        while (!waiting.isEmpty() && commands.size() < settings.maxBatchCommands()) {
            Pending next = waiting.getFirst();
            if (next.isTold()) {
                dequeue();
                release(next);
                continue;
            }
            if (!next.sent && refusal.refuses(next.effect)) {
                // came before space was low, or the store full
                dequeue();
                refusal.count(meters);
                fail(next, refusal.failure());
                continue;
            }
            if (!commands.isEmpty() && scratch.size() + next.command.length > settings.maxBatchBytes()) {
                break;
            }
            dequeue();
            next.sent = true;
            scratch.putVarint(next.command.length);
            scratch.putRaw(next.command, 0, next.command.length);
            commands.add(next);
        }
        if (commands.isEmpty()) {
            return null;
        }
        SentBatch batch = new SentBatch(
                term, nextSequence, commands.toArray(new Pending[0]), System.nanoTime(), scratch.toByteArray());
        nextSequence += commands.size();
        return batch;
    }

    private void dequeue() {
        waiting.removeFirst();
        queued.decrementAndGet();
    }

    private void expire() {
        long now = System.nanoTime();
        if (now - nextExpiryScan < 0) {
            return;
        }
        nextExpiryScan = now + EXPIRY_SCAN_NANOS;
        if (!waiting.isEmpty()) {
            boolean leaderKnown = outlet.route().kind() != Route.Kind.NONE;
            waiting.removeIf(pending -> {
                if (pending.deadlineNanos - now > 0) {
                    return false;
                }
                queued.decrementAndGet();
                fail(pending, leaderKnown ? Failures.notSent() : Failures.noLeader());
                return true;
            });
        }
        for (SentBatch batch : inFlight.list()) {
            for (Pending pending : batch.commands()) {
                if (pending.deadlineNanos - now <= 0 && !pending.isTold()) {
                    completions.run(() -> pending.failed(
                            Failures.unknown("a majority of the servers did not confirm before the deadline")));
                }
            }
        }
    }

    private void failUnknown(SentBatch batch, String why) {
        for (Pending pending : batch.commands()) {
            fail(pending, Failures.unknown(why));
        }
    }

    private void fail(Pending pending, StoreFailure failure) {
        release(pending);
        meters.failed(1);
        completions.run(() -> pending.failed(failure));
    }

    private void release(Pending pending) {
        pendingCount.decrementAndGet();
        pendingBytes.addAndGet(-pending.command.length);
    }
}

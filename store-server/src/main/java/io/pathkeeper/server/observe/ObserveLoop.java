package io.pathkeeper.server.observe;

import io.pathkeeper.server.metrics.ObserveMeters;
import io.pathkeeper.server.metrics.ObserveMeters.ResetCause;
import io.pathkeeper.server.state.ChangeHistory;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.state.RevisionChanges;
import io.pathkeeper.server.store.AppliedState;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.TreeView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread and the subscriptions that belong to it.
 *
 * <p>Each round: take signals; notice a replaced state; dispatch new revisions from the shared history to the subscriptions that
 * are up to date; give every runnable subscription one bounded turn; look at the timers; sleep when nothing was done. Nobody
 * else touches the state, except through the two queues.
 *
 * <p>Invariant: {@link #dispatched} is the newest revision that every LIVE subscription has been offered.
 */
final class ObserveLoop implements Runnable, MatchIndex.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(ObserveLoop.class);
    private static final int REVISIONS_PER_ROUND = 256;
    private static final int OFFERS_PER_ROUND = 8_192;
    private static final long SHARED_FRAMES_BYTES = 8L << 20;

    private final ObserveHub hub;
    private final AppliedState state;
    private final Thread thread;
    private final FrameEncoder encoder;
    private final ObserveMeters meters;
    private final ConcurrentLinkedQueue<Subscription> signals = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger assigned = new AtomicInteger();
    private volatile boolean stopping;
    private volatile boolean ended;
    private volatile boolean parked;
    private volatile long pendingEvents;
    private volatile int targetCount;

    // the loop's own
    private final Set<Subscription> subscriptions = new LinkedHashSet<>();
    private final MatchIndex index = new MatchIndex();
    private final Timers timers = new Timers();
    private final ArrayDeque<Subscription> runnable = new ArrayDeque<>();
    private final LinkedHashSet<Subscription> awaitingScan = new LinkedHashSet<>();
    private final RecentBatches recent = new RecentBatches();
    private final EncodedFrames frames = new EncodedFrames(SHARED_FRAMES_BYTES);
    private final List<Subscription> touched = new ArrayList<>();
    private ChangeHistory history;
    private int replacementsSeen;
    private long replacedOldest;
    private long dispatched;
    private int scanning;
    private long pending;
    private int offers;
    private @Nullable TreeChange matching;
    private int matchingIndex;
    private long matchingRevision;
    private long matchNumber;

    ObserveLoop(ObserveHub hub, int number, AppliedState state, FrameEncoder encoder, ObserveMeters meters) {
        this.hub = hub;
        this.encoder = encoder;
        this.meters = meters;
        this.state = state;
        this.history = state.history();
        this.replacementsSeen = hub.replacements();
        this.dispatched = state.view().revision();
        this.thread = new Thread(this, "observe-" + number);
        this.thread.setDaemon(true);
    }

    // ---- any thread

    void start() {
        thread.start();
    }

    void stop() {
        stopping = true;
        if (thread.isAlive()) {
            LockSupport.unpark(thread);
        } else {
            finish();
        }
    }

    void signal(Subscription subscription) {
        signals.add(subscription);
        if (ended) {
            finish();
        } else {
            wake();
        }
    }

    void wake() {
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    void countAssigned(int count) {
        assigned.addAndGet(count);
    }

    int assigned() {
        return assigned.get();
    }

    long pendingEvents() {
        return pendingEvents;
    }

    int targetCount() {
        return targetCount;
    }

    CompletableFuture<List<String>> checkInvariants() {
        CompletableFuture<List<String>> done = new CompletableFuture<>();
        tasks.add(() -> done.complete(new LoopCheck(this).violations()));
        wake();
        if (!thread.isAlive()) {
            runTasks();
        }
        return done;
    }

    // ---- the loop's thread

    @Override
    public void run() {
        while (!stopping) {
            try {
                if (!pass()) {
                    sleep();
                }
            } catch (RuntimeException e) {
                LOG.atError()
                        .setCause(e)
                        .addKeyValue("observations", subscriptions.size())
                        .log("a round of the observe loop failed: its observations are ended and must be resumed");
                endAll(internal());
            }
        }
        finish();
    }

    private void sleep() {
        parked = true;
        boolean news = !signals.isEmpty()
                || !tasks.isEmpty()
                || stopping
                || hub.replacements() != replacementsSeen
                || hub.publishedRevision() > dispatched
                        && !subscriptions.isEmpty()
                        && history.newestRevision() > dispatched;
        if (!news) {
            long nanos = timers.untilNext(hub.now());
            if (nanos == Timers.NONE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, nanos);
            }
        }
        parked = false;
    }

    /** One round; whether anything was done. */
    boolean pass() {
        boolean busy = runTasks();
        busy |= takeSignals();
        busy |= noticeReplacement();
        busy |= dispatch();
        busy |= runTurns();
        busy |= fireTimers();
        pendingEvents = pending;
        targetCount = index.targetCount();
        return busy;
    }

    private boolean runTasks() {
        boolean any = false;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
            any = true;
        }
        return any;
    }

    private boolean takeSignals() {
        boolean any = false;
        for (Subscription one = signals.poll(); one != null; one = signals.poll()) {
            any = true;
            int bits = one.takeSignals();
            if ((bits & Subscription.CANCELLED) != 0) {
                one.dropped((bits & Subscription.REGISTERED) != 0);
            } else if ((bits & Subscription.REGISTERED) != 0) {
                add(one);
                one.start(hub.now());
                unblock(one);
            } else {
                unblock(one);
            }
        }
        return any;
    }

    private void add(Subscription subscription) {
        if (subscriptions.isEmpty()) {
            // Nobody woke this loop for what was published while it had no observation.
            dispatched = Math.max(dispatched, history.newestRevision());
        }
        subscriptions.add(subscription);
        index.add(subscription);
        meters.opened(subscription.options().filter().targets().size());
    }

    private void unblock(Subscription subscription) {
        subscription.blocked(false);
        makeRunnable(subscription);
    }

    void makeRunnable(Subscription subscription) {
        if (!subscription.isRunnable() && !subscription.isBlocked() && !subscription.isEnded()) {
            subscription.runnable(true);
            runnable.add(subscription);
        }
    }

    private boolean noticeReplacement() {
        ChangeHistory now = state.history();
        if (hub.replacements() == replacementsSeen && now == history) {
            return false;
        }
        replacementsSeen = hub.replacements();
        history = now;
        replacedOldest = now.oldestRevision();
        recent.clear();
        if (now.newestRevision() < dispatched) {
            // A state behind what observers have seen: they go on when it has caught up, and see nothing twice.
            subscriptions.forEach(one -> one.skipTo(dispatched + 1));
            dispatched = now.newestRevision();
        }
        return true;
    }

    private boolean dispatch() {
        if (subscriptions.isEmpty()) {
            dispatched = Math.max(dispatched, history.newestRevision());
            return false;
        }
        List<RevisionChanges> news;
        try {
            news = history.read(dispatched + 1, REVISIONS_PER_ROUND);
        } catch (ChangeHistory.CompactedException e) {
            subscriptions.forEach(one -> one.lostFrom(dispatched + 1, e.oldestRevision()));
            dispatched = e.oldestRevision() - 1;
            return true;
        }
        offers = 0;
        for (int i = 0; i < news.size() && offers < OFFERS_PER_ROUND; i++) {
            dispatch(new RevisionBatch(news.get(i)));
        }
        return !news.isEmpty();
    }

    private void dispatch(RevisionBatch batch) {
        recent.add(batch);
        matchingRevision = batch.revision();
        List<TreeChange> changes = batch.changes();
        for (int i = 0; i < changes.size(); i++) {
            TreeChange change = changes.get(i);
            matching = change;
            matchingIndex = i;
            matchNumber++;
            index.match(change, this);
        }
        dispatched = batch.revision();
        for (int i = 0; i < touched.size(); i++) {
            Subscription subscription = touched.get(i);
            subscription.offerMatched(batch);
            makeRunnable(subscription);
        }
        offers += touched.size();
        touched.clear();
    }

    @Override
    public void reached(Subscription subscription) {
        TreeChange change = matching;
        if (change != null && subscription.match(change, matchingIndex, matchingRevision, matchNumber)) {
            touched.add(subscription);
        }
    }

    private boolean runTurns() {
        int turns = runnable.size();
        for (int i = 0; i < turns; i++) {
            Subscription subscription = runnable.remove();
            subscription.runnable(false);
            if (!subscription.isEnded()) {
                turn(subscription, hub.now());
            }
        }
        return turns > 0;
    }

    private void turn(Subscription subscription, long now) {
        try {
            Subscription.Turn turn = subscription.run(now);
            if (turn == Subscription.Turn.BLOCKED) {
                subscription.blocked(true);
                if (awaitingScan.remove(subscription)) {
                    wakeScans();
                }
            } else if (turn == Subscription.Turn.AGAIN) {
                makeRunnable(subscription);
            }
            if (!subscription.isEnded()) {
                timers.schedule(subscription, subscription.nextTimer(now));
            }
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("an observation failed and is ended; it must be resumed");
            subscription.fail(internal());
        }
    }

    private boolean fireTimers() {
        long now = hub.now();
        boolean any = false;
        for (Subscription one = timers.pollDue(now); one != null; one = timers.pollDue(now)) {
            any = true;
            one.timeCame(now, !awaitingScan.isEmpty());
            if (!one.isEnded()) {
                timers.schedule(one, one.isBlocked() ? one.stallTimer(now) : Timers.NONE);
                makeRunnable(one);
            }
        }
        return any;
    }

    private static Rejection internal() {
        return Rejection.of(
                RejectReason.INTERNAL,
                "the observation failed inside the server, see its log: observe again from where you were");
    }

    private void endAll(Rejection rejection) {
        for (Subscription one : new ArrayList<>(subscriptions)) {
            one.fail(rejection);
        }
    }

    /** Ends everything, also what comes late. */
    private synchronized void finish() {
        ended = true;
        for (Subscription one = signals.poll(); one != null; one = signals.poll()) {
            if ((one.takeSignals() & Subscription.REGISTERED) != 0) {
                add(one);
            }
        }
        endAll(ObserveHub.shuttingDown());
        runTasks();
    }

    // ---- for subscriptions, on the loop's thread

    /** Whether an initial state may be sent now; otherwise the subscription is run again when it is its turn. */
    boolean acquireScan(Subscription subscription) {
        if (scanning < hub.limits().concurrentScans()) {
            awaitingScan.remove(subscription);
            scanning++;
            return true;
        }
        awaitingScan.add(subscription);
        return false;
    }

    void releaseScan() {
        scanning--;
        wakeScans();
    }

    private void wakeScans() {
        int free = hub.limits().concurrentScans() - scanning;
        Iterator<Subscription> waiting = awaitingScan.iterator();
        for (int i = 0; i < free && waiting.hasNext(); i++) {
            makeRunnable(waiting.next());
        }
    }

    /** Forgets a subscription that has ended. */
    void remove(Subscription subscription) {
        if (subscriptions.remove(subscription)) {
            index.remove(subscription);
            meters.closed(subscription.options().filter().targets().size());
            timers.cancel(subscription);
            awaitingScan.remove(subscription);
            ended(subscription);
        }
    }

    /** Gives the place of a subscription back that this loop had been given. */
    void ended(Subscription subscription) {
        assigned.decrementAndGet();
        hub.streamEnded();
    }

    List<RevisionChanges> read(long revision, int count) throws ChangeHistory.CompactedException {
        return history.read(revision, count);
    }

    RevisionBatch batch(RevisionChanges changes) {
        RevisionBatch batch = recent.find(changes.revision());
        return batch == null ? new RevisionBatch(changes) : batch;
    }

    /** Why the history no longer has a revision. */
    ResetCause causeOfLoss(long revision) {
        if (revision <= hub.foundedRevision()) {
            return ResetCause.RESTORE;
        }
        return revision < replacedOldest ? ResetCause.SNAPSHOT : ResetCause.HISTORY;
    }

    long oldestRevision() {
        return history.oldestRevision();
    }

    long dispatched() {
        return dispatched;
    }

    TreeView view() {
        return state.view();
    }

    FrameEncoder encoder() {
        return encoder;
    }

    EncodedFrames frames() {
        return frames;
    }

    ObserveLimits limits() {
        return hub.limits();
    }

    ObserveMeters meters() {
        return meters;
    }

    void countPending(int change) {
        pending += change;
    }

    /** Nanoseconds since a revision was published here, or -1 when that is not known. */
    long sincePublished(long revision, long now) {
        return hub.sincePublished(revision, now);
    }

    // ---- for checks

    Set<Subscription> subscriptions() {
        return subscriptions;
    }

    MatchIndex index() {
        return index;
    }

    int scanning() {
        return scanning;
    }

    long pending() {
        return pending;
    }

    Set<Subscription> awaitingScan() {
        return awaitingScan;
    }

    int runnableCount() {
        return runnable.size();
    }

    int timerCount() {
        return timers.size();
    }
}

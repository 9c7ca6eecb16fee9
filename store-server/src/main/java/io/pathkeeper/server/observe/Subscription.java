package io.pathkeeper.server.observe;

import io.pathkeeper.server.metrics.ObserveMeters.ResetCause;
import io.pathkeeper.server.observe.FrameEncoder.Encoded;
import io.pathkeeper.server.state.ChangeHistory;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.state.RevisionChanges;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.TreeView;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One observation. Transports call {@link #signalReady} and {@link #cancel} from any thread; everything else belongs to its loop.
 *
 * <pre>
 *            initial_state                       scan done
 *   start ------------------> AWAITING_SCAN ---> SCANNING ---+
 *     |  \                        ^                          v
 *     |   \ start_revision past   | history gone, resync     | next revision not dispatched yet
 *     |    +--------------------> CATCHING_UP <--------------+--------+
 *     |                            |        ^ over budget             |
 *     | now or future              v        |                         v
 *     +--------------------------> LIVE ----+   any ---> ENDED       LIVE
 * </pre>
 *
 * <p>LIVE: the loop offers what matches, into {@link #queue}. CATCHING_UP: {@link #queue} is filled from the shared history, from
 * {@link #cursor} on, as fast as the transport takes it; over its budget a LIVE one drops its queue and becomes CATCHING_UP.
 * Invariant: everything that matches from {@link #from} on and was not sent is in {@link #head}, in the queue, or (CATCHING_UP)
 * in the history from the cursor on, or (LIVE) not dispatched yet.
 */
public final class Subscription {
    /** Where in its life an observation is. */
    enum Phase {
        AWAITING_SCAN,
        SCANNING,
        CATCHING_UP,
        LIVE,
        ENDED
    }

    /** How a turn ended. */
    enum Turn {
        /** There is more to do. */
        AGAIN,
        /** The transport takes no more; it will signal. */
        BLOCKED,
        /** Nothing to do. */
        IDLE
    }

    static final int REGISTERED = 1;
    static final int CANCELLED = 2;
    private static final int READY = 4;

    private static final int TURN_FRAMES = 128;
    private static final long TURN_BYTES = 512L << 10;
    private static final int TURN_VISITS = 2_048;
    private static final int FILL_EVENTS = 256;
    private static final long FILL_BYTES = 1L << 20;
    private static final int FILL_READ = 64;
    private static final int MAX_FRAME_BYTES = 7 << 19;
    /** Longer than the history is kept for certain; the view that is read holds an old tree. */
    private static final long MAX_SCAN_MILLIS = 600_000;

    private static final long RETRY_NANOS = 100_000_000L;

    private final long id;
    private final ObserveOptions options;
    private final ObserverTransport transport;
    private final ObserveLoop loop;
    /** The store had this revision when the observer came: nothing older is a beginning, whatever the state goes back to. */
    private final long openedAt;

    private final AtomicInteger signals = new AtomicInteger();

    private Phase phase = Phase.LIVE;
    private final ArrayDeque<Encoded> control = new ArrayDeque<>(2);
    private final PendingQueue queue;
    private final ProgressClock progress;
    private @Nullable RevisionSlice head;
    private int headOffset;
    private long from;
    private long cursor;
    private long shown;
    private long startedAt;
    private boolean moreWork;
    private boolean completing;
    private int counted;
    private @Nullable ScanSender scan;
    private @Nullable ResetCause resetCause;
    private long lastTakenNanos;
    private long scanStartedNanos;
    /** The rules under which the queue was filled. */
    private Object rules;

    private int sentEvents;
    private long sentLagNanos;

    // books of the loop
    private boolean runnable;
    private boolean blocked = true;
    private long timerAt = Timers.NONE;
    private int[] matched = new int[1];
    private int matchedCount;
    private long lastMatch;

    Subscription(long id, ObserveOptions options, ObserverTransport transport, ObserveLoop loop) {
        this.id = id;
        this.options = options;
        this.transport = transport;
        this.loop = loop;
        this.openedAt = loop.view().revision();
        this.queue = new PendingQueue(options.coalesce());
        this.rules = options.gate().rules();
        this.progress = new ProgressClock(options.progressMillis(), options.progressWhenQuiet());
    }

    // ---- any thread

    /** The transport takes frames again. */
    public void signalReady() {
        signal(READY);
    }

    /** The observer is gone: forget everything. */
    public void cancel() {
        signal(CANCELLED);
    }

    void signalRegistered() {
        signal(REGISTERED);
    }

    private void signal(int bit) {
        if (signals.getAndUpdate(bits -> bits | bit) == 0) {
            loop.signal(this);
        }
    }

    int takeSignals() {
        return signals.getAndSet(0);
    }

    // ---- beginning and end

    /** Decides how to begin. */
    void start(long now) {
        progress.start(now);
        startedAt = loop.dispatched();
        long next = loop.dispatched() + 1;
        long tip = Math.max(Math.max(next, openedAt + 1), loop.view().revision() + 1);
        long start = options.startRevision();
        if (options.initialState()) {
            phase = Phase.AWAITING_SCAN;
            return;
        }
        from = start == 0 ? tip : start;
        cursor = from;
        // Waiting for the future nothing is told below it; at the tip, progress may say that nothing was missed so far.
        progress.floor(from > tip ? from : from - 1);
        if (from >= next) {
            phase = Phase.LIVE;
        } else if (from < loop.oldestRevision() && !options.resync()) {
            fail(lost(loop.causeOfLoss(from)));
            return;
        } else {
            phase = Phase.CATCHING_UP;
        }
        control.add(loop.encoder().created(from));
    }

    /** It never begins. Before anybody else has it. */
    void refused() {
        phase = Phase.ENDED;
    }

    /** The observer has gone away. */
    void dropped(boolean neverStarted) {
        if (neverStarted) {
            phase = Phase.ENDED;
            loop.ended(this);
        } else {
            end();
        }
    }

    /** Ends with a status. */
    void fail(Rejection rejection) {
        if (phase != Phase.ENDED) {
            end();
            transport.fail(rejection);
        }
    }

    private void complete() {
        end();
        transport.complete();
    }

    private void end() {
        if (phase == Phase.SCANNING) {
            loop.releaseScan();
        }
        phase = Phase.ENDED;
        control.clear();
        queue.clear();
        head = null;
        scan = null;
        matched = new int[0];
        count();
        loop.remove(this);
    }

    // ---- what the loop offers to LIVE ones

    /** Notes a change that a target reaches; whether it is the first one of its revision. */
    boolean match(TreeChange change, int index, long revision, long matchNumber) {
        if (phase != Phase.LIVE
                || revision < from
                || lastMatch == matchNumber
                || !options.filter().passes(change)
                || !options.gate().shows(change.path())) {
            return false;
        }
        lastMatch = matchNumber;
        note(index);
        return matchedCount == 1;
    }

    private void note(int index) {
        if (matchedCount == matched.length) {
            matched = Arrays.copyOf(matched, matchedCount * 2);
        }
        matched[matchedCount++] = index;
    }

    private RevisionSlice takeMatched(RevisionBatch batch) {
        RevisionSlice slice = batch.slice(matched, matchedCount);
        matchedCount = 0;
        if (matched.length > 64) {
            matched = new int[1];
        }
        return slice;
    }

    /** Takes what was noted of a batch; over the budget everything pending is dropped, to be read from the history. */
    void offerMatched(RevisionBatch batch) {
        queue.add(takeMatched(batch));
        boolean over = queue.events() > loop.limits().pendingEvents()
                || queue.bytes() > loop.limits().pendingBytes();
        if (over && queue.firstRevision() != batch.revision()) {
            cursor = queue.firstRevision();
            queue.clear();
            phase = Phase.CATCHING_UP;
            loop.meters().slow();
        }
        count();
    }

    /** The loop lost the history from a revision up to below another one; those who need it must notice. */
    void lostFrom(long revision, long oldestRevision) {
        long needed = Math.max(from, revision);
        if (phase == Phase.LIVE && needed < oldestRevision) {
            cursor = needed;
            phase = Phase.CATCHING_UP;
            loop.makeRunnable(this);
        }
    }

    /** Never shows what is below a revision: it was shown, or the state went back behind it. */
    void skipTo(long revision) {
        if (phase == Phase.LIVE) {
            from = Math.max(from, revision);
        }
    }

    private void count() {
        int now = queue.events();
        loop.countPending(now - counted);
        counted = now;
    }

    // ---- sending

    /** One turn: sends until the transport takes no more, nothing is left, or others must have theirs. */
    Turn run(long now) {
        sentEvents = 0;
        sentLagNanos = -1;
        Turn turn = send(now);
        if (sentEvents > 0) {
            loop.meters().sent(sentEvents, sentLagNanos);
        }
        return turn;
    }

    private Turn send(long now) {
        long bytes = 0;
        for (int frames = 0; phase != Phase.ENDED; frames++) {
            if (!transport.isReady()) {
                return Turn.BLOCKED;
            }
            if (frames == TURN_FRAMES || bytes >= TURN_BYTES) {
                return Turn.AGAIN;
            }
            if (!isAdmitted()) {
                return Turn.IDLE;
            }
            Encoded frame = next(now);
            count();
            if (frame == null) {
                return moreWork && phase != Phase.ENDED ? Turn.AGAIN : Turn.IDLE;
            }
            if (frame.sizeBytes() > MAX_FRAME_BYTES) {
                fail(tooLarge(frame.sizeBytes()));
                return Turn.IDLE;
            }
            transport.send(frame);
            bytes += frame.sizeBytes();
            lastTakenNanos = now;
            if (completing) {
                complete();
            }
        }
        return Turn.IDLE;
    }

    /** Ends when the right to observe has gone; what waits is read again under new rules. */
    private boolean isAdmitted() {
        Object now = options.gate().rules();
        if (now == rules) {
            return true;
        }
        rules = now;
        Rejection refusal = options.gate().refusal();
        if (refusal != null) {
            fail(refusal);
            return false;
        }
        if (phase == Phase.LIVE && !queue.isEmpty()) {
            cursor = queue.firstRevision();
            queue.clear();
            phase = Phase.CATCHING_UP;
        } else if (phase == Phase.CATCHING_UP && !queue.isEmpty()) {
            cursor = queue.firstRevision();
            queue.clear();
        }
        return true;
    }

    private @Nullable Encoded next(long now) {
        moreWork = false;
        if (control.isEmpty() && phase == Phase.AWAITING_SCAN) {
            beginScan(now);
        }
        if (!control.isEmpty()) {
            return control.remove();
        }
        return switch (phase) {
            case SCANNING -> nextExisting(now);
            case CATCHING_UP, LIVE -> nextEvents(now);
            case AWAITING_SCAN, ENDED -> null;
        };
    }

    private long leastScanned() {
        return Math.max(shown, openedAt);
    }

    private void beginScan(long now) {
        TreeView view = loop.view();
        if (view.revision() < leastScanned() || !loop.acquireScan(this)) {
            return; // a state that went back is waited for
        }
        phase = Phase.SCANNING;
        scan = new ScanSender(view, options, loop.encoder(), loop.limits().existingBytes());
        lastTakenNanos = now;
        scanStartedNanos = now;
        control.add(
                resetCause == null
                        ? loop.encoder().created(view.revision() + 1)
                        : loop.encoder().reset(view.revision(), resetCause));
        resetCause = null;
    }

    private @Nullable Encoded nextExisting(long now) {
        ScanSender sender = scan;
        if (sender == null) {
            return null;
        }
        long millis = (now - scanStartedNanos) / 1_000_000;
        if (millis > MAX_SCAN_MILLIS) {
            fail(stalled("took its initial state for " + millis + " ms", MAX_SCAN_MILLIS));
            return null;
        }
        Encoded frame = sender.nextFrame(TURN_VISITS);
        if (frame != null) {
            return frame;
        }
        if (!sender.isComplete()) {
            moreWork = true;
            return null;
        }
        scan = null;
        loop.releaseScan();
        phase = Phase.CATCHING_UP;
        shown = sender.revision();
        from = shown + 1;
        cursor = from;
        progress.floor(shown);
        progress.told(now);
        return loop.encoder().synced(shown);
    }

    private @Nullable Encoded nextEvents(long now) {
        if (head == null) {
            long told = progressRevision();
            if (progress.isDue(now, told >= 0 && queue.isEmpty() && phase == Phase.LIVE)) {
                progress.told(now);
                if (told >= 0) {
                    shown = told;
                    return loop.encoder().progress(told);
                }
            }
            if (queue.isEmpty() && phase == Phase.CATCHING_UP && !fill()) {
                return null;
            }
            if (queue.isEmpty()) {
                moreWork = phase == Phase.CATCHING_UP;
                // Caught up without an event: what is told when it is quiet may be due now.
                if (phase == Phase.LIVE && progress.isQuietDue(now)) {
                    moreWork = progressRevision() >= 0;
                }
                return null;
            }
            head = queue.poll();
            headOffset = 0;
        }
        return nextFragment(head, now);
    }

    private Encoded nextFragment(RevisionSlice slice, long now) {
        RevisionSlice.Fragment fragment = slice.fragment(
                headOffset, options.form(), loop.encoder(), loop.limits().frameBytes(), loop.frames());
        sentEvents += fragment.to() - fragment.from();
        headOffset = fragment.to();
        if (headOffset == slice.size()) {
            head = null;
            shown = slice.revision();
            progress.eventsSent();
            completing = options.once();
            if (shown > startedAt) {
                sentLagNanos = Math.max(sentLagNanos, loop.sincePublished(shown, now));
            }
        }
        return fragment.frame();
    }

    /** The revision up to which everything was told, or -1 when none may be told now. */
    private long progressRevision() {
        long revision;
        if (!queue.isEmpty()) {
            revision = queue.firstRevision() - 1;
        } else {
            revision = phase == Phase.LIVE ? loop.dispatched() : cursor - 1;
        }
        return revision >= shown && progress.mayTell(revision) ? revision : -1;
    }

    /** Reads on in the history; false when it is gone. */
    private boolean fill() {
        int visited = 0;
        while (cursor <= loop.dispatched() && visited < TURN_VISITS && !isFilled()) {
            List<RevisionChanges> read;
            try {
                read = loop.read(cursor, FILL_READ);
            } catch (ChangeHistory.CompactedException e) {
                lose(loop.causeOfLoss(cursor));
                return false;
            }
            if (read.isEmpty()) {
                return true; // the view was published a moment before its history
            }
            for (int i = 0; i < read.size() && cursor <= loop.dispatched() && !isFilled(); i++) {
                if (!visit(read.get(i))) {
                    return true;
                }
                visited++;
            }
        }
        if (cursor > loop.dispatched()) {
            from = Math.max(from, cursor);
            phase = Phase.LIVE;
        }
        return true;
    }

    private boolean isFilled() {
        int most = options.coalesce()
                ? loop.limits().pendingEvents()
                : Math.min(FILL_EVENTS, loop.limits().pendingEvents());
        return queue.events() >= most
                || queue.bytes() >= Math.min(FILL_BYTES, loop.limits().pendingBytes());
    }

    /** Takes what matches of a revision; false when it does not fit any more. */
    private boolean visit(RevisionChanges revision) {
        List<TreeChange> changes = revision.changes();
        for (int i = 0; i < changes.size(); i++) {
            if (options.filter().accepts(changes.get(i))
                    && options.gate().shows(changes.get(i).path())) {
                note(i);
            }
        }
        if (matchedCount > 0) {
            RevisionSlice slice = takeMatched(loop.batch(revision));
            boolean fits = queue.events() + slice.size() <= loop.limits().pendingEvents()
                    && queue.bytes() + slice.weight() <= loop.limits().pendingBytes();
            if (!fits && !queue.isEmpty()) {
                return false;
            }
            queue.add(slice);
        }
        cursor = revision.revision() + 1;
        return true;
    }

    private void lose(ResetCause cause) {
        loop.meters().reset(cause);
        if (options.resync()) {
            resetCause = cause;
            phase = Phase.AWAITING_SCAN;
            moreWork = true;
        } else {
            fail(lost(cause));
        }
    }

    private Rejection lost(ResetCause cause) {
        long oldest = loop.oldestRevision();
        boolean slow = cause == ResetCause.HISTORY && shown > 0;
        String what = slow
                ? "this observer was too slow: it needs revision " + cursor + " next, which the history no longer has"
                : "revision " + cursor + " is no longer in the history of this server";
        return Rejection.of(
                slow ? RejectReason.SLOW_CONSUMER : RejectReason.REVISION_COMPACTED,
                what + "; the oldest one is " + oldest
                        + ": read the state again and observe from there, or observe with resync",
                "oldest_revision",
                Long.toString(oldest),
                "revision",
                Long.toString(cursor));
    }

    private Rejection tooLarge(int bytes) {
        return Rejection.of(
                RejectReason.VALUE_TOO_LARGE,
                "one event or znode in this form has " + bytes + " bytes; a message may have " + MAX_FRAME_BYTES
                        + ": observe without include_previous, with the typed value format, or without values",
                "actual",
                Integer.toString(bytes),
                "limit",
                Integer.toString(MAX_FRAME_BYTES));
    }

    // ---- time

    /** The next moment at which a turn is wanted even if nothing happens. */
    long nextTimer(long now) {
        return switch (phase) {
            case AWAITING_SCAN -> loop.view().revision() < leastScanned() ? now + RETRY_NANOS : Timers.NONE;
            case SCANNING -> stallTimer(now);
            case CATCHING_UP, LIVE -> progress.nextNanos();
            case ENDED -> Timers.NONE;
        };
    }

    /** The next moment at which it must be looked whether the transport takes the initial state. */
    long stallTimer(long now) {
        if (phase != Phase.SCANNING) {
            return Timers.NONE;
        }
        long stall = lastTakenNanos + loop.limits().scanStallMillis() * 1_000_000;
        return stall > now
                ? stall
                : Math.min(now + 1_000_000_000L, lastTakenNanos + loop.limits().scanGiveUpMillis() * 1_000_000);
    }

    /** A timer ended: an initial state that is not taken must not hold its place, nor an old tree. */
    void timeCame(long now, boolean othersWait) {
        if (phase != Phase.SCANNING || !blocked) {
            return;
        }
        long millis = (now - lastTakenNanos) / 1_000_000;
        long limit =
                othersWait ? loop.limits().scanStallMillis() : loop.limits().scanGiveUpMillis();
        if (millis >= limit) {
            fail(stalled("took nothing of its initial state for " + millis + " ms", limit));
        }
    }

    private static Rejection stalled(String what, long limitMillis) {
        return Rejection.of(
                RejectReason.SLOW_CONSUMER,
                "this observer " + what + "; the limit is " + limitMillis
                        + " ms: read the stream faster, or observe less",
                "limit_ms",
                Long.toString(limitMillis));
    }

    // ---- books

    long id() {
        return id;
    }

    ObserveOptions options() {
        return options;
    }

    boolean isRunnable() {
        return runnable;
    }

    void runnable(boolean now) {
        runnable = now;
    }

    boolean isBlocked() {
        return blocked;
    }

    void blocked(boolean now) {
        blocked = now;
    }

    boolean isEnded() {
        return phase == Phase.ENDED;
    }

    long timerAt() {
        return timerAt;
    }

    void timerAt(long nanos) {
        timerAt = nanos;
    }

    Phase phase() {
        return phase;
    }

    PendingQueue queue() {
        return queue;
    }

    long from() {
        return from;
    }

    long cursor() {
        return cursor;
    }

    long shown() {
        return shown;
    }

    /** Whether it holds nothing that it need not. */
    boolean isBare() {
        return head == null && scan == null && queue.isEmpty() && control.isEmpty();
    }

    boolean isReady() {
        return transport.isReady();
    }
}

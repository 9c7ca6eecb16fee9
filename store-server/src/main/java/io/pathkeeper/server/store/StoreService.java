package io.pathkeeper.server.store;

import io.pathkeeper.server.coordination.LockTable;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.state.ChangeHistory;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.state.RevisionDigest;
import io.pathkeeper.server.store.ReadRequest.Consistency;
import io.pathkeeper.server.store.StoreFailure.Outcome;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the server's edges call: writes, views for reads by consistency, and the old views that pages of listings read.
 *
 * <p>Any thread; nothing here blocks. Owns one timer thread, which ends reads whose deadline has passed and lets go of old views.
 * Life: made by the composition root, {@link #close()} ends every read that still waits.
 */
public final class StoreService implements AutoCloseable {
    /** How long a page token can be used after it was given out. */
    public static final Duration PAGE_TOKEN_LIFE = Duration.ofMinutes(5);

    private static final long SWEEP_MILLIS = 50;
    private static final byte[] START = {};
    /** No part of a name can be this: tokens of keys are none of children. */
    private static final byte[] KEYS = {'/', 'k'};

    private final Proposer proposer;
    private final ReadBarrier barrier;
    private final AppliedState applied;
    private final ClusterControl cluster;
    private final WaitingReads waiting = new WaitingReads();
    private final PinnedViews pins;
    private final ScheduledExecutorService timer;

    /** Makes the service with at most so many old views for pages. */
    public StoreService(
            Proposer proposer, ReadBarrier barrier, AppliedState applied, ClusterControl cluster, int mostPinnedViews) {
        this(proposer, barrier, applied, cluster, mostPinnedViews, PAGE_TOKEN_LIFE);
    }

    StoreService(
            Proposer proposer,
            ReadBarrier barrier,
            AppliedState applied,
            ClusterControl cluster,
            int mostPinnedViews,
            Duration pageTokenLife) {
        this.proposer = proposer;
        this.barrier = barrier;
        this.applied = applied;
        this.cluster = cluster;
        pins = new PinnedViews(mostPinnedViews, pageTokenLife.toNanos());
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "store-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The cluster as this server sees it. */
    public ClusterStatus status() {
        return cluster.status();
    }

    /** Digest of the tree, the sessions and the locks, as of the newest view that this server has. */
    public RevisionDigest digest() {
        return applied.digest();
    }

    /** The newest view that this server has. */
    public TreeView view() {
        return applied.view();
    }

    /** Oldest revision that an observation can start from on this server. */
    public long oldestRevision() {
        return applied.history().oldestRevision();
    }

    /** The open sessions as this server has them now; never older than {@link #view}. */
    public SessionTable sessions() {
        return applied.sessions();
    }

    /** The locks and elections as this server has them now; never older than {@link #view}. */
    public LockTable locks() {
        return applied.locks();
    }

    /** The history of changes as this server has it now. */
    public ChangeHistory history() {
        return applied.history();
    }

    /**
     * Makes the token for the page behind a key of a listing that keeps no view.
     *
     * @param query what is listed: the same for all pages
     * @param lastKey the last key given out
     */
    public String nextKeyToken(byte[] query, byte[] lastKey) {
        ClusterStatus status = cluster.status();
        byte[] key = Arrays.copyOf(lastKey, lastKey.length);
        return new PageToken(0, PageToken.query(query, START, KEYS), key, status.memberId()).encode(status.clusterId());
    }

    /**
     * Reads a token of {@link #nextKeyToken}, whichever server made it.
     *
     * @return the key behind which the page begins; null when the token is none of this query
     */
    public byte @Nullable [] keyOf(byte[] query, String token) {
        PageToken parsed = PageToken.decode(token, cluster.status().clusterId());
        return parsed == null || parsed.query() != PageToken.query(query, START, KEYS) ? null : parsed.lastName();
    }

    /** Number of old views that are kept for page tokens. */
    public int pinnedViewCount() {
        return pins.size();
    }

    /** Proposes a write, on this thread if that can be; see {@link Proposer#flush}. */
    public void write(Command command, @Nullable RequestId requestId, long deadlineNanos, ProposalListener listener) {
        proposer.offer(command, requestId, deadlineNanos, listener);
        proposer.flush();
    }

    /** Proposes a write that goes with those that follow at once; see {@link Proposer#offer}. */
    public void offer(Command command, @Nullable RequestId requestId, long deadlineNanos, ProposalListener listener) {
        proposer.offer(command, requestId, deadlineNanos, listener);
    }

    /** Sends what was offered; see {@link Proposer#flush}. */
    public void flush() {
        proposer.flush();
    }

    /**
     * Asks for a view. The listener is told on this thread when the view is there already, else later on another.
     *
     * @param deadlineNanos {@link System#nanoTime()} at which waiting ends with DEADLINE
     */
    public void read(ReadRequest request, long deadlineNanos, ViewListener listener) {
        if (request.consistency() == Consistency.LINEARIZABLE) {
            waiting.await(barrier.linearizableView(), deadlineNanos, new LowerBound(request.minRevision(), listener));
            return;
        }
        if (request.maxStalenessMillis() > 0) {
            long lastContact = cluster.status().lastContactMillis();
            if (lastContact < 0 || lastContact > request.maxStalenessMillis()) {
                listener.failed(stale(lastContact, request.maxStalenessMillis()));
                return;
            }
        }
        TreeView view = applied.view();
        if (request.minRevision() == 0 && !barrier.hasOwnView()) {
            waiting.await(barrier.linearizableView(), deadlineNanos, listener);
        } else if (view.revision() >= request.minRevision()) {
            listener.view(view);
        } else {
            awaitRevision(request.minRevision(), deadlineNanos, listener);
        }
    }

    /** Waits for a revision, but not for one that the whole cluster does not have. */
    private void awaitRevision(long revision, long deadlineNanos, ViewListener listener) {
        WaitingReads.Waiter waiter =
                waiting.await(barrier.viewAtLeast(revision, deadlineNanos), deadlineNanos, listener);
        if (!waiter.isDone()) {
            barrier.linearizableView().whenComplete((view, error) -> {
                if (error == null && view.revision() < revision) {
                    waiter.fail(inFuture(revision, view.revision()));
                }
            });
        }
    }

    /**
     * Opens a page of a listing.
     *
     * @param view view for the first page; not looked at with a token
     * @param token the client's token, empty for the first page
     * @param startAfter only names behind this one
     * @param prefix only names that begin with this
     */
    public PageOpening openPage(TreeView view, ZnodePath path, String token, byte[] startAfter, byte[] prefix) {
        TreeView source = view;
        byte[] after = startAfter;
        if (!token.isEmpty()) {
            ClusterStatus status = cluster.status();
            PageToken parsed = PageToken.decode(token, status.clusterId());
            if (parsed == null || parsed.query() != PageToken.query(path.utf8(), prefix, startAfter)) {
                return new PageOpening.Refused(Rejection.of(
                        RejectReason.PAGE_TOKEN_INVALID,
                        "page_token is not one of a listing of " + path
                                + " with this name_prefix and start_after: start again without a token"));
            }
            TreeView pinned = pinned(parsed.revision());
            if (pinned == null) {
                return new PageOpening.Refused(Rejection.of(
                        RejectReason.PAGE_TOKEN_EXPIRED,
                        "page_token: revision " + parsed.revision() + " is no longer kept by " + status.memberId()
                                + " (it is for " + PAGE_TOKEN_LIFE.toMinutes() + " minutes, by the server that gave the"
                                + " token, " + parsed.memberId() + "): start again without a token",
                        "revision",
                        Long.toString(parsed.revision()),
                        "member",
                        parsed.memberId()));
            }
            source = pinned;
            after = parsed.lastName();
        }
        Znode parent = source.find(path);
        if (parent == null) {
            return new PageOpening.Refused(notFound(path, source.revision()));
        }
        return new ChildPage(source, path, parent, after.length == 0 ? START : after, prefix, startAfter);
    }

    /** Keeps the page's view and makes the token for the page behind a name. */
    public String nextPageToken(ChildPage page, byte[] lastName) {
        ClusterStatus status = cluster.status();
        pins.pin(page.view(), System.nanoTime());
        long query = PageToken.query(page.path().utf8(), page.prefix(), page.startAfter());
        byte[] name = Arrays.copyOf(lastName, lastName.length);
        return new PageToken(page.view().revision(), query, name, status.memberId()).encode(status.clusterId());
    }

    private @Nullable TreeView pinned(long revision) {
        TreeView pinned = pins.find(revision, System.nanoTime());
        if (pinned != null) {
            return pinned;
        }
        TreeView now = applied.view();
        return now.revision() == revision ? now : null;
    }

    private void sweep() {
        long now = System.nanoTime();
        waiting.sweep(now);
        pins.sweep(now);
    }

    /** The refusal of a read of a znode that is not there at a revision. */
    public static Rejection notFound(ZnodePath path, long revision) {
        return Rejection.of(
                RejectReason.NODE_NOT_FOUND,
                "there is no znode " + path,
                "path",
                path.toString(),
                "revision",
                Long.toString(revision));
    }

    private static StoreFailure stale(long lastContactMillis, long mostMillis) {
        String since = lastContactMillis < 0 ? "never" : lastContactMillis + " ms ago";
        return new StoreFailure(
                Rejection.of(
                        RejectReason.STALE,
                        "this server last heard from its leader " + since + ", the read allows max_staleness_ms "
                                + mostMillis + ": try another server",
                        "last_contact_ms",
                        Long.toString(lastContactMillis),
                        "limit",
                        Long.toString(mostMillis)),
                Outcome.NOT_APPLIED);
    }

    private static StoreFailure inFuture(long wanted, long newest) {
        return new StoreFailure(
                Rejection.of(
                        RejectReason.REVISION_IN_FUTURE,
                        "min_revision " + wanted + " is above the store's revision " + newest
                                + ": it comes from another cluster or from before a restore",
                        "revision",
                        Long.toString(newest)),
                Outcome.NOT_APPLIED);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        waiting.close();
    }

    /** Refuses a linearizable view that is older than what the caller says to have seen: nobody can have seen that here. */
    private record LowerBound(long minRevision, ViewListener listener) implements ViewListener {
        @Override
        public void view(TreeView view) {
            if (view.revision() < minRevision) {
                listener.failed(inFuture(minRevision, view.revision()));
            } else {
                listener.view(view);
            }
        }

        @Override
        public void failed(StoreFailure failure) {
            listener.failed(failure);
        }
    }
}

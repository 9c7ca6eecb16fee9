package io.pathkeeper.server.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.pathkeeper.server.coordination.CoordinationChange;
import io.pathkeeper.server.coordination.CoordinationChange.LockChanged;
import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.state.ChangeHistory;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.state.RevisionChanges;
import io.pathkeeper.server.store.ReadRequest;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.store.ViewListener;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.ElectionServiceObserveResponse;
import io.pathkeeper.v1.ValueFormat;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells of the leaders of an election: each leader and each proclamation once, in order, one message for a revision.
 *
 * <p>Every change of the election since it began to watch waits in a short queue. What was before comes from the history, or, when it
 * begins with the present, from the election itself, whose leader says at which revision it last changed: queued changes up to that are
 * left out. When the queue overflows, because the client is slow, it goes on from the history, too.
 *
 * <p>The queue belongs to its own monitor, as the apply thread fills it; everything else belongs to this object's.
 */
final class ElectionObservation implements LockWatches.Watcher {
    private static final int MOST_QUEUED = 1_024;
    private static final int PAGE = 1_024;

    private final CoordinationContext context;
    private final ServerCallStreamObserver<ElectionServiceObserveResponse> observer;
    private final ZnodePath path;
    private final ValueFormat format;
    private final LockWatches watches;
    private final Deque<Event> queue = new ArrayDeque<>();
    private boolean overflown;

    private final Deque<Event> ready = new ArrayDeque<>();
    private boolean begun;
    private boolean ended;
    private boolean left;
    /** Everything up to this revision was taken. */
    private long seen;
    /** Whether what comes next has to be read from the history. */
    private boolean behind;

    /** What is to be told: the leader from a revision on, or that there is none. */
    private record Event(long revision, @Nullable LockEntry leader) {
        static @Nullable Event of(long revision, LockChanged change) {
            if (!change.election()) {
                return null;
            }
            return switch (change.kind()) {
                case GRANTED, PROCLAIMED -> new Event(revision, change.entry());
                case RELEASED -> new Event(revision, null);
                case QUEUED, LEFT -> null;
            };
        }
    }

    ElectionObservation(
            CoordinationContext context,
            ServerCallStreamObserver<ElectionServiceObserveResponse> observer,
            ZnodePath path,
            ValueFormat format) {
        this.context = context;
        this.observer = observer;
        this.path = path;
        this.format = format;
        this.watches = context.coordination().watches();
    }

    /**
     * Begins; on the thread that reads the call.
     *
     * @param startRevision first revision wanted; 0 for the present leader first
     */
    void start(long startRevision) {
        watches.enter();
        observer.setOnReadyHandler(() -> watches.ask(path));
        observer.setOnCancelHandler(this::gone);
        observer.setOnCloseHandler(this::gone);
        context.calls().store().read(ReadRequest.LINEARIZABLE, context.deadline(), new ViewListener() {
            @Override
            public void view(TreeView view) {
                context.calls().workers().execute(() -> begin(startRevision, view.revision()));
            }

            @Override
            public void failed(StoreFailure failure) {
                context.calls().workers().execute(() -> fail(failure));
            }
        });
    }

    private void begin(long startRevision, long revision) {
        synchronized (this) {
            if (ended) {
                return;
            }
            if (startRevision > revision + 1) {
                end(Rejection.of(
                        RejectReason.REVISION_IN_FUTURE,
                        "start_revision " + startRevision + " is above the store's next revision " + (revision + 1)
                                + ": it comes from another cluster or from before a restore",
                        "revision",
                        Long.toString(revision)));
                return;
            }
            watches.addObservation(path, this);
            if (startRevision > 0) {
                seen = startRevision - 1;
                behind = true;
            } else {
                LockState state = context.calls().store().locks().find(path);
                LockEntry leader =
                        state == null || !state.election() || state.holders().isEmpty()
                                ? null
                                : state.holders().get(0);
                seen = leader == null ? 0 : leader.modifiedRevision();
                ready.add(new Event(leader == null ? revision : seen, leader));
            }
            begun = true;
        }
        watches.ask(path);
    }

    @Override
    public void changed(long revision, LockChanged change) {
        Event event = Event.of(revision, change);
        if (event == null) {
            return;
        }
        synchronized (queue) {
            Event last = queue.peekLast();
            if (last != null && last.revision() == revision) {
                queue.removeLast(); // one message for a revision: what it ends with
            } else if (queue.size() == MOST_QUEUED || overflown) {
                overflown = true;
                queue.clear();
                return;
            }
            queue.addLast(event);
        }
    }

    @Override
    public synchronized void look(LockWatches.Sight sight) {
        try {
            while (begun && !ended && observer.isReady()) {
                Event event = ready.poll();
                if (event != null) {
                    send(event);
                } else if (behind) {
                    readHistory();
                } else if (!takeQueued()) {
                    return;
                }
            }
        } catch (ChangeHistory.CompactedException e) {
            end(Rejection.of(
                    RejectReason.REVISION_COMPACTED,
                    "the history begins at revision " + e.oldestRevision() + ", revision " + (seen + 1)
                            + " is no longer in it: begin with the present leader",
                    "oldest_revision",
                    Long.toString(e.oldestRevision()),
                    "revision",
                    Long.toString(seen + 1)));
        }
    }

    private boolean takeQueued() {
        long complete = watches.completeRevision();
        synchronized (queue) {
            if (overflown) {
                overflown = false;
                behind = true;
                return true;
            }
            boolean any = false;
            for (Event next = queue.peek(); next != null && next.revision() <= complete; next = queue.peek()) {
                queue.remove();
                if (next.revision() > seen) {
                    ready.add(next);
                    seen = next.revision();
                }
                any = true;
            }
            return any;
        }
    }

    private void readHistory() throws ChangeHistory.CompactedException {
        List<RevisionChanges> page = context.calls().store().history().read(seen + 1, PAGE);
        for (RevisionChanges revision : page) {
            Event last = null;
            for (CoordinationChange change : revision.coordination()) {
                if (change instanceof LockChanged lock && lock.path().equals(path)) {
                    Event event = Event.of(revision.revision(), lock);
                    last = event == null ? last : event;
                }
            }
            if (last != null) {
                ready.add(last);
            }
            seen = revision.revision();
        }
        behind = page.size() == PAGE;
    }

    private void send(Event event) {
        ElectionServiceObserveResponse.Builder out = ElectionServiceObserveResponse.newBuilder()
                .setHeader(context.header())
                .setRevision(event.revision());
        LockEntry leader = event.leader();
        if (leader != null) {
            out.setLeader(LockMessages.leader(leader, context.calls().store().sessions(), format));
        }
        observer.onNext(out.build());
    }

    /** A snapshot took the place of the changes. */
    @Override
    public synchronized void replaced() {
        end(Rejection.of(
                RejectReason.REVISION_COMPACTED,
                "this server took over a snapshot, the changes since revision " + seen
                        + " are not known here: begin with the present leader",
                "revision",
                Long.toString(seen)));
    }

    @Override
    public void stopping(Rejection why) {
        end(why);
    }

    private synchronized void fail(StoreFailure failure) {
        if (!ended) {
            ended = true;
            observer.onError(
                    ErrorMapper.exception(failure, context.calls().headers().leaderId()));
        }
    }

    private synchronized void end(Rejection why) {
        if (!ended) {
            ended = true;
            observer.onError(ErrorMapper.exception(why));
        }
    }

    /** The call is over, whoever ended it. */
    private synchronized void gone() {
        ended = true;
        watches.removeObservation(path, this);
        if (!left) {
            left = true;
            watches.leave();
        }
    }
}

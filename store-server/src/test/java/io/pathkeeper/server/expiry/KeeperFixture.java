package io.pathkeeper.server.expiry;

import io.pathkeeper.server.coordination.CoordinationChange;
import io.pathkeeper.server.coordination.LockTable;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.metrics.SessionMeters;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.state.ChangeHistory;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.state.RevisionChanges;
import io.pathkeeper.server.state.RevisionDigest;
import io.pathkeeper.server.store.AppliedState;
import io.pathkeeper.server.store.Leadership;
import io.pathkeeper.server.store.ProposalListener;
import io.pathkeeper.server.store.Proposer;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.store.StoreFailure.Outcome;
import io.pathkeeper.server.tree.TreeView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A keeper whose clock, log and majority are moved by hand. */
final class KeeperFixture implements AppliedState, Proposer, Leadership {
    static final long ELECTION_MILLIS = 1_000;
    static final long TICK_MILLIS = 50;

    private final SessionTable table = new SessionTable(1);
    private final Deque<Question> questions = new ArrayDeque<>();
    private final Deque<Proposal> proposals = new ArrayDeque<>();
    final List<Long> expired = new ArrayList<>();
    /** How late renewals were, in milliseconds. */
    final List<Long> lags = new ArrayList<>();

    final SessionKeeper keeper;
    /** How a confirmation ends at once; null leaves it to the test. */
    @Nullable
    Boolean majority = true;
    /** Whether proposals are applied at once. */
    boolean applies = true;

    private long nanos = -3_000_000_000L; // the clock's zero means nothing
    private long revision;

    private record Question(LongConsumer index, Runnable failed) {}

    private record Proposal(Command.ExpireSession command, ProposalListener listener) {}

    KeeperFixture() {
        SessionMeters meters = new SessionMeters() {
            @Override
            public void keepAliveLag(long behind) {
                lags.add(TimeUnit.NANOSECONDS.toMillis(behind));
            }
        };
        keeper = new SessionKeeper(TimeUnit.MILLISECONDS.toNanos(ELECTION_MILLIS), meters, () -> nanos);
        keeper.start(this, this, this);
    }

    /** Opens a session through the log; its id. */
    long open(long timeoutMillis) {
        revision++;
        Session session = new Session(
                table.nextId(), new byte[Session.SECRET_BYTES], timeoutMillis, "", new TreeMap<>(), "", revision, 0);
        table.open(session);
        changed(new CoordinationChange.SessionOpened(session));
        return session.id();
    }

    void changed(CoordinationChange... changes) {
        keeper.changed(List.of(new RevisionChanges(revision, 0, List.of(), List.of(changes))));
    }

    /** Time goes on, with a tick at every interval. */
    void pass(long millis) {
        for (long left = millis; left > 0; left -= TICK_MILLIS) {
            nanos += TimeUnit.MILLISECONDS.toNanos(Math.min(left, TICK_MILLIS));
            keeper.tick(nanos);
        }
    }

    /** Time goes on without ticks: the process stands still. */
    void standStill(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    void tick() {
        keeper.tick(nanos);
    }

    boolean touch(long id) {
        return keeper.touch(new long[] {id}).length == 0;
    }

    int waitingConfirmations() {
        return questions.size();
    }

    void answerConfirmation(boolean success) {
        Question question = questions.remove();
        if (success) {
            question.index.accept(1);
        } else {
            question.failed.run();
        }
    }

    int waitingProposals() {
        return proposals.size();
    }

    void applyProposal() {
        apply(proposals.remove());
    }

    void failProposal(Outcome outcome) {
        proposals.remove().listener.failed(new StoreFailure(Rejection.of(RejectReason.OVERLOADED, "planned"), outcome));
    }

    private void apply(Proposal proposal) {
        long id = proposal.command.sessionId();
        if (table.find(id) != null) {
            revision++;
            table.end(id);
            expired.add(id);
            changed(new CoordinationChange.SessionEnded(id, true));
        }
        proposal.listener.applied(new CommandResult.Done(revision));
    }

    @Override
    public void confirm(LongConsumer index, Runnable failed) {
        questions.add(new Question(index, failed));
        if (majority != null) {
            answerConfirmation(majority);
        }
    }

    @Override
    public void propose(Command command, @Nullable RequestId requestId, long deadlineNanos, ProposalListener listener) {
        Proposal proposal = new Proposal((Command.ExpireSession) command, listener);
        if (applies) {
            apply(proposal);
        } else {
            proposals.add(proposal);
        }
    }

    @Override
    public void offer(Command command, @Nullable RequestId requestId, long deadlineNanos, ProposalListener listener) {
        throw new UnsupportedOperationException("the keeper proposes");
    }

    @Override
    public void flush() {
        throw new UnsupportedOperationException("the keeper proposes");
    }

    @Override
    public SessionTable sessions() {
        return table;
    }

    @Override
    public RevisionDigest digest() {
        throw new IllegalStateException("the keeper reads no tree");
    }

    @Override
    public TreeView view() {
        throw new IllegalStateException("the keeper reads no tree");
    }

    @Override
    public ChangeHistory history() {
        throw new IllegalStateException("the keeper reads no history");
    }

    @Override
    public LockTable locks() {
        throw new IllegalStateException("the keeper reads no locks");
    }
}

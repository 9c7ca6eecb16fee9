package io.pathkeeper.server.expiry;

import io.pathkeeper.server.coordination.CoordinationChange;
import io.pathkeeper.server.expiry.ExpiryQueue.Timed;
import io.pathkeeper.server.metrics.SessionMeters;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.RevisionChanges;
import io.pathkeeper.server.store.AppliedState;
import io.pathkeeper.server.store.Leadership;
import io.pathkeeper.server.store.ProposalListener;
import io.pathkeeper.server.store.Proposer;
import io.pathkeeper.server.store.SessionTimer;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.store.StoreFailure.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the sessions that nobody has heard of for their timeout; on the leader only.
 *
 * <pre>
 * timed --(deadline passed)--> marked --(leadership confirmed in time)--> proposed --(applied)--> gone
 *   ^                            |                                          |
 *   +--(no confirmation in time) +--(certainly not applied) ----------------+
 * </pre>
 *
 * <p>While a session is marked or proposed, a touch of it is refused: whoever is told that a session was renewed can rely on its whole
 * timeout. A command that carries a session counts as a touch, too, when it is applied, and takes a mark away; not behind the proposal of its end,
 * of which nobody knows any more whether it comes first.
 *
 * <p>Time that this process, or its leadership, stood still for is no session's fault: the keeper's own clock, on which all deadlines
 * stand, leaves it out. So a late tick, or a confirmation that failed or came late, moves all deadlines on at once.
 *
 * <p>All state belongs to the monitor; nothing is called from inside it but the session table. Life: made before the member of the
 * cluster, which calls it as {@link SessionTimer}; {@link #start} when the member is there.
 */
public final class SessionKeeper implements SessionTimer {
    private static final Logger LOG = LoggerFactory.getLogger(SessionKeeper.class);

    /** A tick that comes later than this behind the one before says that the process stood still. */
    static final long MOST_TICK_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(550);
    /** A confirmation that takes longer proves nothing about the time in which a touch may have come. */
    static final long MOST_CONFIRMATION_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Most sessions whose end is under way at a time. */
    static final int MOST_UNDER_WAY = 1_000;

    private static final long PROPOSAL_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int PAGE = 1_000;
    /** How often clients renew a session in the time of its timeout. */
    private static final int RENEWALS = 3;

    private final long leaderGraceNanos;
    private final SessionMeters meters;
    private final LongSupplier nanoClock;
    private final ExpiryQueue queue = new ExpiryQueue();
    private volatile @Nullable Parts parts;
    /** Whether there is anybody whose time is kept: spares the apply thread the monitor. */
    private volatile boolean timing;

    private long readyTerm;
    private long lostNanos;
    private long lastTickNanos;
    private long attempts;
    private int underWay;
    private @Nullable Attempt current;
    private boolean confirmationsFail;
    private long failuresCountedNanos;

    /** What the keeper works with. */
    private record Parts(AppliedState state, Proposer proposer, Leadership leadership) {}

    /** Sessions that are about to be ended. */
    private record Attempt(long number, long term, long begunNanos, List<Timed> sessions) {}

    /**
     * Makes a keeper.
     *
     * @param electionTimeoutMaxNanos longest time without a leader before an election; a new leader gives sessions at least twice that
     * @param nanoClock monotonic, as {@link System#nanoTime}, the same that the ticks are made with
     */
    public SessionKeeper(long electionTimeoutMaxNanos, SessionMeters meters, LongSupplier nanoClock) {
        this.leaderGraceNanos = 2 * electionTimeoutMaxNanos;
        this.meters = meters;
        this.nanoClock = nanoClock;
        this.lastTickNanos = nanoClock.getAsLong();
    }

    /** Begins to end sessions, once; this server may lead already. */
    public void start(AppliedState state, Proposer proposer, Leadership leadership) {
        synchronized (this) {
            parts = new Parts(state, proposer, leadership);
            if (readyTerm != 0) {
                beginTerm(state);
            }
        }
    }

    @Override
    public void leaderReady(long term) {
        synchronized (this) {
            if (readyTerm == term) {
                return;
            }
            readyTerm = term;
            Parts known = parts;
            if (known != null) {
                beginTerm(known.state());
            }
        }
    }

    /** All sessions that were opened by now are in the table; later ones come through {@link #changed}. */
    private void beginTerm(AppliedState state) {
        forgetAll();
        long now = keeperNanos(nanoClock.getAsLong());
        SessionTable table = state.sessions();
        List<Session> page = table.after(0, PAGE);
        while (!page.isEmpty()) {
            for (Session session : page) {
                long timeout = TimeUnit.MILLISECONDS.toNanos(session.timeoutMillis());
                queue.add(session.id(), timeout, now + Math.max(timeout, leaderGraceNanos));
            }
            page = table.after(page.get(page.size() - 1).id(), PAGE);
        }
        timing = queue.size() > 0;
        LOG.atInfo()
                .addKeyValue("term", readyTerm)
                .addKeyValue("sessions", queue.size())
                .log("keeps the time of the sessions: each has its whole timeout from now on");
    }

    @Override
    public void notLeader() {
        synchronized (this) {
            readyTerm = 0;
            forgetAll();
        }
    }

    private void forgetAll() {
        queue.clear();
        current = null;
        underWay = 0;
        confirmationsFail = false;
        timing = false;
    }

    @Override
    public long[] touch(long[] sessionIds) {
        long[] refused = new long[sessionIds.length];
        int count = 0;
        long latest = 0;
        synchronized (this) {
            long now = keeperNanos(nanoClock.getAsLong());
            for (long id : sessionIds) {
                Timed session = queue.find(id);
                if (session == null || session.attempt != 0) {
                    refused[count++] = id;
                } else {
                    latest = Math.max(latest, queue.unheardNanos(session, now) - session.timeoutNanos / RENEWALS);
                    queue.extend(session, now + session.timeoutNanos);
                }
            }
        }
        if (count < sessionIds.length) {
            meters.keepAliveLag(latest);
        }
        return Arrays.copyOf(refused, count);
    }

    @Override
    public void changed(List<RevisionChanges> changes) {
        for (int i = 0; i < changes.size(); i++) {
            List<CoordinationChange> coordination = changes.get(i).coordination();
            for (int k = 0; k < coordination.size(); k++) {
                CoordinationChange change = coordination.get(k);
                if (change instanceof CoordinationChange.SessionOpened opened) {
                    meters.opened();
                    opened(opened.session());
                } else if (change instanceof CoordinationChange.SessionEnded ended) {
                    if (ended.expired()) {
                        meters.expired();
                    } else {
                        meters.closed();
                    }
                    ended(ended.sessionId());
                } else if (change instanceof CoordinationChange.LockChanged lock
                        && lock.election()
                        && lock.kind() == CoordinationChange.Kind.GRANTED) {
                    meters.elected();
                }
            }
        }
    }

    private synchronized void opened(Session session) {
        if (readyTerm != 0 && parts != null) {
            long timeout = TimeUnit.MILLISECONDS.toNanos(session.timeoutMillis());
            queue.add(session.id(), timeout, keeperNanos(nanoClock.getAsLong()) + timeout);
            timing = true;
        }
    }

    private synchronized void ended(long id) {
        queue.remove(id);
        timing = queue.size() > 0;
    }

    @Override
    public void heard(long[] sessionIds) {
        if (timing) {
            heardTimed(sessionIds);
        }
    }

    private synchronized void heardTimed(long[] sessionIds) {
        long now = keeperNanos(nanoClock.getAsLong());
        for (long id : sessionIds) {
            Timed session = queue.find(id);
            if (session != null && !session.proposed) {
                queue.extend(session, now + session.timeoutNanos);
                if (session.attempt != 0) {
                    unmark(session);
                }
            }
        }
    }

    @Override
    public void tick(long nowNanos) {
        Attempt begun;
        Parts known = parts;
        synchronized (this) {
            long gap = nowNanos - lastTickNanos;
            lastTickNanos = nowNanos;
            if (readyTerm == 0 || known == null) {
                return;
            }
            if (gap > MOST_TICK_GAP_NANOS) {
                lose(gap, "the process stood still");
                return;
            }
            if (current != null) {
                if (nowNanos - current.begunNanos > MOST_CONFIRMATION_NANOS) {
                    confirmationFailed(nowNanos);
                }
                return;
            }
            begun = beginAttempt(nowNanos);
        }
        if (begun != null) {
            known.leadership().confirm(index -> confirmed(begun, known.proposer()), () -> notConfirmed(begun));
        }
    }

    private @Nullable Attempt beginAttempt(long nowNanos) {
        List<Timed> due = new ArrayList<>();
        long now = keeperNanos(nowNanos);
        while (due.size() + underWay < MOST_UNDER_WAY) {
            Timed session = queue.nextDue(now);
            if (session == null) {
                break;
            }
            due.add(session);
        }
        if (due.isEmpty()) {
            return null;
        }
        attempts++;
        due.forEach(session -> session.attempt = attempts);
        current = new Attempt(attempts, readyTerm, nowNanos, due);
        return current;
    }

    private void confirmed(Attempt attempt, Proposer proposer) {
        List<Timed> due = new ArrayList<>(attempt.sessions.size());
        long now = nanoClock.getAsLong();
        synchronized (this) {
            if (current != attempt) {
                return;
            }
            if (confirmationsFail || now - attempt.begunNanos > MOST_CONFIRMATION_NANOS) {
                // The time before this answer counts for nobody; from now on confirmations may succeed again.
                confirmationFailed(now);
                confirmationsFail = false;
                return;
            }
            current = null;
            for (Timed session : attempt.sessions) {
                if (session.attempt == attempt.number && queue.find(session.id) == session) {
                    session.proposed = true;
                    due.add(session);
                }
            }
            underWay += due.size();
        }
        for (Timed session : due) {
            proposer.propose(
                    new Command.ExpireSession(session.id, attempt.term),
                    null,
                    now + PROPOSAL_NANOS,
                    new Ending(session, attempt));
        }
    }

    private synchronized void notConfirmed(Attempt attempt) {
        if (current == attempt) {
            confirmationFailed(nanoClock.getAsLong());
        }
    }

    /** Leaves the time of an unbroken series of failed confirmations out of the keeper's clock. */
    private void confirmationFailed(long nowNanos) {
        Attempt failed = current;
        if (failed != null) {
            long from = confirmationsFail ? failuresCountedNanos : failed.begunNanos;
            confirmationsFail = true;
            failuresCountedNanos = nowNanos;
            lose(nowNanos - from, "the leadership was not confirmed");
        }
    }

    /** All deadlines move on, and the attempt that is under way is given up. */
    private void lose(long nanos, String why) {
        lostNanos += nanos;
        Attempt given = current;
        current = null;
        if (given != null) {
            for (Timed session : given.sessions) {
                if (session.attempt == given.number) {
                    unmark(session);
                }
            }
        }
        LOG.atDebug()
                .addKeyValue("millis", TimeUnit.NANOSECONDS.toMillis(nanos))
                .addKeyValue("cause", why)
                .log("gives all sessions more time");
    }

    private void unmark(Timed session) {
        session.attempt = 0;
        session.proposed = false;
        queue.putBack(session);
    }

    /** The keeper's clock: the monotonic one without the lost times. */
    private long keeperNanos(long nanos) {
        return nanos - lostNanos;
    }

    private synchronized void proposalEnded(Timed session, Attempt attempt, boolean mayBeApplied) {
        if (readyTerm != attempt.term) {
            return; // all was forgotten in the meantime
        }
        underWay--;
        if (!mayBeApplied && session.attempt == attempt.number) {
            unmark(session);
        }
    }

    /** Sessions whose end is under way: their time is over, and they may not be renewed any more; 0 unless this server leads. */
    public synchronized int endingCount() {
        Attempt marked = current;
        return underWay + (marked == null ? 0 : marked.sessions.size());
    }

    /** Number of sessions whose time is kept; 0 unless this server leads. For tests and diagnosis. */
    synchronized int size() {
        return queue.size();
    }

    /** What became of a proposal to end a session. */
    private final class Ending implements ProposalListener {
        private final Timed session;
        private final Attempt attempt;

        Ending(Timed session, Attempt attempt) {
            this.session = session;
            this.attempt = attempt;
        }

        @Override
        public void applied(CommandResult result) {
            // A session that the command ended was taken out by the change, before this.
            proposalEnded(session, attempt, false);
        }

        @Override
        public void failed(StoreFailure failure) {
            // Who may still be ended by this command must not be renewed in this term any more.
            proposalEnded(session, attempt, failure.outcome() == Outcome.UNKNOWN);
        }
    }
}

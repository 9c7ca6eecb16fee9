package io.pathkeeper.server.raft;

import io.pathkeeper.server.raft.RatisProposer.Route;
import io.pathkeeper.server.store.SessionRenewal;
import io.pathkeeper.server.store.StoreFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Renews sessions for this server's callers: all that wait when a round begins share it. A round has the sessions touched by the
 * leader, this server or another, who then confirms its leadership; it completes when this server has applied the index that came
 * with the confirmation.
 *
 * <p>A deposed leader cannot confirm, so it never says that a session was renewed. A round that fails is tried again, touch and all,
 * until its time is over.
 *
 * <p>Safe for all threads; one round is under way at a time, and they begin a set time apart. Listeners are told on the completion thread.
 */
final class RatisRenewals implements SessionRenewal {
    /** Sessions that wait for the next round at most; one frame to the leader holds them. */
    static final int MAX_WAITING = 200_000;

    /**
     * Rounds of a server begin so far apart at least: renewals that come one by one share a question, and a client that renews in good time does
     * not notice. The first one behind a pause does not wait.
     */
    static final long GATHER_MILLIS = 20;

    private static final long RETRY_MILLIS = 10;
    private static final long[] NOBODY = {};

    /** What a round has to know of this server. */
    interface Local extends RatisReadBarrier.Local {
        /** Touches the sessions as the leader; returns those that were refused. */
        long[] touch(long[] sessions);

        /** Asks the leader; exactly one callback runs. */
        void askRenewal(String leaderId, long[] sessions, PeerLink.Answer answer, Runnable failed);
    }

    private record Asker(long[] sessions, RenewListener listener) {}

    private final Local local;
    private final RatisReadBarrier barrier;
    private final Completions completions;
    private final long timeoutNanos;
    private final long gatherNanos;
    private List<Asker> waiting = new ArrayList<>();
    private int waitingSessions;
    /** A round is under way, or the time of the next one is set. */
    private boolean asking;

    private long lastBeganNanos;
    private volatile boolean closed;

    RatisRenewals(Local local, RatisReadBarrier barrier, Completions completions, long timeoutNanos, long gatherNanos) {
        this.local = local;
        this.barrier = barrier;
        this.completions = completions;
        this.timeoutNanos = timeoutNanos;
        this.gatherNanos = gatherNanos;
        this.lastBeganNanos = System.nanoTime() - gatherNanos;
    }

    @Override
    public void renew(long[] sessionIds, RenewListener listener) {
        if (closed) {
            listener.failed(Failures.shuttingDown());
            return;
        }
        boolean begin = false;
        int count;
        synchronized (this) {
            count = waitingSessions + Math.max(1, sessionIds.length);
            if (count <= MAX_WAITING) {
                waiting.add(new Asker(sessionIds, listener));
                waitingSessions = count;
                begin = !asking;
                asking = true;
            }
        }
        if (count > MAX_WAITING) {
            listener.failed(Failures.overloaded("renewals of sessions", count, MAX_WAITING));
        } else if (begin) {
            beginInTime();
        }
    }

    /** Rounds that are still asked for fail. */
    void close() {
        closed = true;
    }

    private void beginInTime() {
        long left;
        synchronized (this) {
            left = lastBeganNanos + gatherNanos - System.nanoTime();
        }
        if (left <= 0) {
            begin();
        } else {
            local.later(this::begin, TimeUnit.NANOSECONDS.toMillis(left) + 1);
        }
    }

    private void begin() {
        Round round;
        synchronized (this) {
            lastBeganNanos = System.nanoTime();
            round = new Round(waiting, waitingSessions, lastBeganNanos + timeoutNanos);
            waiting = new ArrayList<>();
            waitingSessions = 0;
        }
        round.ask();
    }

    private void asked() {
        boolean begin;
        synchronized (this) {
            begin = !waiting.isEmpty();
            asking = begin;
        }
        if (begin) {
            beginInTime();
        }
    }

    /** Renewals that share one question. */
    private final class Round {
        private final List<Asker> askers;
        private final long[] sessions;
        private final long deadlineNanos;
        private boolean leaderKnown;

        Round(List<Asker> askers, int most, long deadlineNanos) {
            this.askers = askers;
            this.deadlineNanos = deadlineNanos;
            long[] all = new long[most];
            int count = 0;
            for (Asker asker : askers) {
                System.arraycopy(asker.sessions(), 0, all, count, asker.sessions().length);
                count += asker.sessions().length;
            }
            sessions = Arrays.copyOf(all, count);
        }

        void ask() {
            Route route = local.route();
            switch (route.kind()) {
                case LEADER -> {
                    leaderKnown = true;
                    long[] refused = local.touch(sessions);
                    local.confirmLeadership(index -> confirmed(index, refused), this::failed);
                }
                case FOLLOWER -> {
                    leaderKnown = true;
                    local.askRenewal(route.leaderId(), sessions, this::confirmed, this::failed);
                }
                case NONE -> failed();
            }
        }

        private void confirmed(long index, long[] refused) {
            asked();
            barrier.awaitIndex(index, deadlineNanos, () -> tell(refused), this::giveUp);
        }

        private void tell(long[] refused) {
            Set<Long> all = new HashSet<>();
            for (long id : refused) {
                all.add(id);
            }
            for (Asker asker : askers) {
                asker.listener()
                        .renewed(
                                all.isEmpty()
                                        ? NOBODY
                                        : Arrays.stream(asker.sessions())
                                                .filter(all::contains)
                                                .toArray());
            }
        }

        private void failed() {
            if (closed || System.nanoTime() - deadlineNanos >= 0) {
                asked();
                completions.run(this::giveUp);
                return;
            }
            local.later(this::ask, RETRY_MILLIS);
        }

        private void giveUp() {
            StoreFailure failure;
            if (closed) {
                failure = Failures.shuttingDown();
            } else if (leaderKnown) {
                failure = Failures.noQuorum("no majority of the servers confirmed the leader within "
                        + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms, so no session was certainly renewed");
            } else {
                failure = Failures.noLeader();
            }
            for (Asker asker : askers) {
                asker.listener().failed(failure);
            }
        }
    }
}

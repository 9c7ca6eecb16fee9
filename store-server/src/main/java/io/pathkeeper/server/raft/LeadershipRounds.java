package io.pathkeeper.server.raft;

import io.pathkeeper.server.metrics.RaftMeters;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Confirms that this server still leads, for all who asked before the round began.
 *
 * <p>A round notes the commit index, asks the other voters for their term, and succeeds when a majority, this server included
 * (both majorities while the membership changes), still has this leader's term. A server that votes in a newer term does so
 * behind its answer, so whatever a newer leader commits comes after everything that this round serves began. Ratis's own read
 * index does without the questions when nothing was committed since the last one, and is not linearizable for it.
 *
 * <p>Safe for all threads; one round is under way at a time. Callbacks run on the thread that completed the round.
 */
final class LeadershipRounds {
    /** What a round has to know of this server. */
    interface Local {
        /** The term in which this server leads and is ready, or 0. */
        long readyTerm();

        long commitIndex();

        String memberId();

        /** Sets of voters; each needs a majority. */
        List<Set<String>> voterSets();

        /** Asks another server for its term; exactly one callback runs. */
        void askTerm(String memberId, LongConsumer answer, Runnable failed);
    }

    private record Asker(LongConsumer index, Runnable failed) {}

    private final Local local;
    private final long timeoutNanos;
    private final RaftMeters meters;
    private List<Asker> waiting = new ArrayList<>();
    private @Nullable Round current;
    private long rounds;

    LeadershipRounds(Local local, long timeoutNanos, RaftMeters meters) {
        this.local = local;
        this.timeoutNanos = timeoutNanos;
        this.meters = meters;
    }

    /** Exactly one of the callbacks runs. */
    void confirm(LongConsumer index, Runnable failed) {
        if (local.readyTerm() == 0) {
            failed.run();
            return;
        }
        Round begin;
        synchronized (this) {
            waiting.add(new Asker(index, failed));
            if (current != null) {
                return;
            }
            begin = next();
        }
        begin.run();
    }

    /** Ends a round that got no answers. Called now and then. */
    void expire(long nowNanos) {
        Round late;
        synchronized (this) {
            late = current;
        }
        if (late != null && nowNanos - late.begun > timeoutNanos) {
            late.end(false);
        }
    }

    /** Rounds that were begun, for measurements. */
    synchronized long rounds() {
        return rounds;
    }

    private Round next() {
        Round round = new Round(waiting);
        waiting = new ArrayList<>();
        current = round;
        rounds++;
        return round;
    }

    private void finished() {
        Round begin;
        synchronized (this) {
            if (waiting.isEmpty()) {
                current = null;
                return;
            }
            begin = next();
        }
        begin.run();
    }

    /** One round. Its fields belong to its monitor. */
    private final class Round {
        private final List<Asker> askers;
        private final long begun = System.nanoTime();
        private final Set<String> confirmed = new HashSet<>();
        private final Set<String> failed = new HashSet<>();
        private List<Set<String>> voters = List.of();
        private long term;
        private long index;
        private boolean done;

        Round(List<Asker> askers) {
            this.askers = askers;
        }

        void run() {
            term = local.readyTerm();
            index = local.commitIndex();
            if (term == 0) {
                end(false);
                return;
            }
            voters = local.voterSets();
            Set<String> others = new HashSet<>();
            voters.forEach(others::addAll);
            others.remove(local.memberId());
            answered(local.memberId(), term);
            if (others.isEmpty()) {
                return;
            }
            for (String other : others) {
                local.askTerm(other, answer -> answered(other, answer), () -> failed(other));
            }
        }

        private void answered(String member, long itsTerm) {
            boolean success;
            synchronized (this) {
                // A lower term confirms as little as a higher one: that server has not heard of this leader.
                (itsTerm == term ? confirmed : failed).add(member);
                success = voters.stream().allMatch(set -> isMajority(set, confirmed));
            }
            if (success) {
                end(true);
            } else {
                endIfHopeless();
            }
        }

        private void failed(String member) {
            synchronized (this) {
                failed.add(member);
            }
            endIfHopeless();
        }

        private void endIfHopeless() {
            boolean hopeless;
            synchronized (this) {
                hopeless = voters.stream().anyMatch(set -> {
                    long left = set.stream()
                            .filter(member -> !failed.contains(member))
                            .count();
                    return left * 2 <= set.size();
                });
            }
            if (hopeless) {
                end(false);
            }
        }

        private boolean isMajority(Set<String> set, Set<String> members) {
            return set.stream().filter(members::contains).count() * 2 > set.size();
        }

        private void end(boolean success) {
            synchronized (this) {
                if (done) {
                    return;
                }
                done = true;
            }
            if (success) {
                meters.readRoundNanos(System.nanoTime() - begun);
            }
            finished();
            for (Asker asker : askers) {
                if (success) {
                    asker.index().accept(index);
                } else {
                    asker.failed().run();
                }
            }
        }
    }
}

package io.pathkeeper.server.raft;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has another leader elected as soon as the leader's process has ended, and not only when nothing was heard from it for an election timeout.
 *
 * <p>A follower whose link to the leader breaks tries to connect to it again. If that fails, it tells the other servers so, with the last entry of its
 * log. When a majority of every set of voters says the same of the same term, the leader can commit nothing any more, and the one of them with the
 * newest entry stands for election at once; of equal ones the one whose identity comes first. A network that swallows packets breaks no
 * link: there the election timeout decides, as it does whenever this here comes to nothing.
 *
 * <p>Safe for all threads. One loss is looked at at a time, on a thread of its own that ends with it.
 */
final class LostLeader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LostLeader.class);
    /** What the leader sent last may still be on its way into the log. */
    private static final long SETTLE_MILLIS = 20;
    /** A server that has not found the same by then does not find it. */
    private static final long AGREEMENT_MILLIS = 500;
    /** Behind a majority: others may have a newer entry. */
    private static final long OTHERS_MILLIS = 20;

    /** Whom this server follows. */
    record Following(String leader, long term) {}

    /**
     * That a server has lost the leader of a term.
     *
     * @param lastTerm of the last entry of its log
     * @param lastIndex likewise
     */
    record Report(long term, long lastTerm, long lastIndex) {
        private boolean isNewerThan(Report other) {
            return lastTerm != other.lastTerm ? lastTerm > other.lastTerm : lastIndex > other.lastIndex;
        }
    }

    /** What is needed of this server. Callable from any thread. */
    interface Local {
        String memberId();

        /** Whom this server follows; null when it follows nobody or may not stand for election. */
        @Nullable
        Following following();

        /** The sets of which a majority has to agree each. */
        List<Set<String>> voterSets();

        /** Whether a connection to that server can be made. Blocks for a moment. */
        boolean isReachable(String member);

        /** What is to be told of the loss of the leader of this term; null when the log has no entry of it. */
        @Nullable
        Report report(long term);

        void tell(String member, Report report);

        /** Stands for election now; returns whether it does. */
        boolean stand(Following lost, Report own);
    }

    /** Longer ago, a server may have found the leader again. */
    private static final long VALID_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** What a server said, and when. */
    private record Told(Report report, long nanos) {
        private boolean isOf(long term, long nowNanos) {
            return report.term() == term && nowNanos - nanos <= VALID_NANOS;
        }
    }

    private final Local local;
    private final Map<String, Told> told = new HashMap<>();
    private @Nullable Thread looking;
    private boolean closed;

    LostLeader(Local local) {
        this.local = local;
    }

    /** The link to another server, which was open, broke. Does not block. */
    void linkBroke(String member) {
        Following following = local.following();
        if (following == null || !following.leader().equals(member)) {
            return;
        }
        synchronized (this) {
            if (!closed && looking == null) {
                looking = new Thread(() -> look(following), local.memberId() + "-lost-leader");
                looking.setDaemon(true);
                looking.start();
            }
        }
    }

    /** Another server has lost a leader. Does not block. */
    synchronized void told(String member, Report report) {
        if (local.voterSets().stream().anyMatch(voters -> voters.contains(member))) {
            told.put(member, new Told(report, System.nanoTime()));
            notifyAll();
        }
    }

    private void look(Following lost) {
        try {
            if (local.isReachable(lost.leader())) {
                return;
            }
            Thread.sleep(SETTLE_MILLIS);
            Report own = lost.equals(local.following()) ? local.report(lost.term()) : null;
            if (own == null) {
                return;
            }
            Set<String> others = new HashSet<>();
            local.voterSets().forEach(others::addAll);
            others.remove(local.memberId());
            others.remove(lost.leader());
            others.forEach(other -> local.tell(other, own));
            Map<String, Report> agreeing = agreement(lost.term(), others);
            if (agreeing != null
                    && isFirst(own, agreeing)
                    && lost.equals(local.following())
                    && local.stand(lost, own)) {
                LOG.atInfo()
                        .addKeyValue("leader", lost.leader())
                        .addKeyValue("term", lost.term())
                        .addKeyValue("agreeing", agreeing.keySet())
                        .log("the leader has ended: this server stands for election at once");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (this) {
                looking = null;
                told.values().removeIf(one -> one.report().term() <= lost.term());
            }
        }
    }

    /** Waits for those who have lost the same leader; null if they are no majority. */
    private synchronized @Nullable Map<String, Report> agreement(long term, Set<String> others)
            throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(AGREEMENT_MILLIS);
        boolean enough = false;
        while (true) {
            long now = System.nanoTime();
            Map<String, Report> agreeing = new HashMap<>();
            told.forEach((member, one) -> {
                if (one.isOf(term, now)) {
                    agreeing.put(member, one.report());
                }
            });
            if (!enough && isMajority(agreeing.keySet())) {
                enough = true;
                end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(OTHERS_MILLIS);
            }
            long left = end - System.nanoTime();
            if (left <= 0 || agreeing.keySet().containsAll(others)) {
                return enough ? agreeing : null;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private boolean isMajority(Set<String> others) {
        String self = local.memberId();
        return local.voterSets().stream().allMatch(voters -> {
            long count = voters.stream()
                    .filter(voter -> voter.equals(self) || others.contains(voter))
                    .count();
            return 2 * count > voters.size();
        });
    }

    private boolean isFirst(Report own, Map<String, Report> others) {
        return others.entrySet().stream().noneMatch(other -> {
            Report theirs = other.getValue();
            boolean equal = !theirs.isNewerThan(own) && !own.isNewerThan(theirs);
            return theirs.isNewerThan(own) || (equal && other.getKey().compareTo(local.memberId()) < 0);
        });
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (looking != null) {
            looking.interrupt();
        }
    }
}

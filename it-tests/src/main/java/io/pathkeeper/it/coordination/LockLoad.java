package io.pathkeeper.it.coordination;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.observe.Observation;
import io.pathkeeper.client.observe.ObserveRequest;
import io.pathkeeper.it.history.LockHistory;
import io.pathkeeper.it.history.SessionEndings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Contention for locks by clients with sessions of their own, with everything that is recorded of it: the locks' histories, the ends of sessions as an
 * observer sees them, and the keep-alives. Its methods may be called from any thread.
 */
public final class LockLoad implements AutoCloseable {
    private static final Duration STANDING_LIMIT = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Duration timeout;
    private final LockHistory history = new LockHistory(0);
    private final LockHistory shared = new LockHistory(0);
    private final LockHistory permits = new LockHistory(Contender.PERMITS);
    private final SessionEndings endings = new SessionEndings();
    private final MembersObserver members = new MembersObserver(endings);
    private final ConcurrentLinkedQueue<Long> lostSessions = new ConcurrentLinkedQueue<>();
    private final Contender.Run run;
    private final PathkeeperClient observer;
    private final Observation observation;
    private final KeepAlives keepAlives;

    /**
     * Begins to observe and to keep alive, on servers that are well.
     *
     * @param addresses of the servers
     * @param stubs of the same servers; the caller closes them
     * @param timeout of the sessions
     */
    public LockLoad(List<String> addresses, List<ServerStubs> stubs, Duration timeout) throws InterruptedException {
        this.timeout = timeout;
        observer = PathkeeperClient.builder()
                .servers(addresses.toArray(String[]::new))
                .build();
        observation = observer.observe(ObserveRequest.children(Contender.MEMBERS), members);
        keepAlives = new KeepAlives(stubs, timeout.dividedBy(4), lostSessions::add);
        run = new Contender.Run(stubs, keepAlives, history, shared, permits, endings, timeout, PATIENCE);
        CommandLines.await("the observation stands", STANDING_LIMIT, members::isStanding);
    }

    /** A client with a number of its own, to be run by a thread of its own until it shall stop. */
    public Contender contender(int number, long seed, BooleanSupplier stopping) {
        return new Contender(run, number, seed, stopping);
    }

    /** Waits, when all clients have ended, until all sessions have, too, and nothing of them is left. */
    public void awaitEndings() throws InterruptedException {
        CommandLines.await(
                "all ephemerals of ended sessions are gone",
                timeout.plusSeconds(30),
                () -> endings.isComplete() || observation.ended().isDone());
        members.endRevisions().forEach((session, revision) -> {
            for (LockHistory lock : histories()) {
                lock.sessionEnded(session, revision);
            }
        });
    }

    /** Returns a sentence for every promise that was broken; to be asked once, behind {@link #awaitEndings}. */
    public List<String> violations() {
        List<String> broken = new ArrayList<>(history.violations());
        shared.violations().forEach(violation -> broken.add("shared lock: " + violation));
        permits.violations().forEach(violation -> broken.add("permits: " + violation));
        broken.addAll(endings.violations());
        broken.addAll(members.faults());
        broken.addAll(tooEarly());
        RuntimeException failure = keepAlives.failure();
        if (failure != null) {
            broken.add("the keep-alives failed, so no session was kept alive any more: " + failure);
        }
        return broken;
    }

    /** What was recorded of the lock that is held alone, under whose guard clients write. */
    public LockHistory history() {
        return history;
    }

    /** What was recorded of all locks. */
    public List<LockHistory> histories() {
        return List.of(history, shared, permits);
    }

    /** How often a session that was over was used. */
    public int usedBehindEndCount() {
        return endings.usedBehindEndCount();
    }

    /** What keeps the sessions alive. */
    public KeepAlives keepAlives() {
        return keepAlives;
    }

    /** Sessions whose end was seen. */
    public int endedSessionCount() {
        return members.endRevisions().size();
    }

    /** Sessions that were over though they were kept alive, because no server could be reached in time. */
    public int lostSessionCount() {
        return lostSessions.size();
    }

    @Override
    public void close() {
        keepAlives.close();
        observation.close();
        observer.close();
    }

    /** Sessions that ended sooner than their timeout behind the sending of the last message that was answered well. */
    private List<String> tooEarly() {
        List<String> early = new ArrayList<>();
        keepAlives.lostNanos().forEach((session, lost) -> {
            Long heard = keepAlives.lastHeardNanos(session);
            long seen = Math.min(lost, members.endNanos().getOrDefault(session, Long.MAX_VALUE));
            if (heard != null && seen - heard < timeout.toNanos()) {
                early.add("session " + session + " was over " + TimeUnit.NANOSECONDS.toMillis(seen - heard)
                        + " ms after it was heard, its timeout is " + timeout.toMillis());
            }
        });
        return early;
    }
}

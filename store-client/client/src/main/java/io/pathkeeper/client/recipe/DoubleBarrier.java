package io.pathkeeper.client.recipe;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.error.NodeExistsException;
import io.pathkeeper.client.error.NodeNotFoundException;
import io.pathkeeper.client.model.Condition;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.Operation;
import io.pathkeeper.client.model.Transaction;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.client.observe.ObserveRequest;
import io.pathkeeper.client.observe.ObserveScope;
import io.pathkeeper.client.session.PathkeeperSession;
import java.time.Duration;
import java.util.List;

/**
 * A barrier that a number of members enter together and leave together, round by round. Each member is an ephemeral child of the barrier's
 * znode, which itself stays.
 *
 * <p><b>Promised:</b> nobody passes {@link #enter(Duration)} before as many members as were asked for have come in this round, and nobody passes
 * {@link #leave(Duration)} before all of them have left or their sessions have ended. Whoever comes when a round is under way waits for the
 * next one. <b>Not promised:</b> that all are there still when the last one passes: a member whose session ends has left.
 *
 * <pre>{@code
 * DoubleBarrier barrier = new DoubleBarrier(client, session, "/barriers/step", 1);
 * System.out.println(barrier.enter(Duration.ofSeconds(5))); // true: the one member is there
 * System.out.println(barrier.leave(Duration.ofSeconds(5))); // true: all have left
 * }</pre>
 */
public final class DoubleBarrier {
    private final PathkeeperClient client;
    private final PathkeeperSession session;
    private final String path;
    private final String member;
    private final int memberCount;
    /** The phase in which this member came. The barrier's value counts phases: in even ones members gather, in odd ones the round runs. */
    private long cameIn = -1;

    /**
     * Makes a member; one for each session, for one thread at a time.
     *
     * @param memberCount how many members a round needs: 1 to 10,000, the same from everybody
     */
    public DoubleBarrier(PathkeeperClient client, PathkeeperSession session, String path, int memberCount) {
        if (memberCount < 1 || memberCount > 10_000) {
            throw new IllegalArgumentException("memberCount must be 1 to 10,000, not " + memberCount);
        }
        this.client = client;
        this.session = session;
        this.path = path;
        this.member = Waits.child(path, "member-" + session.id());
        this.memberCount = memberCount;
    }

    private ObserveRequest changes() {
        return ObserveRequest.node(path).and(path, ObserveScope.CHILDREN);
    }

    /**
     * Comes, and waits until the round has all its members.
     *
     * @return false when it has not within the time: this member has left again then
     * @throws io.pathkeeper.client.error.PreconditionFailedException with {@code SESSION_EXPIRED} when the session is lost
     */
    public boolean enter(Duration timeout) {
        cameIn = -1;
        try {
            client.store().create(path, Value.of(0), CreateOptions.defaults().createParents(true));
        } catch (NodeExistsException e) {
            // The barrier was used before; its value tells the phase.
            cameIn = -1;
        }
        boolean passed = ChangeSignal.await(client, changes(), session, this::mayRun, timeout);
        if (!passed) {
            withdraw();
        }
        return passed;
    }

    private boolean mayRun() {
        Waits.requireSession(session);
        Znode barrier = client.store().get(path);
        long phase = barrier.value().asLong();
        if (cameIn < 0) {
            if (phase % 2 != 0) {
                // A round whose members have all gone without a word is over.
                endRound(phase);
            } else if (come(phase)) {
                cameIn = phase;
            }
            barrier = client.store().get(path);
            phase = barrier.value().asLong();
        }
        if (cameIn >= 0 && phase == cameIn && barrier.stat().childCount() >= memberCount) {
            // Whoever sees that all are there says it, for those that look when some have left again.
            move(phase, barrier.stat().childCount());
            phase = client.store().get(path).value().asLong();
        }
        return cameIn >= 0 && phase > cameIn;
    }

    /** Comes to the round that gathers its members in this phase. */
    private boolean come(long phase) {
        try {
            CreateOptions ephemeral = CreateOptions.defaults().ephemeral(session);
            return client.store()
                    .transact(Transaction.when(Condition.valueEquals(path, phase))
                            .then(Operation.create(member, Value.NULL, ephemeral)))
                    .succeeded();
        } catch (NodeExistsException e) {
            // This session is there still, from a call that did not leave.
            return true;
        }
    }

    private void move(long phase, long childCount) {
        client.store()
                .transact(Transaction.when(Condition.valueEquals(path, phase), Condition.childCount(path, childCount))
                        .then(Operation.set(path, Value.of(phase + 1))));
    }

    private void endRound(long phase) {
        move(phase, 0);
    }

    private void withdraw() {
        try {
            client.store().delete(member);
        } catch (NodeNotFoundException e) {
            // It never came, or its session has ended.
            cameIn = -1;
        }
    }

    /**
     * Goes, and waits until all have gone.
     *
     * @return false when some are still there when the time is over; this member has gone all the same; true at once when it never came
     */
    public boolean leave(Duration timeout) {
        if (cameIn < 0) {
            return true;
        }
        long running = cameIn + 1;
        withdraw();
        return ChangeSignal.await(client, changes(), null, () -> isOver(running), timeout);
    }

    private boolean isOver(long running) {
        Znode barrier = client.store().get(path);
        if (barrier.value().asLong() == running && barrier.stat().childCount() == 0) {
            endRound(running);
            return true;
        }
        return barrier.value().asLong() != running;
    }

    /** Returns how many members there are, linearizably. */
    public long memberCount() {
        return client.store()
                .batchGet(List.of(path))
                .results()
                .get(0)
                .znode()
                .map(znode -> znode.stat().childCount())
                .orElse(0L);
    }

    @Override
    public String toString() {
        return "DoubleBarrier[" + path + " of " + memberCount + "]";
    }
}

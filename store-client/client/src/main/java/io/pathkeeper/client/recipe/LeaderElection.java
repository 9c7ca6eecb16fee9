package io.pathkeeper.client.recipe;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.coordination.CampaignRequest;
import io.pathkeeper.client.coordination.Candidacy;
import io.pathkeeper.client.coordination.Leadership;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.session.SessionState;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Stands for election again and again, as long as its session lives, and tells a listener when it leads and when it does not any more.
 *
 * <p><b>Promised:</b> at each revision at most one session that has not ended leads; terms grow; {@link #isLeader()} is false as soon as the session
 * is suspended or lost, by the clock of this machine. <b>Not promised:</b> a leader that is stopped does not know that it has lost: its writes to the
 * store are made safe by {@link Leadership#guards()}, other systems by refusing a term lower than one that they have seen.
 *
 * <pre>{@code
 * try (LeaderElection election = LeaderElection.start(
 *         client,
 *         CampaignRequest.of("/elections/import", session).value(Value.of("host-1")),
 *         leadership -> System.out.println("leads in term " + leadership.term()))) {
 *     System.out.println(election.isLeader());
 * }
 * }</pre>
 */
public final class LeaderElection implements AutoCloseable {
    /** Is told what becomes of the candidate. Called by one callback thread at a time; must not block for long. */
    @FunctionalInterface
    public interface Listener {
        /** The candidate leads. */
        void onElected(Leadership leadership);

        /** The candidate leads no more. */
        default void onLost(Leadership leadership) {}

        /**
         * The candidate stands no more; nothing follows.
         *
         * @param error why; null when it was closed
         */
        default void onEnd(@Nullable PathkeeperException error) {}
    }

    private final PathkeeperClient client;
    private final CampaignRequest request;
    private final Listener listener;
    private CampaignRequest next;
    private @Nullable Candidacy candidacy;
    private @Nullable Leadership leadership;
    private boolean closed;

    private LeaderElection(PathkeeperClient client, CampaignRequest request, Listener listener) {
        this.client = client;
        this.request = request;
        this.next = request;
        this.listener = listener;
    }

    /** Begins to stand for election; does not wait. */
    public static LeaderElection start(PathkeeperClient client, CampaignRequest request, Listener listener) {
        LeaderElection election = new LeaderElection(client, request, listener);
        election.stand();
        return election;
    }

    private void stand() {
        Candidacy standing;
        synchronized (this) {
            if (closed) {
                return;
            }
            standing = client.elections().campaign(next);
            // Under another id the next time: the servers may not have heard yet that this one has resigned.
            next = request.candidateId(UUID.randomUUID().toString());
            candidacy = standing;
        }
        standing.elected().whenComplete((won, error) -> {
            if (won == null) {
                failed(Waits.cause(error));
                return;
            }
            synchronized (this) {
                leadership = won;
            }
            listener.onElected(won);
            won.whenLost().whenComplete((done, none) -> lost(won));
        });
    }

    private void lost(Leadership over) {
        synchronized (this) {
            leadership = null;
        }
        listener.onLost(over);
        if (request.session().state() == SessionState.LOST) {
            end(Waits.precondition(
                    Reason.SESSION_EXPIRED,
                    "session " + request.session().id() + " is lost, and with it the candidate of " + request.path()));
        } else {
            standAgain();
        }
    }

    private void failed(Throwable error) {
        boolean left = Waits.isReason(error, Reason.LEADERSHIP_LOST);
        if (left) {
            standAgain();
        } else {
            end(
                    error instanceof PathkeeperException known
                            ? known
                            : Waits.precondition(
                                    Reason.INTERNAL, "the candidate of " + request.path() + " failed: " + error));
        }
    }

    private void standAgain() {
        boolean over;
        synchronized (this) {
            over = closed;
        }
        if (over) {
            listener.onEnd(null);
        } else {
            stand();
        }
    }

    private void end(PathkeeperException why) {
        boolean wasClosed;
        synchronized (this) {
            wasClosed = closed;
            closed = true;
        }
        listener.onEnd(wasClosed ? null : why);
    }

    /** Returns whether the candidate leads as of this moment. Does not wait. */
    public boolean isLeader() {
        return leadership().map(Leadership::isLeader).orElse(false);
    }

    /** Returns the present leadership; empty when the candidate does not lead. */
    public synchronized Optional<Leadership> leadership() {
        return Optional.ofNullable(leadership);
    }

    /** Leaves the election and stands no more; does not wait. May be called again. */
    @Override
    public void close() {
        Candidacy standing;
        synchronized (this) {
            closed = true;
            standing = candidacy;
        }
        if (standing != null) {
            standing.close();
        }
    }
}

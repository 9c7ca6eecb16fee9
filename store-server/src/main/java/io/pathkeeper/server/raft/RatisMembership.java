package io.pathkeeper.server.raft;

import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.raft.RatisProposer.Route;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.MembershipChange;
import io.pathkeeper.server.store.MembershipControl;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.store.StoreFailure.Outcome;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Brings changes of the members to the leader: to {@link MembershipChanges} where this server leads, over the link to the leader otherwise. While
 * nobody leads, and where the leader steps aside first, it tries again until the caller's time is over. Any thread.
 */
final class RatisMembership implements MembershipControl, AutoCloseable {
    private static final long AGAIN_MILLIS = 50;
    private static final int MOST_WAITING = 64;
    private static final long MOST_MILLIS = TimeUnit.HOURS.toMillis(1);

    private final RatisRoutes routes;
    private final MembershipChanges changes;
    private final ScheduledExecutorService scheduler;
    private final AtomicInteger waiting = new AtomicInteger();

    RatisMembership(RatisRoutes routes, MembershipChanges changes, ScheduledExecutorService scheduler) {
        this.routes = routes;
        this.changes = changes;
        this.scheduler = scheduler;
    }

    @Override
    public void change(MembershipChange change, long deadlineNanos, Listener listener) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            listener.rejected(Rejection.of(
                    RejectReason.MEMBERSHIP_BUSY,
                    MOST_WAITING + " changes of the members wait on this server already: try again later"));
            return;
        }
        new Waiting(change, deadlineNanos, listener).attempt();
    }

    /** For another server: carries it out here, or says that this server does not lead. */
    void changeHere(MembershipChange change, long millis, Consumer<ChangeEnd> end) {
        if (routes.readyTerm() == 0) {
            end.accept(new ChangeEnd.Elsewhere());
        } else {
            long nanos = TimeUnit.MILLISECONDS.toNanos(Math.min(millis, MOST_MILLIS));
            changes.begin(change, System.nanoTime() + nanos, end);
        }
    }

    @Override
    public void close() {
        changes.close();
    }

    /** One change that somebody waits for. */
    private final class Waiting {
        private final MembershipChange change;
        private final long deadlineNanos;
        private final Listener listener;

        Waiting(MembershipChange change, long deadlineNanos, Listener listener) {
            this.change = change;
            this.deadlineNanos = deadlineNanos;
            this.listener = listener;
        }

        void attempt() {
            long millis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
            Route route = routes.route();
            if (millis <= 0) {
                ended(failed(
                        RejectReason.NO_LEADER,
                        "no leader could be found in time: start the missing servers, or wait for the election",
                        Outcome.NOT_APPLIED));
            } else if (route.kind() == Route.Kind.LEADER) {
                changes.begin(change, deadlineNanos, this::ended);
            } else if (route.kind() != Route.Kind.FOLLOWER || !sent(route.leaderId(), millis)) {
                again();
            }
        }

        private boolean sent(String leader, long millis) {
            PeerLink link = routes.link(leader);
            return link != null
                    && link.askChange(
                            Math.min(millis, MOST_MILLIS), MembershipCodec.encode(change), this::told, this::lost);
        }

        private void told(byte[] end) {
            try {
                ended(MembershipCodec.decodeEnd(end));
            } catch (CorruptBytesException e) {
                ended(failed(
                        RejectReason.INTERNAL,
                        "the leader's answer cannot be read: " + e.getMessage(),
                        Outcome.UNKNOWN));
            }
        }

        private void lost() {
            ended(failed(
                    RejectReason.OUTCOME_UNKNOWN,
                    "the connection to the leader was lost while it changed the members: look at them with ListMembers",
                    Outcome.UNKNOWN));
        }

        private void again() {
            try {
                scheduler.schedule(this::attempt, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                ended(failed(RejectReason.SHUTTING_DOWN, "this server is stopping", Outcome.NOT_APPLIED));
            }
        }

        private void ended(ChangeEnd end) {
            if (end instanceof ChangeEnd.Elsewhere) {
                again();
                return;
            }
            waiting.decrementAndGet();
            if (end instanceof ChangeEnd.Rejected rejected) {
                listener.rejected(rejected.rejection());
            } else if (end instanceof ChangeEnd.Failed failed) {
                listener.failed(failed.failure());
            } else {
                listener.done();
            }
        }

        private static ChangeEnd failed(RejectReason reason, String message, Outcome outcome) {
            return new ChangeEnd.Failed(new StoreFailure(Rejection.of(reason, message), outcome));
        }
    }
}

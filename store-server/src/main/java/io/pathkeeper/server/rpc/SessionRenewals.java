package io.pathkeeper.server.rpc;

import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.SessionRenewal;
import io.pathkeeper.server.store.SessionRenewal.RenewListener;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.store.StoreFailure.Outcome;
import io.pathkeeper.server.store.StoreService;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Renews sessions for clients: checks their secrets before the leader is asked, so that nobody keeps another one's session alive,
 * and says that a session is over only when this server has certainly seen its end.
 *
 * <p>A session that the leader refused though it is still open is asked for again: the leader had not applied its opening, or is about
 * to end it, and then nobody knows yet whether it will.
 */
final class SessionRenewals {
    private static final long AGAIN_MILLIS = 50;

    private final StoreService store;
    private final SessionRenewal renewal;
    private final ScheduledExecutorService timer;

    SessionRenewals(StoreService store, SessionRenewal renewal, ScheduledExecutorService timer) {
        this.store = store;
        this.renewal = renewal;
        this.timer = timer;
    }

    /** Is told what became of all sessions, once, on any thread. */
    interface Listener {
        /** What became of each session, in order. */
        void renewed(List<Renewed> outcomes);

        /** Nothing is certain. */
        void failed(StoreFailure failure);
    }

    /**
     * What became of one session.
     *
     * @param session the session as it is now; null when it was not renewed
     * @param refused why it was not renewed; null when it was
     */
    record Renewed(@Nullable Session session, @Nullable Rejection refused) {}

    /** Renews sessions, at most {@link SessionRenewal#MAX_SESSIONS}. */
    void renew(List<SessionKey> keys, long deadlineNanos, Listener listener) {
        new Attempt(keys, deadlineNanos, listener).ask();
    }

    /** One wish; its steps follow each other. */
    private final class Attempt implements RenewListener {
        private final List<SessionKey> keys;
        private final long deadlineNanos;
        private final Listener listener;
        private final @Nullable Renewed[] outcomes;
        private Set<Long> asked = Set.of();

        Attempt(List<SessionKey> keys, long deadlineNanos, Listener listener) {
            this.keys = keys;
            this.deadlineNanos = deadlineNanos;
            this.listener = listener;
            this.outcomes = new Renewed[keys.size()];
        }

        void ask() {
            SessionTable table = store.sessions();
            Set<Long> open = new HashSet<>();
            for (int i = 0; i < outcomes.length; i++) {
                if (outcomes[i] == null && SessionRefusals.of(table, keys.get(i)) == null) {
                    open.add(keys.get(i).id());
                }
            }
            asked = open;
            renewal.renew(open.stream().mapToLong(Long::longValue).toArray(), this);
        }

        @Override
        public void renewed(long[] refused) {
            SessionTable table = store.sessions();
            Set<Long> notTouched = new HashSet<>();
            Arrays.stream(refused).forEach(notTouched::add);
            boolean complete = true;
            for (int i = 0; i < outcomes.length; i++) {
                if (outcomes[i] != null) {
                    continue;
                }
                SessionKey key = keys.get(i);
                Rejection why = SessionRefusals.of(table, key);
                Session session = table.find(key.id());
                if (why != null) {
                    outcomes[i] = new Renewed(null, why);
                } else if (session != null && asked.contains(key.id()) && !notTouched.contains(key.id())) {
                    outcomes[i] = new Renewed(session, null);
                } else {
                    complete = false;
                }
            }
            if (complete) {
                listener.renewed(List.of(outcomes));
            } else if (System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(AGAIN_MILLIS) - deadlineNanos > 0) {
                listener.failed(undecided());
            } else {
                again();
            }
        }

        private void again() {
            try {
                timer.schedule(this::ask, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                listener.failed(undecided()); // this server is stopping
            }
        }

        @Override
        public void failed(StoreFailure failure) {
            listener.failed(failure);
        }
    }

    private static StoreFailure undecided() {
        return new StoreFailure(
                Rejection.of(
                        RejectReason.DEADLINE,
                        "the leader is about to end a session and could not finish that before the deadline: ask again"),
                Outcome.UNKNOWN);
    }
}

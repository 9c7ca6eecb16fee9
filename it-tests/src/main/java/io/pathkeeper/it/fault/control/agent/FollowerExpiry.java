package io.pathkeeper.it.fault.control.agent;

import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.store.AppliedState;
import io.pathkeeper.server.store.ClusterControl;
import io.pathkeeper.server.store.ProposalListener;
import io.pathkeeper.server.store.Proposer;
import io.pathkeeper.server.store.StoreFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Ends sessions on a server that follows: a timeout after it first saw them. Called by the scheduler of the server alone. */
public final class FollowerExpiry {
    private static final int MOST_SESSIONS = 1_000;
    private static final long PROPOSAL_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final Map<Long, Long> FIRST_SEEN = new HashMap<>();

    private FollowerExpiry() {}

    /** One look at all sessions. */
    public static void tick(Object keeper, long nowNanos) {
        Object parts;
        synchronized (keeper) {
            parts = (long) Innards.field(keeper, "readyTerm") == 0 ? Innards.field(keeper, "parts") : null;
        }
        if (parts == null) {
            FIRST_SEEN.clear();
            return;
        }
        AppliedState state = (AppliedState) Innards.call(parts, "state");
        Proposer proposer = (Proposer) Innards.call(parts, "proposer");
        ClusterControl cluster = (ClusterControl) Innards.call(parts, "leadership");
        List<Session> sessions = state.sessions().after(0, MOST_SESSIONS);
        FIRST_SEEN.keySet().removeIf(id -> sessions.stream().noneMatch(session -> session.id() == id));
        for (Session session : sessions) {
            long seen = FIRST_SEEN.computeIfAbsent(session.id(), id -> nowNanos);
            if (nowNanos - seen > TimeUnit.MILLISECONDS.toNanos(session.timeoutMillis())) {
                FIRST_SEEN.put(session.id(), nowNanos);
                Effect.of(PlantedFault.FOLLOWER_EXPIRY);
                Command expire =
                        new Command.ExpireSession(session.id(), cluster.status().term());
                proposer.propose(expire, null, nowNanos + PROPOSAL_NANOS, new Unheard());
            }
        }
    }

    /** Nobody waits for the result. */
    private static final class Unheard implements ProposalListener {
        @Override
        public void applied(CommandResult result) {
            // the harness has to notice
        }

        @Override
        public void failed(StoreFailure failure) {
            // it is tried again a timeout later
        }
    }
}

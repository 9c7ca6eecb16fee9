package io.pathkeeper.server.state;

import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.coordination.LockTable;
import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides whether sessions are open and guards hold. Changes nothing. Apply thread. */
final class SessionCheck {
    private final StateLimits limits;
    private final SessionTable sessions;
    private final LockTable locks;
    private final HeardSessions heard;

    SessionCheck(StateLimits limits, CoordinationTables tables, HeardSessions heard) {
        this.limits = limits;
        sessions = tables.sessions();
        locks = tables.locks();
        this.heard = heard;
    }

    /**
     * Why a session cannot be used, or null when it is open and the secret is right, which is a sign of life: its client asks for something.
     */
    CommandResult.@Nullable Rejected refused(SessionKey key) {
        CommandResult.Rejected refused = refusedUnheard(key);
        if (refused == null) {
            heard.add(key.id());
        }
        return refused;
    }

    /** The same for what a server does in the place of a client that may be gone. */
    CommandResult.@Nullable Rejected refusedUnheard(SessionKey key) {
        String id = Long.toString(key.id());
        return switch (sessions.standing(key)) {
            case OPEN -> null;
            case EXPIRED ->
                Refusals.of(
                        RejectReason.SESSION_EXPIRED,
                        "session " + id + " is over: it was closed, or nothing was heard of it for its timeout",
                        "session_id",
                        id);
            case NOT_FOUND ->
                Refusals.of(
                        RejectReason.SESSION_NOT_FOUND,
                        "there is no session " + id + " and there never was one",
                        "session_id",
                        id);
            case SECRET_WRONG ->
                Refusals.of(
                        RejectReason.SESSION_SECRET_WRONG,
                        "the secret of session " + id + " is another one: only who opened it may use it",
                        "session_id",
                        id);
        };
    }

    /** Why the first guard that does not hold does not, or null when all hold. */
    CommandResult.@Nullable Rejected refused(List<Guard> guards) {
        int most = limits.maxTransactionOperations();
        if (guards.size() > most) {
            return Refusals.of(
                    RejectReason.ARGUMENT_INVALID,
                    "the write has " + guards.size() + " guards; the limit is " + most,
                    "limit",
                    Integer.toString(most),
                    "actual",
                    Integer.toString(guards.size()));
        }
        CommandResult.Rejected refused = null;
        for (int i = 0; i < guards.size() && refused == null; i++) {
            Guard guard = guards.get(i);
            if (guard instanceof Guard.SessionOpen open) {
                refused = refused(open.session());
            } else if (guard instanceof Guard.LockHeld held) {
                refused = refused(held);
            }
        }
        return refused;
    }

    private CommandResult.@Nullable Rejected refused(Guard.LockHeld guard) {
        LockState lock = locks.find(guard.path());
        return lock != null && lock.isHeldWith(guard.token()) ? null : notHeld(guard.path(), guard.token());
    }

    static CommandResult.Rejected notHeld(ZnodePath path, long token) {
        return Refusals.of(
                RejectReason.LOCK_NOT_HELD,
                "nobody holds " + path + " with token " + token + ": that grant is over or never was",
                "path",
                path.toString(),
                "token",
                Long.toString(token));
    }
}

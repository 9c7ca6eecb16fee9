package io.pathkeeper.server.rpc;

import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import org.jspecify.annotations.Nullable;

/** Why a session cannot be used, as far as a server's own table tells. Any thread. */
final class SessionRefusals {
    private SessionRefusals() {}

    /** Why the session cannot be used, or null when it is open and the secret is right. */
    static @Nullable Rejection of(SessionTable table, SessionKey key) {
        String id = Long.toString(key.id());
        return switch (table.standing(key)) {
            case OPEN -> null;
            case EXPIRED, NOT_FOUND -> missing(table, key.id());
            case SECRET_WRONG ->
                Rejection.of(
                        RejectReason.SESSION_SECRET_WRONG,
                        "the secret of session " + id + " is another one: only who opened it may use it",
                        "session_id",
                        id);
        };
    }

    /** Why there is no such session. */
    static Rejection missing(SessionTable table, long id) {
        String text = Long.toString(id);
        return table.wasIssued(id)
                ? Rejection.of(
                        RejectReason.SESSION_EXPIRED,
                        "session " + text + " is over: it was closed, or nothing was heard of it for its timeout",
                        "session_id",
                        text)
                : Rejection.of(
                        RejectReason.SESSION_NOT_FOUND,
                        "there is no session " + text + " and there never was one",
                        "session_id",
                        text);
    }
}

package io.pathkeeper.server.state;

import io.pathkeeper.server.coordination.CoordinationChange;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.tree.ChangeCause;
import io.pathkeeper.server.tree.ZnodePath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opens and ends sessions. Checks everything before it changes anything. Apply thread. */
final class SessionApplier {
    private final StateLimits.Coordination limits;
    private final CoordinationTables tables;
    private final SessionTable sessions;
    private final RevisionDraft draft;
    private final SessionCheck check;
    private long term;
    private long wallMillis;

    /** A session that is about to end. */
    record Ending(Session session, boolean expired) {
        ChangeCause cause() {
            return expired ? ChangeCause.SESSION_EXPIRED : ChangeCause.SESSION_CLOSED;
        }
    }

    SessionApplier(StateLimits limits, CoordinationTables tables, RevisionDraft draft, SessionCheck check) {
        this.limits = limits.coordination();
        this.tables = tables;
        this.sessions = tables.sessions();
        this.draft = draft;
        this.check = check;
    }

    void setTime(long newTerm, long newWallMillis) {
        term = newTerm;
        wallMillis = newWallMillis;
    }

    CommandResult apply(Command.CreateSession create) {
        CommandResult.Rejected refused = refusedFacts(create);
        if (refused != null) {
            return refused;
        }
        if (sessions.count() >= limits.maxSessions()) {
            return Refusals.of(
                    RejectReason.QUOTA_EXCEEDED,
                    "there are " + sessions.count() + " sessions, which is the limit: close some first",
                    "limit",
                    Integer.toString(limits.maxSessions()),
                    "actual",
                    Integer.toString(sessions.count() + 1));
        }
        Session session = new Session(
                sessions.nextId(),
                create.secret(),
                create.timeoutMillis(),
                create.clientIdentity(),
                create.labels(),
                create.address(),
                draft.next(),
                wallMillis);
        tables.open(session);
        draft.add(new CoordinationChange.SessionOpened(session));
        return new CommandResult.SessionOpened(session, draft.next());
    }

    private static CommandResult.@Nullable Rejected refusedFacts(Command.CreateSession create) {
        if (create.secret().length != Session.SECRET_BYTES) {
            return invalid("secret", "bytes of the secret", create.secret().length, Session.SECRET_BYTES);
        }
        long timeout = create.timeoutMillis();
        if (timeout < StateLimits.MIN_SESSION_MILLIS || timeout > StateLimits.MAX_SESSION_MILLIS) {
            return Refusals.of(
                    RejectReason.ARGUMENT_INVALID,
                    "the timeout of the session is " + timeout + " ms: allowed are " + StateLimits.MIN_SESSION_MILLIS
                            + " to " + StateLimits.MAX_SESSION_MILLIS + " ms",
                    "field",
                    "timeout_ms",
                    "limit",
                    Long.toString(StateLimits.MAX_SESSION_MILLIS),
                    "actual",
                    Long.toString(timeout));
        }
        if (bytes(create.clientIdentity()) > StateLimits.MAX_IDENTITY_BYTES) {
            return invalid(
                    "client_identity",
                    "bytes of the client identity",
                    bytes(create.clientIdentity()),
                    StateLimits.MAX_IDENTITY_BYTES);
        }
        if (bytes(create.address()) > StateLimits.MAX_ADDRESS_BYTES) {
            return invalid("address", "bytes of the address", bytes(create.address()), StateLimits.MAX_ADDRESS_BYTES);
        }
        if (create.labels().size() > StateLimits.MAX_LABELS) {
            return invalid("labels", "labels", create.labels().size(), StateLimits.MAX_LABELS);
        }
        for (Map.Entry<String, String> label : create.labels().entrySet()) {
            if (bytes(label.getKey()) > StateLimits.MAX_LABEL_KEY_BYTES) {
                return invalid(
                        "labels", "bytes of a label's key", bytes(label.getKey()), StateLimits.MAX_LABEL_KEY_BYTES);
            }
            if (bytes(label.getValue()) > StateLimits.MAX_LABEL_VALUE_BYTES) {
                return invalid(
                        "labels", "bytes of a label", bytes(label.getValue()), StateLimits.MAX_LABEL_VALUE_BYTES);
            }
        }
        return null;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static CommandResult.Rejected invalid(String field, String thing, long actual, long limit) {
        return Refusals.of(
                RejectReason.ARGUMENT_INVALID,
                thing + " of the session: " + actual + "; the limit is " + limit,
                "field",
                field,
                "limit",
                Long.toString(limit),
                "actual",
                Long.toString(actual));
    }

    /** Why a session cannot be closed, or null. */
    CommandResult.@Nullable Rejected refused(Command.CloseSession close) {
        return check.refused(close.session());
    }

    /** The session that a close ends, which {@link #refused} let pass. */
    @Nullable
    Ending ending(Command.CloseSession close) {
        Session session = sessions.find(close.session().id());
        return session == null ? null : new Ending(session, false);
    }

    /** The session that an expiry ends; null when it was proposed in another term, or the session is over. */
    @Nullable
    Ending ending(Command.ExpireSession expire) {
        Session session = expire.term() == term ? sessions.find(expire.sessionId()) : null;
        return session == null ? null : new Ending(session, true);
    }

    /** Paths of the znodes that go with a session. */
    List<ZnodePath> ephemerals(Session session) {
        return new ArrayList<>(sessions.ephemerals(session.id()));
    }
}

package io.pathkeeper.client.internal;

import com.google.protobuf.UnsafeByteOperations;
import io.pathkeeper.client.error.ErrorDetails;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.PreconditionFailedException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.model.Guards;
import io.pathkeeper.client.session.PathkeeperSession;
import io.pathkeeper.client.session.SessionInfo;
import io.pathkeeper.client.session.SessionKey;
import io.pathkeeper.client.session.SessionState;
import io.pathkeeper.v1.LockGuard;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Writes sessions and guards in the form of the wire, and reads them from it. */
final class SessionProto {
    private SessionProto() {}

    static io.pathkeeper.v1.SessionKey key(SessionKey key) {
        return io.pathkeeper.v1.SessionKey.newBuilder()
                .setId(key.id())
                .setSecret(UnsafeByteOperations.unsafeWrap(key.secret()))
                .build();
    }

    static SessionKey key(io.pathkeeper.v1.SessionKey key) {
        return new SessionKey(key.getId(), key.getSecret().toByteArray());
    }

    /**
     * Returns the key of a session that is about to be used.
     *
     * @throws PreconditionFailedException when it is lost by this client's clock: a program that was stopped must not go on as if nothing
     *     had happened
     */
    static io.pathkeeper.v1.SessionKey usableKey(PathkeeperSession session) {
        if (session.state() == SessionState.LOST) {
            throw lost(session.id());
        }
        return key(session.key());
    }

    static PathkeeperException lost(long sessionId) {
        return new PreconditionFailedException(
                new ErrorDetails(
                        Reason.SESSION_EXPIRED,
                        "session " + sessionId
                                + " is lost: it was closed, has ended, or no keep-alive of it was answered for its whole"
                                + " timeout; open a new one",
                        Map.of("session", Long.toString(sessionId)),
                        false,
                        Outcome.NOT_APPLIED),
                null);
    }

    static io.pathkeeper.v1.Guards guards(Guards guards) {
        io.pathkeeper.v1.Guards.Builder out = io.pathkeeper.v1.Guards.newBuilder();
        PathkeeperSession session = guards.session();
        if (session != null) {
            out.setRequireSession(usableKey(session));
        }
        if (guards.lockToken() != 0) {
            out.setRequireLock(LockGuard.newBuilder().setPath(guards.lockPath()).setToken(guards.lockToken()));
        }
        return out.build();
    }

    static SessionInfo info(io.pathkeeper.v1.Session session) {
        return new SessionInfo(
                session.getId(),
                Duration.ofMillis(session.getTimeoutMs()),
                session.getClientIdentity(),
                session.getLabelsMap(),
                session.getAddress(),
                session.getCreatedRevision(),
                Instant.ofEpochMilli(session.getCreatedAtMs()),
                session.getEphemeralCount(),
                session.getLockCount());
    }
}

package io.pathkeeper.client.model;

import io.pathkeeper.client.session.PathkeeperSession;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What must hold at the moment when a write or a transaction is applied, or nothing is done. The servers check it in the same revision: this
 * is what makes the writes of a leader or of a holder of a lock safe, however late they arrive.
 *
 * <pre>{@code
 * SetOptions.defaults().guards(Guards.none().requireLock("/locks/import", token))
 * }</pre>
 *
 * <p>Immutable: every setter returns a changed copy.
 */
public final class Guards {
    private static final Guards NONE = new Guards(null, "", 0);

    private final @Nullable PathkeeperSession session;
    private final String lockPath;
    private final long lockToken;

    private Guards(@Nullable PathkeeperSession session, String lockPath, long lockToken) {
        this.session = session;
        this.lockPath = lockPath;
        this.lockToken = lockToken;
    }

    /** Returns guards that ask for nothing. */
    public static Guards none() {
        return NONE;
    }

    /** Refuses with {@code SESSION_EXPIRED} unless the session is open. */
    public Guards requireSession(PathkeeperSession session) {
        return new Guards(Objects.requireNonNull(session, "session"), lockPath, lockToken);
    }

    /**
     * Refuses with {@code LOCK_NOT_HELD} unless this grant of the lock, or this term of the election, still holds.
     *
     * @param path path of the lock or the election
     * @param token token of the grant, or the term; above 0
     * @throws IllegalArgumentException when the token is not above 0
     */
    public Guards requireLock(String path, long token) {
        if (token < 1) {
            throw new IllegalArgumentException("the token of a grant is above 0, not " + token);
        }
        return new Guards(session, Objects.requireNonNull(path, "path"), token);
    }

    /** Returns the session that must be open; null when none must. */
    public @Nullable PathkeeperSession session() {
        return session;
    }

    /** Returns the path of the lock that must be held; empty when none must. */
    public String lockPath() {
        return lockPath;
    }

    /** Returns the token of the grant that must hold; 0 when none must. */
    public long lockToken() {
        return lockToken;
    }

    @Override
    public String toString() {
        return "Guards[" + (session == null ? "" : "session " + session.id() + " ")
                + (lockToken == 0 ? "" : "lock " + lockPath + " token " + lockToken) + "]";
    }
}

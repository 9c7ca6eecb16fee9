package io.pathkeeper.server.session;

import io.pathkeeper.server.id.SessionKey;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An open session. Immutable; its text form does not show the secret.
 *
 * @param id its id, from 1, never used again
 * @param secret proves that a request is its client's; must not be changed
 * @param timeoutMillis it ends when nothing was heard of it for so long
 * @param clientIdentity what the client calls itself, empty for nothing
 * @param labels what the client says about itself
 * @param address from where it was opened
 * @param createdRevision revision at which it was opened
 * @param createdAtMillis wall-clock time at which it was opened, milliseconds since 1970
 */
public record Session(
        long id,
        byte[] secret,
        long timeoutMillis,
        String clientIdentity,
        SortedMap<String, String> labels,
        String address,
        long createdRevision,
        long createdAtMillis) {
    /** Size of every secret. */
    public static final int SECRET_BYTES = 32;

    /** Copies the labels. */
    public Session {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    /** Id and secret: what the client gets. */
    public SessionKey key() {
        return new SessionKey(id, secret);
    }

    /** Whether this is its secret; takes the same time whatever is wrong. */
    public boolean hasSecret(byte[] other) {
        return MessageDigest.isEqual(secret, other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Session session
                && id == session.id
                && hasSecret(session.secret)
                && timeoutMillis == session.timeoutMillis
                && clientIdentity.equals(session.clientIdentity)
                && labels.equals(session.labels)
                && address.equals(session.address)
                && createdRevision == session.createdRevision
                && createdAtMillis == session.createdAtMillis;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id);
    }

    @Override
    public String toString() {
        return "Session[id=" + id + ", timeoutMillis=" + timeoutMillis + ", clientIdentity=" + clientIdentity
                + ", labels=" + labels + ", address=" + address + ", createdRevision=" + createdRevision
                + ", createdAtMillis=" + createdAtMillis + "]";
    }
}

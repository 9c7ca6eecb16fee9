package io.pathkeeper.server.id;

import java.security.MessageDigest;

/**
 * Names a session and proves that it is the caller's. Its text form does not show the secret.
 *
 * @param id id of the session
 * @param secret what came with the session; must not be changed
 */
public record SessionKey(long id, byte[] secret) {
    @Override
    public boolean equals(Object other) {
        return other instanceof SessionKey key && id == key.id && MessageDigest.isEqual(secret, key.secret);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id);
    }

    @Override
    public String toString() {
        return "SessionKey[id=" + id + "]";
    }
}

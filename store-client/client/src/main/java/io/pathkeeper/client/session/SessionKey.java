package io.pathkeeper.client.session;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Names a session and proves that it is the caller's. Whoever has it can keep, use and end the session: keep it as a password is kept.
 * A program that wants to resume its session when it is started anew writes {@link #encode()} into a file that only it can read. Immutable.
 */
public final class SessionKey {
    private static final int MAX_SECRET_BYTES = 64;

    private final long id;
    private final byte[] secret;

    /**
     * Makes a key from its parts.
     *
     * @param id the session's id, above 0
     * @param secret the session's secret, 1 to 64 bytes
     * @throws IllegalArgumentException when a part is out of range
     */
    public SessionKey(long id, byte[] secret) {
        if (id < 1) {
            throw new IllegalArgumentException("the id of a session is above 0, not " + id);
        }
        if (secret.length < 1 || secret.length > MAX_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "the secret of a session has 1 to " + MAX_SECRET_BYTES + " bytes, not " + secret.length);
        }
        this.id = id;
        this.secret = secret.clone();
    }

    /**
     * Reads what {@link #encode()} wrote.
     *
     * @throws IllegalArgumentException when the text has another form; the message does not show it
     */
    public static SessionKey parse(String text) {
        Objects.requireNonNull(text, "text");
        int colon = text.indexOf(':');
        try {
            if (colon > 0) {
                return new SessionKey(
                        Long.parseLong(text.substring(0, colon)), HexFormat.of().parseHex(text.substring(colon + 1)));
            }
        } catch (IllegalArgumentException e) {
            // The exceptions of the parsers show the text, and with it the secret.
            throw new IllegalArgumentException("a session key is its id, a colon and its secret in hexadecimal digits");
        }
        throw new IllegalArgumentException("a session key is its id, a colon and its secret in hexadecimal digits");
    }

    /** Returns the key as text, the secret included, for {@link #parse(String)}. */
    public String encode() {
        return id + ":" + HexFormat.of().formatHex(secret);
    }

    /** Returns the session's id. */
    public long id() {
        return id;
    }

    /** Returns a copy of the secret. */
    public byte[] secret() {
        return secret.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SessionKey that && id == that.id && MessageDigest.isEqual(secret, that.secret);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(id);
    }

    /** Shows the id, never the secret. */
    @Override
    public String toString() {
        return "SessionKey[" + id + "]";
    }
}

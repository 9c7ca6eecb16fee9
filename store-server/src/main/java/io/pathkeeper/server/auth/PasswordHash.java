package io.pathkeeper.server.auth;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A password as it is kept: PBKDF2 (RFC 8018) with HMAC-SHA-512 and a random salt. Making and checking one takes tenths of a second of a
 * processor, which is the point: never on a thread that serves calls, and once a sign-in, not once a request.
 *
 * @param iterations rounds
 * @param salt random bytes
 * @param hash result
 */
public record PasswordHash(int iterations, byte[] salt, byte[] hash) {
    private static final int SALT_BYTES = 16;
    private static final int HASH_BITS = 512;

    /** Hashes a password with a new salt. */
    public static PasswordHash of(String password, int iterations, SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return new PasswordHash(iterations, salt, derive(password, salt, iterations));
    }

    /** Whether this is the hash of a password; takes the same time for every wrong one. */
    public boolean matches(String password) {
        return MessageDigest.isEqual(hash, derive(password, salt, iterations));
    }

    private static byte[] derive(String password, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, HASH_BITS);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no PBKDF2WithHmacSHA512", e);
        } finally {
            spec.clearPassword();
        }
    }

    /** Never shows the hash. */
    @Override
    public String toString() {
        return "PasswordHash[iterations=" + iterations + "]";
    }
}

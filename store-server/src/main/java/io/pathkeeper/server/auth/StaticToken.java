package io.pathkeeper.server.auth;

/**
 * A token that was made for a principal and lasts until it is deleted or expires. Only the digest of its secret is kept.
 *
 * @param id public part of the token
 * @param principal whom it authenticates
 * @param digest SHA-256 of the secret part, which has 256 random bits
 * @param expiresMillis Unix time; 0 for never
 * @param createdMillis Unix time
 * @param description for people
 */
public record StaticToken(
        String id, String principal, byte[] digest, long expiresMillis, long createdMillis, String description) {}

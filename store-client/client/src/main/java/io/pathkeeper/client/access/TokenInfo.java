package io.pathkeeper.client.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token, without its secret.
 *
 * @param id its public part
 * @param principal whom it authenticates
 * @param expiresAt when it ends; null for never
 * @param createdAt when it was made
 * @param description for people
 */
public record TokenInfo(
        String id, String principal, @Nullable Instant expiresAt, Instant createdAt, String description) {}

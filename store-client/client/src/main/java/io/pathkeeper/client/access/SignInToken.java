package io.pathkeeper.client.access;

import java.time.Duration;
import java.time.Instant;

/**
 * What a password was exchanged for. Every server of the cluster accepts it until it ends.
 *
 * @param secret the whole token
 * @param expiresAt when it ends, by the server's clock
 * @param remaining how long it lasted when the server answered
 */
public record SignInToken(String secret, Instant expiresAt, Duration remaining) {
    @Override
    public String toString() {
        return "SignInToken[expires at " + expiresAt + "]";
    }
}

package io.pathkeeper.client.access;

/**
 * A user was written.
 *
 * @param user what it is now
 * @param created whether it is new
 */
public record UserResult(User user, boolean created) {}

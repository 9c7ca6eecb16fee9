package io.pathkeeper.client.cluster;

import io.pathkeeper.client.model.LogLevel;
import io.pathkeeper.client.model.LoggerLevel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * How much the loggers of servers tell. Each call goes to the one server at an address, over a connection of its own, and needs {@code ADMIN} on
 * {@code /} there. Nothing here waits; futures complete on callback threads, and fail with {@link
 * io.pathkeeper.client.error.InvalidRequestException} for what the server refuses, {@link io.pathkeeper.client.error.AccessDeniedException} and {@link
 * io.pathkeeper.client.error.UnavailableException}.
 */
public interface Logs {
    /**
     * Sets the level of a logger for a while. Behind it, or when the server ends, it is what it was before.
     *
     * @param address {@code host:port} of the server
     * @param logger name of the logger, such as {@code io.pathkeeper.server.raft}; {@code ROOT} is the one above all
     * @param duration at most a day
     * @return all levels that were set and stand
     */
    CompletableFuture<List<LoggerLevel>> setLevel(String address, String logger, LogLevel level, Duration duration);

    /** Gives a logger the level that it had; returns all others that were set and stand. Does nothing when none was set. */
    CompletableFuture<List<LoggerLevel>> resetLevel(String address, String logger);

    /** Lists the levels that were set and stand, by the names of their loggers. */
    CompletableFuture<List<LoggerLevel>> levels(String address);
}

package io.pathkeeper.client.model;

import java.time.Instant;

/**
 * How much a logger of a server tells for a while.
 *
 * @param logger its name; {@code ROOT} is the one above all
 * @param level how much
 * @param until when it goes back to what it was, by that server's clock
 */
public record LoggerLevel(String logger, LogLevel level, Instant until) {}

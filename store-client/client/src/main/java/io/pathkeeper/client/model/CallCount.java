package io.pathkeeper.client.model;

import java.time.Duration;

/**
 * How often a method of a server was called.
 *
 * @param method its full name, such as {@code pathkeeper.v1.StoreService/Get}
 * @param ended calls that have ended, well or not
 * @param total how long they took together
 */
public record CallCount(String method, long ended, Duration total) {}

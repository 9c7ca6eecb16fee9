package io.pathkeeper.pathctl;

import io.pathkeeper.client.cluster.Logs;
import io.pathkeeper.client.error.ErrorDetails;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.UnavailableException;
import io.pathkeeper.client.model.LogLevel;
import io.pathkeeper.client.model.LoggerLevel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Levels by servers' addresses. */
public final class FakeLogs implements Logs {
    /** When each level begins. */
    public static final Instant NOW = Instant.parse("2026-01-02T03:00:00Z");

    /** Address of a server that does not answer. */
    public String down = "";

    private final Map<String, Map<String, LoggerLevel>> levels = new TreeMap<>();

    @Override
    public CompletableFuture<List<LoggerLevel>> setLevel(
            String address, String logger, LogLevel level, Duration duration) {
        return at(address, all -> all.put(logger, new LoggerLevel(logger, level, NOW.plus(duration))));
    }

    @Override
    public CompletableFuture<List<LoggerLevel>> resetLevel(String address, String logger) {
        return at(address, all -> all.remove(logger));
    }

    @Override
    public CompletableFuture<List<LoggerLevel>> levels(String address) {
        return at(address, all -> {});
    }

    private CompletableFuture<List<LoggerLevel>> at(
            String address, java.util.function.Consumer<Map<String, LoggerLevel>> change) {
        if (address.equals(down)) {
            return CompletableFuture.failedFuture(new UnavailableException(
                    new ErrorDetails("UNREACHABLE", "nobody answers", Map.of(), true, Outcome.NOT_APPLIED), null));
        }
        Map<String, LoggerLevel> all = levels.computeIfAbsent(address, key -> new TreeMap<>());
        change.accept(all);
        return CompletableFuture.completedFuture(List.copyOf(all.values()));
    }
}

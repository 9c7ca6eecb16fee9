package io.pathkeeper.client.internal;

import io.pathkeeper.client.cluster.Logs;
import io.pathkeeper.client.model.LogLevel;
import io.pathkeeper.client.model.LoggerLevel;
import io.pathkeeper.v1.ListLogLevelsRequest;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import io.pathkeeper.v1.SetLogLevelRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The levels of the servers' loggers. Has no state of its own; any thread. */
final class DefaultLogs implements Logs {
    private final UnaryCalls unary;
    private final long timeoutNanos;

    DefaultLogs(UnaryCalls unary, Duration requestTimeout) {
        this.unary = unary;
        this.timeoutNanos = requestTimeout.toNanos();
    }

    @Override
    public CompletableFuture<List<LoggerLevel>> setLevel(
            String address, String logger, LogLevel level, Duration duration) {
        return set(
                address,
                SetLogLevelRequest.newBuilder()
                        .setLogger(logger)
                        .setLevel(io.pathkeeper.v1.LogLevel.valueOf("LOG_LEVEL_" + level.name()))
                        .setDurationMs(duration.isZero() ? -1 : duration.toMillis()) // no time is not the usual time
                        .build());
    }

    @Override
    public CompletableFuture<List<LoggerLevel>> resetLevel(String address, String logger) {
        return set(address, SetLogLevelRequest.newBuilder().setLogger(logger).build());
    }

    private CompletableFuture<List<LoggerLevel>> set(String address, SetLogLevelRequest request) {
        return unary.callAt(
                address,
                MaintenanceServiceGrpc.getSetLogLevelMethod(),
                request,
                timeoutNanos,
                answer -> ClusterProto.levels(answer.getLevelsList()));
    }

    @Override
    public CompletableFuture<List<LoggerLevel>> levels(String address) {
        return unary.callAt(
                address,
                MaintenanceServiceGrpc.getListLogLevelsMethod(),
                ListLogLevelsRequest.getDefaultInstance(),
                timeoutNanos,
                answer -> ClusterProto.levels(answer.getLevelsList()));
    }
}

package io.pathkeeper.client.internal;

import io.pathkeeper.client.model.BackupPart;
import io.pathkeeper.client.model.Consistency;
import io.pathkeeper.client.model.ScanChunk;
import io.pathkeeper.client.model.ScanOptions;
import io.pathkeeper.v1.BackupRequest;
import io.pathkeeper.v1.BackupResponse;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import io.pathkeeper.v1.ReadOptions;
import io.pathkeeper.v1.ScanSubtreeRequest;
import io.pathkeeper.v1.ScanSubtreeResponse;
import io.pathkeeper.v1.StoreServiceGrpc;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

/** Makes scans and backups. Any thread. */
final class Scans {
    private final Transport transport;
    private final RotatingChannel channel;
    private final SeenRevision seen;
    private final OpenCalls openCalls;
    private final boolean monotonicReads;
    private final Supplier<Callbacks> callbacks;

    Scans(
            Transport transport,
            RotatingChannel channel,
            SeenRevision seen,
            OpenCalls openCalls,
            boolean monotonicReads,
            Supplier<Callbacks> callbacks) {
        this.transport = transport;
        this.channel = channel;
        this.seen = seen;
        this.openCalls = openCalls;
        this.monotonicReads = monotonicReads;
        this.callbacks = callbacks;
    }

    /** Returns a new sequence of callbacks. */
    Callbacks newCallbacks() {
        return callbacks.get();
    }

    Transport transport() {
        return transport;
    }

    RotatingChannel channel() {
        return channel;
    }

    OpenCalls openCalls() {
        return openCalls;
    }

    SeenRevision seen() {
        return seen;
    }

    Flow.Publisher<ScanChunk> scan(String path, ScanOptions options, long timeoutNanos) {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(options, "options");
        StreamSubscription.Kind<ScanSubtreeRequest, ScanSubtreeResponse, ScanChunk> kind =
                new StreamSubscription.Kind<>(
                        "the scan",
                        StoreServiceGrpc.getScanSubtreeMethod(),
                        answer -> FromProto.chunk(answer, options.view()),
                        answer -> answer.getHeader().getRevision(),
                        ScanSubtreeResponse::getLast);
        return subscriber -> new StreamSubscription<>(
                        this, kind, () -> request(path, options), subscriber, newCallbacks(), timeoutNanos)
                .start();
    }

    Flow.Publisher<BackupPart> backup(Consistency consistency, long timeoutNanos) {
        BackupRequest request = BackupRequest.newBuilder()
                .setOptions(ReadProto.of(consistency, 0, Duration.ZERO))
                .build();
        StreamSubscription.Kind<BackupRequest, BackupResponse, BackupPart> kind = new StreamSubscription.Kind<>(
                "the backup",
                MaintenanceServiceGrpc.getBackupMethod(),
                ClusterProto::backupPart,
                answer -> answer.getHeader().getRevision(),
                BackupResponse::hasEnd);
        return subscriber ->
                new StreamSubscription<>(this, kind, () -> request, subscriber, newCallbacks(), timeoutNanos).start();
    }

    private ScanSubtreeRequest request(String path, ScanOptions options) {
        ScanSubtreeRequest request = ReadProto.scan(path, options);
        if (!monotonicReads) {
            return request;
        }
        ReadOptions bounded = ReadProto.withSeenRevision(request.getOptions(), seen.get());
        return request.toBuilder().setOptions(bounded).build();
    }
}

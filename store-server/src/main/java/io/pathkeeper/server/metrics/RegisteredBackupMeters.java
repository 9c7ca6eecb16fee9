package io.pathkeeper.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** {@link BackupMeters} in a registry. */
final class RegisteredBackupMeters implements BackupMeters {
    private final Counter made;
    private final Counter failed;
    private final Counter bytes;
    private final Timer duration;
    private volatile double lastSeconds;

    RegisteredBackupMeters(ServerMeters meters) {
        made = meters.counter(MeterNames.BACKUPS, "Backups that were sent to their end", Tags.empty());
        failed = meters.counter(MeterNames.BACKUPS_FAILED, "Backups that began and were given up", Tags.empty());
        bytes = meters.counter(MeterNames.BACKUP_BYTES, "Bytes of backups that were sent", Tags.empty());
        duration = meters.timer(MeterNames.BACKUP_DURATION, "Time of a backup", Tags.empty());
        meters.gauge(
                MeterNames.BACKUP_LAST,
                "When this server last sent a backup to its end, in Unix seconds; 0 when it has not since it started",
                () -> lastSeconds);
    }

    @Override
    public void sent(long count) {
        bytes.increment(count);
    }

    @Override
    public void finished(long nanos) {
        made.increment();
        duration.record(nanos, TimeUnit.NANOSECONDS);
        lastSeconds = System.currentTimeMillis() / 1_000.0;
    }

    @Override
    public void failed() {
        failed.increment();
    }
}

package io.pathkeeper.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The meters of the Raft side in a registry. */
final class RegisteredRaftMeters implements RaftMeters {
    private final AtomicLong lastRevision = new AtomicLong();
    private final AtomicLong lastBytes = new AtomicLong();
    private final Counter entries;
    private final Counter appended;
    private final Counter appendedBytes;
    private final Counter applied;
    private final Counter failed;
    private final Counter refusedForSpace;
    private final Counter refusedForMemory;
    private final Counter forwarded;
    private final Counter leaderChanges;
    private final Counter promptElections;
    private final Counter mismatches;
    private final Timer fsync;
    private final Timer readRound;
    private final Timer save;
    private final Timer install;

    RegisteredRaftMeters(ServerMeters meters) {
        Tags none = Tags.empty();
        entries = meters.counter(MeterNames.WAL_ENTRIES, "Entries handed to the log by this leader", none);
        appended = meters.counter(MeterNames.PROPOSALS_APPENDED, "Commands handed to the log by this leader", none);
        appendedBytes = meters.counter(MeterNames.WAL_APPEND_BYTES, "Bytes of the entries handed to the log", none);
        applied = meters.counter(
                MeterNames.PROPOSALS_APPLIED, "Commands of this server's callers that were answered", none);
        failed = meters.counter(MeterNames.PROPOSALS_FAILED, "Commands of this server's callers that failed", none);
        refusedForSpace = meters.counter(
                MeterNames.NOSPACE_REFUSED,
                "Commands of this server's callers that were refused for lack of disk space",
                none);
        refusedForMemory = meters.counter(
                MeterNames.MEMORY_REFUSED,
                "Commands of this server's callers that were refused as the store is full",
                none);
        forwarded = meters.counter(MeterNames.PROPOSALS_FORWARDED, "Commands sent on to the leader", none);
        promptElections = meters.counter(
                MeterNames.RAFT_PROMPT_ELECTIONS,
                "Times this server stood for election at once, because the leader had ended",
                none);
        leaderChanges = meters.counter(MeterNames.RAFT_LEADER_CHANGES, "Times another leader became known", none);
        mismatches = meters.counter(MeterNames.HASH_MISMATCH, "Digests that differed from the leader's", none);
        fsync = meters.timer(MeterNames.WAL_FSYNC_DURATION, "Time to make the log durable", none);
        readRound = meters.timer(MeterNames.READ_INDEX_DURATION, "Rounds of leadership confirmation", none);
        save = meters.timer(MeterNames.SNAPSHOT_SAVE_DURATION, "Time to write a snapshot", none);
        install = meters.timer(MeterNames.SNAPSHOT_INSTALL_DURATION, "Time to install a snapshot", none);
        meters.gauge(MeterNames.SNAPSHOT_LAST_REVISION, "Revision of the newest snapshot", lastRevision::get);
        meters.gauge(MeterNames.SNAPSHOT_BYTES, "Size of the newest snapshot", lastBytes::get);
    }

    @Override
    public void appended(int commands, long bytes) {
        entries.increment();
        appended.increment(commands);
        appendedBytes.increment(bytes);
    }

    @Override
    public void applied(int commands) {
        applied.increment(commands);
    }

    @Override
    public void failed(int commands) {
        failed.increment(commands);
    }

    @Override
    public void refusedForSpace() {
        refusedForSpace.increment();
    }

    @Override
    public void refusedForMemory() {
        refusedForMemory.increment();
    }

    @Override
    public void forwarded(int commands) {
        forwarded.increment(commands);
    }

    @Override
    public void fsyncNanos(long nanos) {
        fsync.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void readRoundNanos(long nanos) {
        readRound.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void stoodAtOnce() {
        promptElections.increment();
    }

    @Override
    public void leaderChanged() {
        leaderChanges.increment();
    }

    @Override
    public void snapshotSaved(long nanos, long bytes, long revision) {
        save.record(nanos, TimeUnit.NANOSECONDS);
        lastBytes.set(bytes);
        lastRevision.set(revision);
    }

    @Override
    public void snapshotInstalled(long nanos) {
        install.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void digestMismatch() {
        mismatches.increment();
    }
}

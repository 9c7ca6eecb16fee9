package io.pathkeeper.server.rpc;

import io.pathkeeper.server.backup.BackupHead;
import io.pathkeeper.server.backup.BackupStream;
import io.pathkeeper.server.metrics.BackupMeters;
import io.pathkeeper.server.snapshot.SnapshotOrigin;
import io.pathkeeper.server.store.StatePins;
import java.util.function.LongSupplier;

/**
 * What backups are made of.
 *
 * @param pins gives out the whole state
 * @param clusterId name of the cluster
 * @param memberId name of this server
 * @param version version of this server
 * @param wallClock Unix milliseconds
 * @param meters counts
 */
public record BackupSource(
        StatePins pins,
        String clusterId,
        String memberId,
        String version,
        LongSupplier wallClock,
        BackupMeters meters) {

    /** A backup of the state of now. Waits for the entry that is being applied. */
    BackupStream begin() {
        StatePins.Pin pin = pins.pin();
        BackupHead head = new BackupHead(
                clusterId,
                memberId,
                version,
                pin.state().view().revision(),
                pin.state().view().znodeCount(),
                wallClock.getAsLong());
        return new BackupStream(head, pin.state(), new SnapshotOrigin(clusterId, pin.term(), pin.index()));
    }
}

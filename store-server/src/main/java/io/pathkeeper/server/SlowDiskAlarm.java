package io.pathkeeper.server;

import io.pathkeeper.server.alarm.AlarmType;
import io.pathkeeper.server.alarm.Alarms;
import io.pathkeeper.server.disk.SpaceView;
import io.pathkeeper.server.disk.SyncTimes;

/** Tells the operator of a disk that takes long to make the log durable. */
final class SlowDiskAlarm {
    private SlowDiskAlarm() {}

    /** Raises and clears the alarm, looking whenever the disk is looked at. */
    static void watch(SyncTimes syncs, long limitMillis, SpaceView space, Alarms alarms) {
        String message = "above one in 20 fsyncs of the log took longer than disk.slow_fsync, which is " + limitMillis
                + " ms, in the last minute: every write waits for the disks of a majority; give data.dir a disk of its own,"
                + " or a faster one";
        space.onLook(() -> alarms.set(AlarmType.SLOW_DISK, "data.dir", syncs.areSlow() ? message : ""));
    }
}

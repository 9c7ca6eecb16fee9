package io.pathkeeper.server;

import io.pathkeeper.server.alarm.AlarmType;
import io.pathkeeper.server.alarm.Alarms;
import io.pathkeeper.server.disk.DiskSpace;
import io.pathkeeper.server.disk.SpaceLevel;

/** Tells the operator of a disk that runs full. */
final class SpaceAlarm {
    private static final String SUBJECT = "data.dir";

    private SpaceAlarm() {}

    /** Raises and clears the alarm whenever the disk's space has another level. */
    static void watch(DiskSpace space, Alarms alarms) {
        Runnable tell = () -> alarms.set(AlarmType.NOSPACE, SUBJECT, message(space));
        space.onChange(tell);
    }

    private static String message(DiskSpace space) {
        return switch (space.level()) {
            case ENOUGH -> "";
            case LOW ->
                "the disk of data.dir has less left than disk.minimum_bytes, which is "
                        + space.limits().minimumBytes()
                        + " here: make room; when that is so on a majority of the servers, writes that let the store grow are refused";
            case FULL ->
                "the disk of data.dir has no room for another file of the log: make room; this server takes no"
                        + " entries until there is";
        };
    }

    /** Why the server is not ready, for its disk; empty when it is. */
    static String problem(DiskSpace space) {
        return space.level() == SpaceLevel.FULL ? "full: no room for another file of the log" : "";
    }
}

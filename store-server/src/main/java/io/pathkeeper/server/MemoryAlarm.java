package io.pathkeeper.server;

import io.pathkeeper.server.alarm.AlarmType;
import io.pathkeeper.server.alarm.Alarms;
import io.pathkeeper.server.disk.SpaceView;
import io.pathkeeper.server.store.StoreUse;

/** Tells the operator of a store that is nearly as large as it may be. */
final class MemoryAlarm {
    private MemoryAlarm() {}

    /** Raises and clears the alarm, looking whenever the disk is looked at: several times a second, on that thread. */
    static void watch(StoreUse use, SpaceView space, Alarms alarms) {
        space.onLook(() -> {
            for (StoreUse.Kind kind : StoreUse.Kind.values()) {
                alarms.set(AlarmType.MEMORY, kind.key(), message(use, kind));
            }
        });
    }

    private static String message(StoreUse use, StoreUse.Kind kind) {
        String what = kind == StoreUse.Kind.ZNODES ? " znodes" : " bytes of values";
        String limit = "the limit " + kind.key() + " is " + use.limits().of(kind) + what + " here, and more than ";
        String todo = "delete what is not needed, or give the servers more memory and raise the limit";
        return switch (use.level(kind)) {
            case ENOUGH -> "";
            case HIGH ->
                limit + StoreUse.SOFT_PERCENT + " % of it is used: " + todo + "; from " + StoreUse.HARD_PERCENT
                        + " % on writes that add are refused";
            case FULL ->
                limit + StoreUse.HARD_PERCENT + " % of it is used: writes that add are refused while a server with"
                        + " this limit leads; " + todo;
        };
    }
}

package io.pathkeeper.server;

import io.pathkeeper.server.alarm.AlarmType;
import io.pathkeeper.server.alarm.Alarms;
import io.pathkeeper.server.disk.SpaceView;
import io.pathkeeper.server.raft.RatisNode;
import java.util.HashMap;
import java.util.Map;

/** Tells the operator of data that is not what it should be: another server's state, or a snapshot here. Its own state does not alarm a server but stops it. */
final class CorruptAlarm {
    private final RatisNode node;
    private final Alarms alarms;
    private final Map<String, String> raised = new HashMap<>();

    private CorruptAlarm(RatisNode node, Alarms alarms) {
        this.node = node;
        this.alarms = alarms;
    }

    /** Raises and clears the alarms, looking whenever the disk is looked at: several times a second, on that thread. */
    static void watch(RatisNode node, SpaceView space, Alarms alarms) {
        space.onLook(new CorruptAlarm(node, alarms)::look);
    }

    private void look() {
        Map<String, String> now = new HashMap<>();
        for (String member : node.divergedMembers()) {
            now.put(
                    "member " + member,
                    "the state of server " + member
                            + " differs from the leader's, and it has stopped (exit code 7): keep its"
                            + " data directory for an examination, and let it start again with an empty one; the alarm goes"
                            + " when its state was compared and found equal");
        }
        String file = node.damagedSnapshot();
        if (!file.isEmpty()) {
            now.put(
                    "snapshot",
                    "the snapshot " + file
                            + " cannot be read, so that an older one was taken: look at the disk; the alarm"
                            + " goes when newer ones have taken its place");
        }
        raised.keySet().stream()
                .filter(subject -> !now.containsKey(subject))
                .toList()
                .forEach(subject -> {
                    alarms.clear(AlarmType.CORRUPT, subject);
                    raised.remove(subject);
                });
        now.forEach((subject, message) -> {
            alarms.raise(AlarmType.CORRUPT, subject, message);
            raised.put(subject, message);
        });
    }
}

package io.pathkeeper.client.model;

import java.util.List;

/**
 * The alarms of all servers.
 *
 * @param header who answered
 * @param alarms the oldest first; empty when all is well on the servers that were reached
 * @param unreached members that did not tell
 */
public record AlarmList(ResponseHeader header, List<Alarm> alarms, List<String> unreached) {
    /** Copies the lists. */
    public AlarmList {
        alarms = List.copyOf(alarms);
        unreached = List.copyOf(unreached);
    }
}

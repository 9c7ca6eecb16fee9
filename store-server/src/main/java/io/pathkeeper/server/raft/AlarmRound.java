package io.pathkeeper.server.raft;

import io.pathkeeper.server.store.ClusterAlarms;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** Gathers the alarms of all servers, once; tells its listener when each has answered or will not. Safe for all threads. */
final class AlarmRound {
    private final Consumer<ClusterAlarms.Listing> listener;
    private final List<ClusterAlarms.OfMember> alarms = new ArrayList<>();
    private final List<String> unreached = new ArrayList<>();
    private int missing;

    /** With the number of servers that will be told of. */
    AlarmRound(int servers, Consumer<ClusterAlarms.Listing> listener) {
        this.missing = servers;
        this.listener = listener;
    }

    /** A server has told its alarms. */
    void told(String memberId, List<ClusterAlarms.Standing> its) {
        end(() -> its.forEach(alarm -> alarms.add(new ClusterAlarms.OfMember(memberId, alarm))));
    }

    /** A server does not tell. */
    void silent(String memberId) {
        end(() -> unreached.add(memberId));
    }

    private void end(Runnable note) {
        ClusterAlarms.Listing listing;
        synchronized (this) {
            note.run();
            missing--;
            if (missing > 0) {
                return;
            }
            alarms.sort(Comparator.comparingLong(
                            (ClusterAlarms.OfMember one) -> one.alarm().sinceMillis())
                    .thenComparing(ClusterAlarms.OfMember::memberId)
                    .thenComparing(one -> one.alarm().type())
                    .thenComparing(one -> one.alarm().subject()));
            unreached.sort(Comparator.naturalOrder());
            listing = new ClusterAlarms.Listing(alarms, unreached);
        }
        listener.accept(listing);
    }
}

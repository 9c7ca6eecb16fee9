package io.pathkeeper.server;

import io.pathkeeper.server.metrics.MeterNames;
import io.pathkeeper.server.metrics.ServerMeters;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.ToLongFunction;

/** One value for each other member, as the members come and go. Under its own monitor. */
final class PeerGauges {
    private static final String LABEL = "peer";

    private final ServerMeters meters;
    private final ToLongFunction<String> lag;
    private final Set<String> present = new HashSet<>();

    PeerGauges(ServerMeters meters, ToLongFunction<String> lag) {
        this.meters = meters;
        this.lag = lag;
    }

    /** There are these other members now. */
    synchronized void follow(Collection<String> others) {
        for (String gone : Set.copyOf(present)) {
            if (!others.contains(gone)) {
                meters.remove(MeterNames.RAFT_FOLLOWER_LAG, LABEL, gone);
                present.remove(gone);
            }
        }
        for (String peer : others) {
            if (present.add(peer)) {
                meters.gauge(
                        MeterNames.RAFT_FOLLOWER_LAG,
                        "Log entries that a follower is behind; 0 on servers that do not lead",
                        LABEL,
                        peer,
                        () -> lag.applyAsLong(peer));
            }
        }
    }
}

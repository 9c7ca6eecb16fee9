package io.pathkeeper.server.raft;

import io.pathkeeper.server.store.ClusterAlarms;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The alarms of this server, for those who ask, and of all servers, over the links to the others. Any thread. */
final class RatisAlarms implements ClusterAlarms {
    private final RatisRoutes routes;
    private volatile Supplier<List<Standing>> own = List::of;

    RatisAlarms(RatisRoutes routes) {
        this.routes = routes;
    }

    /** Says where this server's alarms are found. */
    void show(Supplier<List<Standing>> alarms) {
        own = alarms;
    }

    /** Those of this server. */
    List<Standing> own() {
        return own.get();
    }

    @Override
    public void list(Consumer<Listing> listener) {
        List<String> others = routes.others();
        AlarmRound round = new AlarmRound(1 + others.size(), listener);
        round.told(routes.memberId(), own());
        for (String other : others) {
            PeerLink link = routes.link(other);
            if (link == null) {
                round.silent(other);
            } else {
                link.askAlarms(alarms -> round.told(other, alarms), () -> round.silent(other));
            }
        }
    }
}

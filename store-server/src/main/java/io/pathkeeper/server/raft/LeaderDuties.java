package io.pathkeeper.server.raft;

import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.store.ProposalListener;
import io.pathkeeper.server.store.Proposer;
import io.pathkeeper.server.store.StoreFailure;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the leader proposes by itself: the end of znodes and of locks' delays whose time has come, and checks of the state's digest. Runs on the
 * node's scheduler; at most one proposal of each kind is under way.
 */
final class LeaderDuties {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderDuties.class);
    private static final int DELETED_AT_ONCE = 1_000;
    private static final long CHECK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long CHECK_EVERY_ENTRIES = 1_000;
    private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Proposer proposer;
    private final RatisStateMachine machine;
    private final ClusterClock clock;
    private volatile boolean ticking;
    private volatile boolean checking;
    private long lastCheckNanos = System.nanoTime();
    private long lastCheckIndex;

    LeaderDuties(Proposer proposer, RatisStateMachine machine, ClusterClock clock) {
        this.proposer = proposer;
        this.machine = machine;
        this.clock = clock;
    }

    /** Proposes what is due. Called by the scheduler while this server leads. */
    void run() {
        long now = System.nanoTime();
        if (!ticking && machine.state().nextDeadlineMillis() <= clock.clusterMillis()) {
            ticking = true;
            proposer.propose(
                    new Command.Tick(DELETED_AT_ONCE), null, now + DEADLINE_NANOS, ending(() -> ticking = false));
        }
        long index = machine.appliedIndex();
        if (!checking && (now - lastCheckNanos >= CHECK_EVERY_NANOS || index - lastCheckIndex >= CHECK_EVERY_ENTRIES)) {
            checking = true;
            lastCheckNanos = now;
            lastCheckIndex = index;
            Command check = machine.state().digestCheck();
            proposer.propose(check, null, now + DEADLINE_NANOS, ending(() -> checking = false));
        }
    }

    private static ProposalListener ending(Runnable ended) {
        return new ProposalListener() {
            @Override
            public void applied(CommandResult result) {
                ended.run();
            }

            @Override
            public void failed(StoreFailure failure) {
                ended.run();
                LOG.atDebug()
                        .addKeyValue("reason", failure.rejection().reason())
                        .log("a duty of the leader was not carried out");
            }
        };
    }
}

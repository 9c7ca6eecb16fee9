package io.pathkeeper.it.fault.workload;

import io.pathkeeper.it.coordination.LockLoad;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Clients that contend for one lock, each with a session that owns ephemeral znodes, and write under its guard; now and then one falls silent. */
final class LockWorkload implements Workload {
    private static final int CLIENTS = 6;
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(5);

    private @Nullable LockLoad load;

    @Override
    public String name() {
        return "sessions-locks";
    }

    @Override
    public int clients() {
        return CLIENTS;
    }

    @Override
    public void prepare(Servers servers) throws InterruptedException {
        load = new LockLoad(servers.addresses(), servers.stubs(), SESSION_TIMEOUT);
    }

    @Override
    public void run(int client, SplittableRandom dice, BooleanSupplier stopping) {
        prepared().contender(client, dice.nextLong(), stopping).run();
    }

    @Override
    public Findings check() throws InterruptedException {
        prepared().awaitEndings();
        long succeeded = prepared().history().grantCount()
                + prepared().history().writeCount()
                + prepared().history().lookCount()
                + prepared().keepAlives().renewedCount();
        return new Findings(
                name(),
                succeeded,
                prepared().history().refusalCount(),
                prepared().keepAlives().brokenCount(),
                prepared().violations());
    }

    @Override
    public void close() {
        if (load != null) {
            load.close();
        }
    }

    private LockLoad prepared() {
        if (load == null) {
            throw new IllegalStateException("not prepared");
        }
        return load;
    }
}

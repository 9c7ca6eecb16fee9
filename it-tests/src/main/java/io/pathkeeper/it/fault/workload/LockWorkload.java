package io.pathkeeper.it.fault.workload;

import io.pathkeeper.it.coordination.LockLoad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Clients that contend for one lock, each with a session that owns ephemeral znodes, and write under its guard; now and then one falls silent. */
final class LockWorkload implements Workload {
    private static final int CLIENTS = 6;
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(5);

    /** Taking the lock, a look at it, two writes and giving it back. */
    private static final int CALLS_IN_TURN = 5;

    private @Nullable LockLoad load;
    private Pace pace = Pace.unlimited();

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
        pace = servers.pace();
        load = new LockLoad(servers.addresses(), servers.stubs(), SESSION_TIMEOUT);
    }

    @Override
    public void run(int client, SplittableRandom dice, BooleanSupplier stopping) {
        prepared()
                .contender(client, dice.nextLong(), () -> stopping.getAsBoolean() || !hasTurn())
                .run();
    }

    /** Waits for a turn; false when this thread shall end. */
    private boolean hasTurn() {
        try {
            for (int i = 0; i < CALLS_IN_TURN; i++) {
                pace.await();
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What an ended session leaves behind, and shows for longer than an end may take, is a violation like others. */
    @Override
    public Findings check() throws InterruptedException {
        List<String> violations = new ArrayList<>();
        try {
            prepared().awaitEndings();
        } catch (IllegalStateException e) {
            violations.add("orphans: " + e.getMessage());
        }
        violations.addAll(prepared().violations());
        long succeeded = prepared().history().grantCount()
                + prepared().history().writeCount()
                + prepared().history().lookCount()
                + prepared().keepAlives().renewedCount();
        return new Findings(
                name(),
                succeeded,
                prepared().history().refusalCount(),
                prepared().keepAlives().brokenCount(),
                violations);
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

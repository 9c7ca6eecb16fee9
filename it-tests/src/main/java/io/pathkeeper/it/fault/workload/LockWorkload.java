package io.pathkeeper.it.fault.workload;

import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.coordination.Contender;
import io.pathkeeper.it.coordination.LockLoad;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.v1.Child;
import io.pathkeeper.v1.ListChildrenRequest;
import io.pathkeeper.v1.ListChildrenResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Clients that contend for one lock, and write under its guard, for one that is shared and for permits, each with a session that owns ephemeral znodes; now and then one falls silent. */
final class LockWorkload implements Workload {
    private static final int CLIENTS = 6;
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(5);

    /** Taking the lock, a look at it, two writes and giving it back. */
    private static final int CALLS_IN_TURN = 5;

    private static final Duration LOOK_LIMIT = Duration.ofSeconds(30);
    private static final int SHOWN = 10;

    private @Nullable LockLoad load;
    private List<ServerStubs> servers = List.of();
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
    public void prepare(Servers all) throws InterruptedException {
        pace = all.pace();
        servers = all.stubs();
        load = new LockLoad(all.addresses(), all.stubs(), SESSION_TIMEOUT);
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
        for (ServerStubs server : servers) {
            left(server).ifPresent(violations::add);
        }
        violations.addAll(prepared().violations());
        long succeeded = prepared().histories().stream()
                .mapToLong(lock -> (long) lock.grantCount() + lock.writeCount() + lock.lookCount())
                .sum();
        return new Findings(
                name(),
                succeeded,
                Map.of("LOCK_NOT_HELD", (long) prepared().history().refusalCount(), "SESSION_EXPIRED", (long)
                        prepared().usedBehindEndCount()),
                Map.of("keep-alives unanswered", prepared().keepAlives().brokenCount()),
                prepared().keepAlives().renewedCount(),
                violations,
                Map.of());
    }

    /** All sessions are over: there is no ephemeral znode of theirs on any server, whatever observers were told. */
    private static Optional<String> left(ServerStubs server) {
        ListChildrenResponse children;
        try {
            children = server.store(LOOK_LIMIT)
                    .withWaitForReady()
                    .listChildren(ListChildrenRequest.newBuilder()
                            .setPath(Contender.MEMBERS)
                            .setPageSize(SHOWN)
                            .build());
        } catch (StatusRuntimeException e) {
            if (ServerStubs.reasonOf(e).equals("NODE_NOT_FOUND")) {
                return Optional.empty();
            }
            throw e;
        }
        List<String> names =
                children.getChildrenList().stream().map(Child::getName).toList();
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of("orphans: on " + server.address() + " there are still " + names
                        + (children.getNextPageToken().isEmpty() ? "" : " and more") + " below " + Contender.MEMBERS
                        + ", and all sessions are over");
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

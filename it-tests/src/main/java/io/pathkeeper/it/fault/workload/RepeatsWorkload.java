package io.pathkeeper.it.fault.workload;

import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.FieldOperation;
import io.pathkeeper.v1.PatchRequest;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.RequestId;
import io.pathkeeper.v1.Value;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Clients that count up by requests with a number: what is not answered is sent again, to any server, until it is, and half of what was answered is sent once more. A repeat is answered
 * as the first one was, and in the end each counter says how many requests there were.
 */
final class RepeatsWorkload implements Workload {
    private static final String ROOT = "/repeats";
    private static final int CLIENTS = 6;
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PACE_MILLIS = 10;

    private final Tally tally = new Tally();
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final AtomicLongArray requests = new AtomicLongArray(CLIENTS);
    private @Nullable Servers servers;

    @Override
    public String name() {
        return "repeats";
    }

    @Override
    public int clients() {
        return CLIENTS;
    }

    @Override
    public void prepare(Servers all) {
        servers = all;
        for (int client = 0; client < CLIENTS; client++) {
            all.stubs()
                    .get(0)
                    .store(LIMIT.multipliedBy(5))
                    .create(CreateRequest.newBuilder()
                            .setPath(path(client))
                            .setCreateParents(true)
                            .setData(Payload.newBuilder()
                                    .setValue(Value.newBuilder().setIntValue(0)))
                            .build());
        }
    }

    private static String path(int client) {
        return ROOT + "/c" + client;
    }

    private Servers prepared() {
        if (servers == null) {
            throw new IllegalStateException(name() + " is not prepared");
        }
        return servers;
    }

    @Override
    public void run(int client, SplittableRandom dice, BooleanSupplier stopping) throws InterruptedException {
        while (!stopping.getAsBoolean()) {
            long sequence = requests.incrementAndGet(client);
            PatchRequest request = PatchRequest.newBuilder()
                    .setPath(path(client))
                    .addOperations(FieldOperation.newBuilder()
                            .setType(FieldOperation.Type.TYPE_INCREMENT)
                            .setDelta(1))
                    .setRequestId(RequestId.newBuilder()
                            .setClientId(run + client)
                            .setSequence(sequence)
                            .setAcknowledgedBelow(sequence))
                    .build();
            long first = answered(request, dice);
            if (dice.nextBoolean()) {
                long again = answered(request, dice);
                if (again != first) {
                    tally.violated(List.of("doubled: request " + sequence + " of " + path(client)
                            + " was answered with revision " + first + ", its repeat with " + again));
                }
            }
            TimeUnit.MILLISECONDS.sleep(PACE_MILLIS); // the pace of the requests
        }
    }

    /** Sends a request to one server after the other until one answers; the revision of the answer. */
    private long answered(PatchRequest request, SplittableRandom dice) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<ServerStubs> stubs = prepared().stubs();
        while (true) {
            prepared().pace().await();
            try {
                long revision = stubs.get(dice.nextInt(stubs.size()))
                        .store(LIMIT)
                        .patch(request)
                        .getRevision();
                tally.succeeded();
                return revision;
            } catch (StatusRuntimeException e) {
                tally.failed(PinnedCalls.failure(e));
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
            }
            TimeUnit.MILLISECONDS.sleep(PACE_MILLIS); // not answered: another server may be
        }
    }

    @Override
    public Findings check() {
        try (StoreCalls calls = new LibraryCalls(prepared())) {
            for (int client = 0; client < CLIENTS; client++) {
                long found = calls.get(path(client)).number();
                long sent = requests.get(client);
                if (found != sent) {
                    tally.violated(List.of((found > sent ? "doubled: " : "lost: ") + path(client) + " is " + found
                            + " behind " + sent + " requests"));
                }
            }
        }
        return tally.findings(name());
    }

    @Override
    public void close() {
        // nothing is open
    }
}

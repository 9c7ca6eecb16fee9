package io.pathkeeper.it.fault.workload;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.v1.FieldOperation;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.GetResponse;
import io.pathkeeper.v1.PatchRequest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One client counts up in a znode, through whichever server answers; others read it, each from one server, and do not wait for answers: so that hundreds of calls lie in the socket of a server that
 * stands still, sent behind what others have acknowledged meanwhile, and are read at once when it goes on. No read may return less than was acknowledged, or read, before it was sent.
 */
final class FreshReadsWorkload implements Workload {
    private static final String PATH = "/fresh-reads";
    private static final int READERS_OF_EACH_SERVER = 2;
    private static final int MOST_OUTSTANDING = 300;
    private static final Duration READ_LIMIT = Duration.ofSeconds(4);
    private static final GetRequest READ = GetRequest.newBuilder().setPath(PATH).build();
    private static final Duration WRITE_LIMIT = Duration.ofMillis(700);
    private static final long READ_PACE_MILLIS = 10;
    private static final long WRITE_PACE_MILLIS = 5;
    private static final int SERVERS = 3;

    private final Tally tally = new Tally();
    /** The largest number that was acknowledged or read. */
    private final AtomicLong known = new AtomicLong();

    private @Nullable Servers servers;

    @Override
    public String name() {
        return "fresh-reads";
    }

    @Override
    public int clients() {
        return 1 + SERVERS * READERS_OF_EACH_SERVER;
    }

    @Override
    public void prepare(Servers all) {
        servers = all;
        try (StoreCalls calls = new LibraryCalls(all)) {
            calls.create(PATH, 0L);
        }
    }

    @Override
    public void run(int client, SplittableRandom dice, BooleanSupplier stopping) throws InterruptedException {
        Servers all = servers;
        if (all == null) {
            throw new IllegalStateException(name() + " is not prepared");
        }
        if (client == 0) {
            write(all, stopping);
            return;
        }
        ServerStubs server = all.stubs().get((client - 1) % all.stubs().size());
        Semaphore room = new Semaphore(MOST_OUTSTANDING);
        while (!stopping.getAsBoolean()) {
            if (room.tryAcquire()) {
                read(server, room);
            }
            TimeUnit.MILLISECONDS.sleep(READ_PACE_MILLIS); // the pace of the reads
        }
        if (!room.tryAcquire(MOST_OUTSTANDING, 2 * READ_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException(
                    "reads from " + server.address() + " did not end within twice their time limit");
        }
    }

    /** Counts up; a count that comes late only makes the number larger, so that what was seen once stays a lower bound. */
    private void write(Servers all, BooleanSupplier stopping) throws InterruptedException {
        PatchRequest increment = PatchRequest.newBuilder()
                .setPath(PATH)
                .addOperations(FieldOperation.newBuilder()
                        .setType(FieldOperation.Type.TYPE_INCREMENT)
                        .setDelta(1))
                .setReturnData(true)
                .build();
        int server = 0;
        while (!stopping.getAsBoolean()) {
            try {
                long number = all.stubs()
                        .get(server)
                        .store(WRITE_LIMIT)
                        .patch(increment)
                        .getData()
                        .getValue()
                        .getIntValue();
                known.accumulateAndGet(number, Math::max);
                tally.succeeded();
            } catch (StatusRuntimeException e) {
                tally.failed(PinnedCalls.failure(e));
                server = (server + 1) % all.stubs().size();
            }
            TimeUnit.MILLISECONDS.sleep(WRITE_PACE_MILLIS); // the pace of the writes
        }
    }

    private void read(ServerStubs server, Semaphore room) {
        long atLeast = known.get();
        Futures.addCallback(
                server.storeFutures(READ_LIMIT).get(READ),
                new FutureCallback<>() {
                    @Override
                    public void onSuccess(@Nullable GetResponse response) {
                        seen(
                                server,
                                Objects.requireNonNull(response)
                                        .getData()
                                        .getValue()
                                        .getIntValue(),
                                atLeast);
                        room.release();
                    }

                    @Override
                    public void onFailure(Throwable error) {
                        tally.failed(
                                PinnedCalls.failure(Status.fromThrowable(error).asRuntimeException()));
                        room.release();
                    }
                },
                MoreExecutors.directExecutor());
    }

    private void seen(ServerStubs server, long number, long atLeast) {
        tally.succeeded();
        if (number < atLeast) {
            tally.violated(List.of("stale: " + server.address() + " answered a read with " + number + " though "
                    + atLeast + " had been acknowledged or read before it was sent"));
        }
        known.accumulateAndGet(number, Math::max);
    }

    @Override
    public Findings check() {
        return tally.findings(name());
    }

    @Override
    public void close() {
        // every client closes what it opened
    }
}

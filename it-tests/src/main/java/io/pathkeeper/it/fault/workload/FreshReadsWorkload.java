package io.pathkeeper.it.fault.workload;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.v1.FieldOperation;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.PatchRequest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client counts up in a znode, through every server; another one reads it, from every server. Neither waits for answers: so that a new leader is written to as soon as there is one, and hundreds of
 * reads, sent behind what others have acknowledged meanwhile, lie in the socket of a server that stands still and are read at once when it goes on. No read may return less than was acknowledged, or
 * read, before it was sent.
 */
final class FreshReadsWorkload implements Workload {
    private static final String PATH = "/fresh-reads";
    private static final int MOST_READS = 300;
    private static final int MOST_WRITES = 50;
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final GetRequest READ = GetRequest.newBuilder().setPath(PATH).build();
    private static final PatchRequest INCREMENT = PatchRequest.newBuilder()
            .setPath(PATH)
            .addOperations(FieldOperation.newBuilder()
                    .setType(FieldOperation.Type.TYPE_INCREMENT)
                    .setDelta(1))
            .setReturnData(true)
            .build();
    private static final long READ_PACE_MILLIS = 10;
    /** Between two writes there is time for a read that confirms the newest one: a confirmation that is taken for longer than it is good for shows only behind one. */
    private static final long WRITE_PACE_MILLIS = 100;

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
        return 2;
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
        boolean writes = client == 0;
        int most = writes ? MOST_WRITES : MOST_READS;
        List<Line> lines = all.stubs().stream()
                .map(server -> new Line(server, new Semaphore(most)))
                .toList();
        while (!stopping.getAsBoolean()) {
            for (Line line : lines) {
                if (line.room().tryAcquire()) {
                    all.pace().await();
                    if (writes) {
                        write(line);
                    } else {
                        read(line);
                    }
                }
            }
            TimeUnit.MILLISECONDS.sleep(writes ? WRITE_PACE_MILLIS : READ_PACE_MILLIS); // the pace of the calls
        }
        for (Line line : lines) {
            if (!line.room().tryAcquire(most, 2 * LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        "calls to " + line.server().address() + " did not end within twice their time limit");
            }
        }
    }

    /** The calls of one client to one server. */
    private record Line(ServerStubs server, Semaphore room) {}

    /** Counts up; a count that comes late only makes the number larger, so that what was seen once stays a lower bound. */
    private void write(Line line) {
        answer(line, line.server().storeFutures(LIMIT).patch(INCREMENT), response -> {
            tally.succeeded();
            known.accumulateAndGet(response.getData().getValue().getIntValue(), Math::max);
        });
    }

    private void read(Line line) {
        long atLeast = known.get();
        answer(
                line,
                line.server().storeFutures(LIMIT).get(READ),
                response -> seen(line.server(), response.getData().getValue().getIntValue(), atLeast));
    }

    private <T> void answer(Line line, ListenableFuture<T> call, Consumer<T> answered) {
        Futures.addCallback(
                call,
                new FutureCallback<T>() {
                    @Override
                    public void onSuccess(@Nullable T response) {
                        answered.accept(Objects.requireNonNull(response));
                        line.room().release();
                    }

                    @Override
                    public void onFailure(Throwable error) {
                        failed(line.server(), error);
                        line.room().release();
                    }
                },
                MoreExecutors.directExecutor());
    }

    /** The znode was made before all calls, and nobody deletes it. */
    private void failed(ServerStubs server, Throwable error) {
        CallFailure failure = PinnedCalls.failure(
                error instanceof StatusRuntimeException status
                        ? status
                        : Status.fromThrowable(error).asRuntimeException());
        tally.failed(failure);
        if (failure.isRefused("NODE_NOT_FOUND")) {
            tally.violated(List.of("lost: " + server.address() + " answered that there is no " + PATH));
        }
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

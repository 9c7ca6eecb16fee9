package io.pathkeeper.it.fault;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.it.fault.workload.Findings;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.SetResponse;
import io.pathkeeper.v1.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a znode of its own through each server all the time, without waiting for answers, and tells how long it took until a write that was begun behind some moment was acknowledged.
 * At the end it reads its znodes: none may be older than what was acknowledged.
 *
 * <p>Safe to use from any thread.
 */
final class RecoveryProbe implements AutoCloseable {
    private static final long EVERY_MILLIS = 50;
    private static final int MOST_WAITING = 200;
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final String PATH = "/faults-probe-";

    private record Waiting(long sinceNanos, CompletableFuture<Long> nanos) {}

    /** The writes through one server. */
    private static final class Line {
        final AtomicInteger waiting = new AtomicInteger();
        final AtomicLong acknowledgedRevision = new AtomicLong();
        final Acknowledgements times = new Acknowledgements();
    }

    private final List<ServerStubs> stubs;
    private final List<Line> lines = new ArrayList<>();
    private final ConcurrentLinkedQueue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(run -> {
        Thread made = new Thread(run, "recovery-probe");
        made.setDaemon(true);
        return made;
    });

    /** Begins to write. The stubs stay the caller's. */
    RecoveryProbe(List<ServerStubs> stubs) {
        this.stubs = List.copyOf(stubs);
        stubs.forEach(stub -> lines.add(new Line()));
        thread.scheduleAtFixedRate(this::write, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Completes with the nanoseconds from a moment to the first acknowledgement of a write that was begun behind it. */
    CompletableFuture<Long> firstWriteAfter(long sinceNanos) {
        Waiting next = new Waiting(sinceNanos, new CompletableFuture<>());
        waiting.add(next);
        next.nanos().whenComplete((nanos, error) -> waiting.remove(next));
        return next.nanos();
    }

    /** Longest time between two moments in which no write through one of these servers was acknowledged, in milliseconds; of the worst of them. */
    long longestGap(List<Integer> servers, long from, long to) {
        return servers.stream()
                .mapToLong(server -> lines.get(server).times.longestGap(from, to))
                .max()
                .orElse(0);
    }

    /** How long writes through these servers took that were acknowledged between two moments. */
    RecoveryTimes times(List<Integer> servers, long from, long to) {
        RecoveryTimes times = new RecoveryTimes();
        servers.forEach(server -> lines.get(server).times.addTimes(from, to, times));
        return times;
    }

    /** Stops writing and reads what is there; the servers must be well. */
    Findings check() {
        close();
        List<String> violations = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            long acknowledgedRevision = lines.get(i).acknowledgedRevision.get();
            if (acknowledgedRevision > 0) {
                long found = stubs.get(i)
                        .store(Duration.ofSeconds(30))
                        .withWaitForReady() // the connection may still wait for its next try behind a fault
                        .get(GetRequest.newBuilder().setPath(PATH + i).build())
                        .getStat()
                        .getModifiedRevision();
                if (found < acknowledgedRevision) {
                    violations.add(String.format(
                            Locale.ROOT,
                            "lost write: a write of %s%d was acknowledged at revision %d, but a linearizable read found revision %d",
                            PATH,
                            i,
                            acknowledgedRevision,
                            found));
                }
            }
        }
        return new Findings(
                "recovery-probe",
                acknowledged.get(),
                Map.of(),
                Map.of("any reason", failed.get()),
                0,
                violations,
                Map.of());
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            if (line.waiting.get() < MOST_WAITING) {
                line.waiting.incrementAndGet();
                SetRequest request = SetRequest.newBuilder()
                        .setPath(PATH + i)
                        .setAllowMissing(true)
                        .setData(Payload.newBuilder()
                                .setValue(Value.newBuilder().setIntValue(numbers.incrementAndGet())))
                        .build();
                long begun = System.nanoTime();
                Futures.addCallback(
                        stubs.get(i).storeFutures(LIMIT).set(request),
                        new Answer(line, begun),
                        MoreExecutors.directExecutor());
            }
        }
    }

    private final class Answer implements FutureCallback<SetResponse> {
        private final Line line;
        private final long begun;

        Answer(Line line, long begun) {
            this.line = line;
            this.begun = begun;
        }

        @Override
        public void onSuccess(@Nullable SetResponse response) {
            long now = System.nanoTime();
            line.waiting.decrementAndGet();
            acknowledged.incrementAndGet();
            long revision = Objects.requireNonNull(response, "an answer").getRevision();
            line.acknowledgedRevision.accumulateAndGet(revision, Math::max);
            line.times.add(begun, now);
            for (Waiting one : waiting) {
                if (begun - one.sinceNanos() >= 0) {
                    one.nanos().complete(now - one.sinceNanos());
                }
            }
        }

        @Override
        public void onFailure(Throwable error) {
            line.waiting.decrementAndGet();
            failed.incrementAndGet();
        }
    }
}

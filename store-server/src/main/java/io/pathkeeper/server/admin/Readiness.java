package io.pathkeeper.server.admin;

import io.pathkeeper.server.store.ClusterControl;
import io.pathkeeper.server.store.ClusterStatus;
import io.pathkeeper.server.store.ReadBarrier;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this server answers linearizable reads and writes. A thread of its own looks five times a second and tries a linearizable read
 * about once a second, so that asking costs nothing and never waits.
 *
 * <p>Any thread may ask; the listener is told of changes on the readiness thread.
 */
public final class Readiness implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
    private static final long LOOK_MILLIS = 200;
    private static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(900);
    private static final long READ_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long MOST_LAG = 1_000;

    private final ClusterControl cluster;
    private final ReadBarrier barrier;
    private final Supplier<String> diskProblem;
    private final Supplier<List<String>> alarms;
    private final Consumer<Boolean> listener;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "readiness");
        made.setDaemon(true);
        return made;
    });
    private volatile List<Check> checks = List.of(new Check("started", false, "starting"));
    private volatile boolean ready;
    // owned by the readiness thread, but for what a finished probe leaves
    private @Nullable Probe probe;
    private volatile String readProblem = "not tried yet";

    /**
     * One condition.
     *
     * @param name short name
     * @param ok whether it holds
     * @param detail what was found
     */
    public record Check(String name, boolean ok, String detail) {}

    private static final class Probe {
        final long startNanos = System.nanoTime();
        volatile boolean done;
    }

    /**
     * Makes it; nothing is looked at before {@link #start}.
     *
     * @param diskProblem why nothing can be stored; empty when it can; must not block
     * @param alarms what an operator has to look at though the server is ready; must not block
     * @param listener is told when readiness changes, for the first time when the server is ready
     */
    public Readiness(
            ClusterControl cluster,
            ReadBarrier barrier,
            Supplier<String> diskProblem,
            Supplier<List<String>> alarms,
            Consumer<Boolean> listener) {
        this.cluster = cluster;
        this.barrier = barrier;
        this.diskProblem = diskProblem;
        this.alarms = alarms;
        this.listener = listener;
    }

    /** Begins to look. Once. */
    public void start() {
        thread.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Whether all conditions hold. */
    public boolean isReady() {
        return ready;
    }

    /** The conditions as they were found last. */
    public List<Check> checks() {
        return checks;
    }

    /** What an operator has to look at, each as one sentence. It does not count for readiness. */
    public List<String> alarms() {
        return alarms.get();
    }

    private void look() {
        try {
            probe();
            ClusterStatus status = cluster.status();
            long lag = Math.max(0, status.commitIndex() - status.appliedIndex());
            String disk = diskProblem.get();
            String problem = readProblem;
            List<Check> found = List.of(
                    new Check(
                            "raft_role",
                            status.ready(),
                            status.role()
                                    + (status.leaderId().isEmpty()
                                            ? ", no leader known"
                                            : ", leader " + status.leaderId())),
                    new Check(
                            "applied_lag", lag < MOST_LAG, lag + " entries behind, allowed are less than " + MOST_LAG),
                    new Check("disk", disk.isEmpty(), disk.isEmpty() ? "has room for the log" : disk),
                    new Check("linearizable_read", problem.isEmpty(), problem.isEmpty() ? "answered" : problem));
            checks = found;
            boolean now = found.stream().allMatch(Check::ok);
            if (now != ready) {
                ready = now;
                listener.accept(now);
            }
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("readiness could not be found out");
        }
    }

    private void probe() {
        Probe last = probe;
        long now = System.nanoTime();
        if (last != null && !last.done) {
            if (now - last.startNanos > READ_NANOS) {
                readProblem = "no answer within 2 s";
            }
            return;
        }
        if (last != null && now - last.startNanos < PROBE_NANOS && readProblem.isEmpty()) {
            return;
        }
        Probe next = new Probe();
        probe = next;
        barrier.probe().whenComplete((view, error) -> {
            boolean late = System.nanoTime() - next.startNanos > READ_NANOS;
            readProblem = error != null ? String.valueOf(error.getMessage()) : late ? "no answer within 2 s" : "";
            next.done = true;
        });
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

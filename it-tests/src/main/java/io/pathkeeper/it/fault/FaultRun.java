package io.pathkeeper.it.fault;

import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.it.fault.cluster.FaultCluster;
import io.pathkeeper.it.fault.cluster.MemberState;
import io.pathkeeper.it.fault.nemesis.Injection;
import io.pathkeeper.it.fault.nemesis.Nemesis;
import io.pathkeeper.it.fault.workload.Servers;
import io.pathkeeper.it.fault.workload.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One run: loads on servers, one fault after the other, then all is healed, compared and checked. Used by one thread, which drives the cluster; once.
 */
final class FaultRun {
    private static final Duration WRITE_PATIENCE = Duration.ofSeconds(60);
    private static final Duration END_PATIENCE = Duration.ofSeconds(120);
    private static final Duration CALM_PATIENCE = Duration.ofSeconds(120);

    private final FaultCluster cluster;
    private final FaultRunOptions options;
    private final FaultReport report;
    private final Consumer<String> progress;
    private final List<ServerStubs> stubs;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final ConcurrentLinkedQueue<String> clientFailures = new ConcurrentLinkedQueue<>();
    private final long begunNanos = System.nanoTime();

    /**
     * Prepares a run on servers that are ready.
     *
     * @param report is filled
     * @param progress is told a line now and then
     */
    FaultRun(FaultCluster cluster, FaultRunOptions options, FaultReport report, Consumer<String> progress) {
        this.cluster = cluster;
        this.options = options;
        this.report = report;
        this.progress = progress;
        this.stubs = cluster.addresses().stream().map(ServerStubs::new).toList();
    }

    /** Runs. What is found is in the report; what is thrown is a failure of the harness. */
    void run() throws InterruptedException {
        SplittableRandom dice = new SplittableRandom(options.seed());
        SplittableRandom faultDice = dice.split();
        List<Thread> clients = new ArrayList<>();
        try (RecoveryProbe probe = new RecoveryProbe(stubs)) {
            awaitWrites(probe);
            boolean keepHistory = cluster.settings().keySet().stream().noneMatch(key -> key.startsWith("history."));
            Servers servers = new Servers(cluster.addresses(), stubs, options.pace(), keepHistory);
            for (Workload workload : options.workloads()) {
                workload.prepare(servers);
                clients.addAll(start(workload, dice));
            }
            if (makeFaultsAndCalm(probe, faultDice, clients)) {
                report.findings(probe.check());
                for (Workload workload : options.workloads()) {
                    progress.accept("checking " + workload.name());
                    report.findings(workload.check());
                    workload.notes().forEach(note -> report.note(workload.name() + ", " + note));
                }
            }
            clientFailures.forEach(report::violation);
            long kills = report.leaderKills().percentile(99);
            if (options.strict() && kills > FaultReport.LEADER_KILL_TARGET.toMillis()) {
                report.violation("writes were back " + kills + " ms (p99) behind a leader's SIGKILL, wanted are "
                        + FaultReport.LEADER_KILL_TARGET.toMillis());
            }
        } finally {
            stopping.set(true);
            options.workloads().forEach(Workload::close);
            stubs.forEach(ServerStubs::close);
        }
    }

    /** Returns whether the servers are well behind it, so that everything can be checked. */
    private boolean makeFaultsAndCalm(RecoveryProbe probe, SplittableRandom dice, List<Thread> clients)
            throws InterruptedException {
        try {
            makeFaults(probe, dice);
            stopping.set(true);
            join(clients);
            calm();
            return true;
        } catch (IllegalStateException e) {
            report.violation("the run broke off: " + e.getMessage());
            return false;
        }
    }

    /** Servers that have just started may choose another leader: workloads are prepared when writes are acknowledged. */
    private static void awaitWrites(RecoveryProbe probe) throws InterruptedException {
        try {
            probe.firstWriteAfter(System.nanoTime()).get(WRITE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "no write was acknowledged within " + WRITE_PATIENCE.toSeconds() + " s, before any fault", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private List<Thread> start(Workload workload, SplittableRandom dice) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < workload.clients(); i++) {
            int client = i;
            SplittableRandom own = dice.split();
            Thread thread = new Thread(
                    () -> {
                        try {
                            workload.run(client, own, stopping::get);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    workload.name() + "-" + client);
            thread.setUncaughtExceptionHandler((failed, error) -> {
                error.printStackTrace();
                clientFailures.add("client " + failed.getName() + " failed: " + error);
            });
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        return threads;
    }

    private void join(List<Thread> clients) throws InterruptedException {
        long deadline = System.nanoTime() + END_PATIENCE.toNanos();
        for (Thread client : clients) {
            client.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            if (client.isAlive()) {
                report.violation("client " + client.getName() + " did not end within " + END_PATIENCE.toSeconds()
                        + " s behind the last fault");
            }
        }
    }

    private void makeFaults(RecoveryProbe probe, SplittableRandom dice) throws InterruptedException {
        List<Nemesis> able = new ArrayList<>();
        for (Nemesis nemesis : options.nemeses()) {
            Optional<String> whyNot = nemesis.whyNot(cluster);
            whyNot.ifPresentOrElse(why -> report.notRun(nemesis.name(), why), () -> able.add(nemesis));
        }
        pause(options.faultsEvery());
        long end = System.nanoTime()
                + options.length().minus(options.faultsEvery()).toNanos();
        List<Nemesis> due = new ArrayList<>();
        for (boolean first = true; !able.isEmpty() && (first || System.nanoTime() - end < 0); first = false) {
            if (due.isEmpty()) {
                due.addAll(able); // every kind has its turn before one comes again
            }
            Nemesis nemesis = due.remove(dice.nextInt(due.size()));
            FaultRecord record = fault(nemesis, probe, dice);
            report.fault(record);
            progress.accept(String.format(
                    java.util.Locale.ROOT,
                    "%7.1f s  %s: %s%s; writes were back after %d ms",
                    record.atMillis() / 1e3,
                    record.nemesis(),
                    record.what(),
                    record.outcome().isEmpty() ? "" : "; " + record.outcome(),
                    record.leaderKillMillis() >= 0 ? record.leaderKillMillis() : record.healedMillis()));
            pause(options.faultsEvery());
        }
        if (able.isEmpty() && !options.nemeses().isEmpty()) {
            report.violation("none of the nemeses can run here");
        }
    }

    private FaultRecord fault(Nemesis nemesis, RecoveryProbe probe, SplittableRandom dice) throws InterruptedException {
        Duration hold = nemesis.hold(dice);
        long at = System.nanoTime();
        Injection injection = nemesis.begin(cluster, dice);
        long inForce = System.nanoTime();
        CompletableFuture<Long> afterKill = probe.firstWriteAfter(inForce);
        pause(hold);
        injection.check().forEach(problem -> report.violation(nemesis.name() + ": " + problem));
        injection.end();
        long ended = System.nanoTime();
        CompletableFuture<Long> afterEnd = probe.firstWriteAfter(ended);
        long killMillis = injection.leaderKilled() ? millis(afterKill, nemesis, injection) : -1;
        long endMillis = millis(afterEnd, nemesis, injection);
        if (options.strict() && endMillis > FaultReport.HEAL_TARGET.toMillis()) {
            report.violation(nemesis.name() + " (" + injection.what() + "): writes were back " + endMillis
                    + " ms behind its end only, wanted are " + FaultReport.HEAL_TARGET.toMillis());
        }
        cluster.startEnded();
        cluster.awaitAllReady();
        stubs.forEach(ServerStubs::reconnectNow);
        cluster.tolerateNoEnd();
        cluster.takeUnexpectedEnds()
                .forEach(end -> report.violation(nemesis.name() + " (" + injection.what() + "): " + end));
        injection.checkBehind().forEach(problem -> report.violation(nemesis.name() + ": " + problem));
        return new FaultRecord(
                nemesis.name(),
                TimeUnit.NANOSECONDS.toMillis(at - begunNanos),
                TimeUnit.NANOSECONDS.toMillis(ended - inForce),
                injection.what(),
                injection.outcome(),
                killMillis,
                endMillis);
    }

    private long millis(CompletableFuture<Long> write, Nemesis nemesis, Injection injection)
            throws InterruptedException {
        try {
            return TimeUnit.NANOSECONDS.toMillis(write.get(WRITE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            write.cancel(false);
            report.violation(nemesis.name() + " (" + injection.what() + "): no write was acknowledged within "
                    + WRITE_PATIENCE.toSeconds() + " s");
            return WRITE_PATIENCE.toMillis();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Heals all and compares the servers when nobody writes any more. */
    private void calm() throws InterruptedException {
        cluster.network().heal();
        cluster.startEnded();
        cluster.awaitAllReady();
        stubs.forEach(ServerStubs::reconnectNow);
        cluster.takeUnexpectedEnds().forEach(report::violation);
        Digests digests = new Digests();
        List<MemberState> last = new ArrayList<>();
        try {
            FaultCluster.await("all servers are at one revision", CALM_PATIENCE, () -> {
                last.clear();
                for (int server : cluster.all()) {
                    cluster.state(server).ifPresent(state -> {
                        last.add(state);
                        digests.seen(FaultCluster.name(server), state.revision(), state.digest());
                    });
                }
                return last.size() == cluster.size()
                        && last.stream().map(MemberState::revision).distinct().count() == 1;
            });
            report.digests("all " + cluster.size() + " servers have "
                    + Long.toHexString(last.get(0).digest()) + " at revision "
                    + last.get(0).revision());
        } catch (IllegalStateException e) {
            report.digests(String.valueOf(e.getMessage()));
            report.violation(e.getMessage() + ": " + last);
        }
        digests.differences().forEach(difference -> {
            report.digests(difference);
            report.violation(difference);
        });
    }

    private static void pause(Duration duration) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    }
}

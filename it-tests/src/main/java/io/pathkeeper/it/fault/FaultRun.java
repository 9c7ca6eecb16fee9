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
import java.util.Locale;
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

    /** Writes that stop for longer are violations on any machine; with {@code --strict} it is {@link FaultReport#HEAL_TARGET}. */
    private static final Duration LATE_GAP = Duration.ofSeconds(10);

    private static final Duration END_PATIENCE = Duration.ofSeconds(120);
    private static final Duration CALM_PATIENCE = Duration.ofSeconds(120);
    private static final Duration LOOK_PATIENCE = Duration.ofSeconds(2);
    private static final Duration LOOK_PAUSE = Duration.ofMillis(10);
    private static final int COMPARED_BEHIND_FAULT = 10;

    private final FaultCluster cluster;
    private final FaultRunOptions options;
    private final FaultReport report;
    private final Consumer<String> progress;
    private final List<ServerStubs> stubs;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final ConcurrentLinkedQueue<String> clientFailures = new ConcurrentLinkedQueue<>();
    private final Digests digests = new Digests();
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
        report.planned(
                options.nemeses().stream().map(Nemesis::name).toList(),
                options.workloads().stream().map(Workload::name).toList());
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
            makeFaultsAndCalm(probe, faultDice, clients);
            check("recovery-probe", () -> report.probe(probe.check()));
            for (Workload workload : options.workloads()) {
                progress.accept("checking " + workload.name());
                check(workload.name(), () -> {
                    report.findings(workload.check());
                    workload.notes().forEach(note -> report.note(workload.name() + ", " + note));
                });
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

    /** A run that breaks off is over sooner: what was recorded until then is checked all the same. */
    private void makeFaultsAndCalm(RecoveryProbe probe, SplittableRandom dice, List<Thread> clients)
            throws InterruptedException {
        try {
            makeFaults(probe, dice);
        } catch (RuntimeException e) {
            report.violation("the run broke off: " + why(e));
            cluster.heal();
        }
        stopping.set(true);
        join(clients);
        try {
            calm();
        } catch (RuntimeException e) {
            report.violation("the servers are not well at the end: " + why(e));
        }
    }

    /** What the harness says of the servers speaks for itself; anything else needs its kind. */
    private static String why(RuntimeException error) {
        return error instanceof IllegalStateException ? String.valueOf(error.getMessage()) : error.toString();
    }

    /** What finds a load's violations and reports them; may throw where servers are not well. */
    private interface Check {
        void run() throws InterruptedException;
    }

    private void check(String name, Check check) throws InterruptedException {
        try {
            check.run();
        } catch (RuntimeException e) {
            report.violation(name + " could not be checked: " + e);
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
            compare();
            progress.accept(line(record));
            pause(options.faultsEvery());
        }
        if (able.isEmpty() && !options.nemeses().isEmpty()) {
            report.violation("none of the nemeses can run here");
        }
    }

    private static String line(FaultRecord record) {
        String line =
                String.format(Locale.ROOT, "%7.1f s  %s: %s", record.atMillis() / 1e3, record.nemesis(), record.what());
        if (!record.outcome().isEmpty()) {
            line += "; " + record.outcome();
        }
        if (!record.tookEffect()) {
            line += "; NO EFFECT";
        }
        long back = record.leaderKillMillis() >= 0 ? record.leaderKillMillis() : record.healedMillis();
        return back < 0 ? line : line + "; writes were back after " + back + " ms";
    }

    private FaultRecord fault(Nemesis nemesis, RecoveryProbe probe, SplittableRandom dice) throws InterruptedException {
        Duration hold = nemesis.hold(dice);
        long at = System.nanoTime();
        Injection injection;
        try {
            injection = nemesis.begin(cluster, dice);
        } catch (RuntimeException e) {
            return notBegun(nemesis, at, e);
        }
        long inForce = System.nanoTime();
        CompletableFuture<Long> afterKill = probe.firstWriteAfter(inForce);
        pause(hold);
        injection.check().forEach(problem -> report.violation(nemesis.name() + ": " + problem));
        long over = System.nanoTime();
        String unhurt = unhurt(nemesis, injection, probe, List.of(at, inForce, over));
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
                injection.tookEffect(),
                TimeUnit.NANOSECONDS.toMillis(at - begunNanos),
                TimeUnit.NANOSECONDS.toMillis(over - inForce),
                TimeUnit.NANOSECONDS.toMillis(ended - over),
                injection.what(),
                injection.outcome() + unhurt,
                killMillis,
                endMillis);
    }

    /**
     * Tells how writes fared through servers that a fault costs nothing, and finds the violation when it did.
     *
     * @param moments when peace ended, the fault was in force, and was over
     */
    private String unhurt(Nemesis nemesis, Injection injection, RecoveryProbe probe, List<Long> moments) {
        List<Integer> servers = injection.unhurt();
        if (servers.isEmpty()) {
            return "";
        }
        long peace = moments.get(0) - options.faultsEvery().toNanos();
        long gap = probe.longestGap(servers, moments.get(1), moments.get(2));
        Duration most = options.strict() ? FaultReport.HEAL_TARGET : LATE_GAP;
        if (gap > most.toMillis()) {
            report.violation(nemesis.name() + " (" + injection.what() + "): through " + FaultCluster.names(servers)
                    + " no write was acknowledged for " + gap + " ms, though it costs them nothing");
        }
        return String.format(
                Locale.ROOT,
                ", through %s writes took %d ms (p99) before and %d ms meanwhile, with %d ms without one at most",
                FaultCluster.names(servers),
                probe.times(servers, peace, moments.get(0)).percentile(99),
                probe.times(servers, moments.get(1), moments.get(2)).percentile(99),
                gap);
    }

    /** All is healed, and the run goes on with the next kind. */
    private FaultRecord notBegun(Nemesis nemesis, long at, RuntimeException error) throws InterruptedException {
        FaultRecord record = FaultRecord.notBegun(
                nemesis.name(), TimeUnit.NANOSECONDS.toMillis(at - begunNanos), String.valueOf(error.getMessage()));
        report.violation(nemesis.name() + " " + record.what());
        cluster.heal();
        cluster.startEnded();
        cluster.awaitAllReady();
        stubs.forEach(ServerStubs::reconnectNow);
        cluster.tolerateNoEnd();
        cluster.takeUnexpectedEnds().forEach(end -> report.violation(nemesis.name() + ": " + end));
        return record;
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
        cluster.heal();
        cluster.startEnded();
        cluster.awaitAllReady();
        stubs.forEach(ServerStubs::reconnectNow);
        cluster.takeUnexpectedEnds().forEach(report::violation);
        List<MemberState> last = new ArrayList<>();
        try {
            FaultCluster.await("all servers are at one revision", CALM_PATIENCE, () -> {
                last.clear();
                last.addAll(look());
                return last.size() == cluster.size()
                        && last.stream().map(MemberState::revision).distinct().count() == 1;
            });
            report.digests("all " + cluster.size() + " servers have "
                    + Long.toHexString(last.get(0).digest()) + " at revision "
                    + last.get(0).revision() + "; compared at " + digests.compared() + " revisions in all");
        } catch (IllegalStateException e) {
            report.digests(String.valueOf(e.getMessage()));
            report.violation(e.getMessage() + ": " + last);
        }
        reportDifferences();
    }

    /** Behind a fault, under load, before another one destroys what shows it: looks at all until some of them were seen at one revision a few times, or for a while. */
    private void compare() throws InterruptedException {
        int before = digests.compared();
        long deadline = System.nanoTime() + LOOK_PATIENCE.toNanos();
        while (digests.compared() < before + COMPARED_BEHIND_FAULT && System.nanoTime() - deadline < 0) {
            look();
            pause(LOOK_PAUSE);
        }
        reportDifferences();
    }

    private List<MemberState> look() {
        List<MemberState> seen = new ArrayList<>();
        for (int server : cluster.all()) {
            cluster.state(server).ifPresent(state -> {
                seen.add(state);
                digests.seen(FaultCluster.name(server), state.revision(), state.digest());
            });
        }
        return seen;
    }

    private void reportDifferences() {
        digests.differences().forEach(difference -> {
            report.digests(difference);
            report.violation(difference);
        });
    }

    private static void pause(Duration duration) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    }
}

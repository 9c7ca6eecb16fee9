package io.pathkeeper.it.coordination;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Command line of the contention for locks. Exit codes: 0 all promises kept, 1 broken or failed, 2 wrong use. */
@Command(
        name = "lock-contention",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Many clients contend for one lock, a shared one and permits on three servers whose leader is killed again and again; checks the history.")
public final class LockContention implements Callable<Integer> {
    @Option(
            names = "--clients",
            defaultValue = "200",
            description = "Clients, a session each; default ${DEFAULT-VALUE}.")
    private int clients;

    @Option(names = "--minutes", defaultValue = "5", description = "How long; default ${DEFAULT-VALUE}.")
    private double minutes;

    @Option(
            names = "--kill-every",
            defaultValue = "20",
            description = "Seconds between two kills of the leader; default ${DEFAULT-VALUE}.")
    private int killEverySeconds;

    @Option(names = "--session-timeout", defaultValue = "5000", description = "Milliseconds; default ${DEFAULT-VALUE}.")
    private long sessionTimeoutMillis;

    @Option(names = "--seed", defaultValue = "1", description = "Of the clients' dice; default ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--heap", defaultValue = "512m", description = "Heap of each server; default ${DEFAULT-VALUE}.")
    private String heap = "512m";

    @Option(names = "--server-jar", required = true, hidden = true)
    private Path serverJar = Path.of("");

    @Option(names = "--directory", required = true, hidden = true)
    private Path directory = Path.of("");

    private final AtomicBoolean stopping = new AtomicBoolean();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private int kills;

    /** Runs the command line and ends this JVM. */
    public static void main(String[] arguments) {
        System.exit(CommandLines.run("lock-contention", new LockContention(), arguments));
    }

    @Override
    public Integer call() throws Exception {
        Files.createDirectories(directory);
        Path data = Files.createTempDirectory(directory.toAbsolutePath(), "lock-contention-");
        Duration timeout = Duration.ofMillis(sessionTimeoutMillis);
        try (ThreeServers servers = new ThreeServers(serverJar.toAbsolutePath(), data, heap, "contention");
                LockLoad load = new LockLoad(servers.addresses(), servers.stubs(), timeout)) {
            List<Thread> threads = startContenders(load);
            killLeaders(servers);
            stopping.set(true);
            for (Thread thread : threads) {
                thread.join(TimeUnit.MINUTES.toMillis(3));
                if (thread.isAlive()) {
                    failures.add(thread.getName() + " did not end");
                }
            }
            load.awaitEndings();
            return report(load);
        }
    }

    private List<Thread> startContenders(LockLoad load) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            Thread thread = new Thread(load.contender(i, seed, stopping::get), "contender-" + i);
            thread.setUncaughtExceptionHandler((t, error) -> failures.add(t.getName() + ": " + error));
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        return threads;
    }

    private void killLeaders(ThreeServers servers) throws InterruptedException {
        long end = System.nanoTime() + (long) (minutes * 60e9);
        long killEveryNanos = TimeUnit.SECONDS.toNanos(killEverySeconds);
        long nextKill = System.nanoTime() + Math.min(killEveryNanos, (long) (minutes * 30e9));
        while (System.nanoTime() - end < 0) {
            long until = Math.min(nextKill, end);
            TimeUnit.NANOSECONDS.sleep(Math.max(1, until - System.nanoTime()));
            if (System.nanoTime() - nextKill >= 0) {
                int leader = servers.leader();
                System.err.println("killing the leader s" + (leader + 1));
                servers.kill(leader);
                kills++;
                servers.restart(leader);
                servers.awaitReady(leader);
                nextKill += killEveryNanos;
            }
        }
    }

    private int report(LockLoad load) {
        System.out.println("| what | count |\n|---|---|");
        row("clients", clients);
        row("leaders killed", kills);
        row("grants of the one lock", load.history().grantCount());
        row("guarded writes done", load.history().writeCount());
        row("guarded writes refused", load.history().refusalCount());
        row("looks at the lock", load.history().lookCount());
        row("sessions ended", load.endedSessionCount());
        row("sessions lost though kept alive", load.lostSessionCount());
        row("keep-alives answered", load.keepAlives().renewedCount());
        row("keep-alive streams broken", load.keepAlives().brokenCount());
        List<String> broken = new ArrayList<>(load.violations());
        broken.addAll(failures);
        if (load.history().grantCount() < clients) {
            broken.add("only " + load.history().grantCount() + " grants for " + clients + " clients");
        }
        if (kills == 0 || load.history().refusalCount() == 0) {
            broken.add("nothing was tried: " + kills + " leaders killed, "
                    + load.history().refusalCount() + " writes refused");
        }
        broken.forEach(sentence -> System.out.println("BROKEN: " + sentence));
        System.out.println(broken.isEmpty() ? "all promises kept" : broken.size() + " promises broken or failures");
        return broken.isEmpty() ? 0 : 1;
    }

    private static void row(String what, long count) {
        System.out.println(String.format(Locale.ROOT, "| %s | %,d |", what, count));
    }
}

package io.pathkeeper.it.coordination;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.observe.Observation;
import io.pathkeeper.client.observe.ObserveRequest;
import io.pathkeeper.it.history.SessionEndings;
import io.pathkeeper.it.process.HeapSize;
import io.pathkeeper.it.process.ProcessorTime;
import io.pathkeeper.v1.SessionKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Command line of the load of many sessions. Exit codes: 0 all promises kept, 1 broken or failed, 2 wrong use. */
@Command(
        name = "session-load",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Opens many sessions with an ephemeral znode each on three servers, keeps them alive through the loss of a leader, and lets them expire.")
public final class SessionLoad implements Callable<Integer> {
    private static final String PARENT = "/sessions";

    @Option(names = "--sessions", defaultValue = "10000", description = "How many; default ${DEFAULT-VALUE}.")
    private int count;

    @Option(
            names = "--timeout",
            defaultValue = "30",
            description = "Seconds after which a silent session ends; default ${DEFAULT-VALUE}.")
    private int timeoutSeconds;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            description = "How long they are kept alive, before and behind the kill; default ${DEFAULT-VALUE}.")
    private int aliveSeconds;

    @Option(
            names = "--late",
            defaultValue = "5",
            description =
                    "Seconds behind its timeout within which a silent session must be over; default ${DEFAULT-VALUE}.")
    private int lateSeconds;

    @Option(names = "--heap", defaultValue = "512m", description = "Heap of each server; default ${DEFAULT-VALUE}.")
    private String heap = "512m";

    @Option(names = "--server-jar", required = true, hidden = true)
    private Path serverJar = Path.of("");

    @Option(names = "--directory", required = true, hidden = true)
    private Path directory = Path.of("");

    private final SessionEndings endings = new SessionEndings();
    private final MembersObserver members = new MembersObserver(endings);
    private final ConcurrentLinkedQueue<Long> lost = new ConcurrentLinkedQueue<>();
    private final List<String> broken = new ArrayList<>();

    /** Runs the command line and ends this JVM. */
    public static void main(String[] arguments) {
        System.exit(CommandLines.run("session-load", new SessionLoad(), arguments));
    }

    @Override
    public Integer call() throws Exception {
        Files.createDirectories(directory);
        Path data = Files.createTempDirectory(directory.toAbsolutePath(), "session-load-");
        Duration timeout = Duration.ofSeconds(timeoutSeconds);
        System.out.println("| what | figure |\n|---|---|");
        try (ThreeServers servers = new ThreeServers(serverJar.toAbsolutePath(), data, heap, "sessions");
                PathkeeperClient observer = PathkeeperClient.builder()
                        .servers(servers.addresses().toArray(String[]::new))
                        .build()) {
            observer.store().create(PARENT, Value.NULL);
            try (Observation observation = observer.observe(ObserveRequest.children(PARENT), members);
                    KeepAlives keepAlives = new KeepAlives(servers.stubs(), timeout.dividedBy(3), lost::add)) {
                CommandLines.await("the observation stands", Duration.ofSeconds(60), members::isStanding);
                List<SessionKey> sessions = open(servers, keepAlives, timeout);
                keepAlive(servers, keepAlives);
                loseLeader(servers, keepAlives, sessions);
                expire(keepAlives, sessions, timeout, observation);
            }
        }
        broken.addAll(endings.violations());
        broken.addAll(members.faults());
        broken.forEach(sentence -> System.out.println("BROKEN: " + sentence));
        System.out.println(broken.isEmpty() ? "all promises kept" : broken.size() + " promises broken");
        return broken.isEmpty() ? 0 : 1;
    }

    private List<SessionKey> open(ThreeServers servers, KeepAlives keepAlives, Duration timeout)
            throws IOException, InterruptedException {
        SessionOpening opening = new SessionOpening(servers.stubs(), PARENT);
        long empty = heapBytes(servers);
        double processor = processorSeconds(servers);
        long started = System.nanoTime();
        List<SessionKey> sessions = opening.open(count, timeout, keepAlives::add);
        double seconds = secondsSince(started);
        tell("sessions opened", "%,d in %.1f s, %,.0f/s", count, seconds, count / seconds);
        tell("processor time of the three servers for each", "%.2f ms", millis(processorSeconds(servers) - processor));
        tell("heap for each session on a server", "%,d bytes", (heapBytes(servers) - empty) / count / 3);
        for (SessionKey session : sessions) {
            endings.creating(session.getId(), MembersObserver.path(PARENT, session.getId(), 0));
        }
        processor = processorSeconds(servers);
        started = System.nanoTime();
        opening.createEphemerals(sessions);
        seconds = secondsSince(started);
        for (SessionKey session : sessions) {
            endings.created(session.getId(), MembersObserver.path(PARENT, session.getId(), 0));
        }
        tell("ephemeral znodes created", "%,d in %.1f s, %,.0f/s", count, seconds, count / seconds);
        tell("processor time of the three servers for each", "%.2f ms", millis(processorSeconds(servers) - processor));
        tell("heap for each session and its znode on a server", "%,d bytes", (heapBytes(servers) - empty) / count / 3);
        CommandLines.await(
                "all ephemerals were observed", Duration.ofSeconds(60), () -> members.presentCount() == count);
        return sessions;
    }

    private void keepAlive(ThreeServers servers, KeepAlives keepAlives) throws InterruptedException {
        double processor = processorSeconds(servers);
        long renewed = keepAlives.renewedCount();
        long started = System.nanoTime();
        TimeUnit.SECONDS.sleep(aliveSeconds);
        double seconds = secondsSince(started);
        renewed = keepAlives.renewedCount() - renewed;
        processor = processorSeconds(servers) - processor;
        tell("keep-alives", "%,d in %.0f s, %,.0f/s", renewed, seconds, renewed / seconds);
        tell("processor time of the three servers meanwhile", "%.1f %% of one core", 100 * processor / seconds);
        check(renewed >= count, "only " + renewed + " keep-alives of " + count + " sessions in " + seconds + " s");
    }

    private void loseLeader(ThreeServers servers, KeepAlives keepAlives, List<SessionKey> sessions)
            throws InterruptedException {
        int leader = servers.leader();
        long started = System.nanoTime();
        servers.kill(leader);
        int next = servers.leader();
        tell("leader killed; the next one led after", "%.1f s", secondsSince(started));
        check(next != leader, "the killed leader leads");
        servers.restart(leader);
        servers.awaitReady(leader);
        TimeUnit.SECONDS.sleep(aliveSeconds);
        tell("sessions lost by that", "%d", lost.size());
        check(lost.isEmpty(), lost.size() + " sessions were lost though they were kept alive");
        check(
                members.endRevisions().isEmpty(),
                "ephemerals of " + members.endRevisions().size() + " sessions went");
        check(
                sessions.stream().allMatch(session -> keepAlives.lastHeardNanos(session.getId()) != null),
                "some sessions were never renewed");
    }

    private void expire(KeepAlives keepAlives, List<SessionKey> sessions, Duration timeout, Observation observation)
            throws InterruptedException {
        keepAlives.close();
        CommandLines.await(
                "all sessions expired",
                timeout.plusSeconds(60),
                () -> endings.isComplete() || observation.ended().isDone());
        Map<Long, Long> seen = members.endNanos();
        long soonest = Long.MAX_VALUE;
        long latest = 0;
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (SessionKey session : sessions) {
            Long heard = keepAlives.lastHeardNanos(session.getId());
            Long ended = seen.get(session.getId());
            if (heard == null || ended == null) {
                broken.add("session " + session.getId() + " was never renewed or is not over");
                continue;
            }
            soonest = Math.min(soonest, ended - heard);
            latest = Math.max(latest, ended - heard);
            first = Math.min(first, ended);
            last = Math.max(last, ended);
        }
        tell("sessions expired", "%,d within %.1f s", seen.size(), (last - first) / 1e9);
        tell("soonest and latest behind its last message", "%.2f s, %.2f s", soonest / 1e9, latest / 1e9);
        check(soonest >= timeout.toNanos(), "a session expired before its timeout of " + timeout);
        check(
                latest <= timeout.plusSeconds(lateSeconds).toNanos(),
                "a session expired more than " + lateSeconds + " s behind its timeout");
    }

    private double millis(double seconds) {
        return 1_000 * seconds / count;
    }

    private static double processorSeconds(ThreeServers servers) {
        return servers.pids().stream().mapToDouble(ProcessorTime::secondsOf).sum();
    }

    private static long heapBytes(ThreeServers servers) throws IOException, InterruptedException {
        long bytes = 0;
        for (long pid : servers.pids()) {
            bytes += HeapSize.of(pid).bytes();
        }
        return bytes;
    }

    private void check(boolean right, String otherwise) {
        if (!right) {
            broken.add(otherwise);
        }
    }

    private static void tell(String what, String format, Object... figures) {
        System.out.println("| " + what + " | " + String.format(Locale.ROOT, format, figures) + " |");
    }

    private static double secondsSince(long startedNanos) {
        return (System.nanoTime() - startedNanos) / 1e9;
    }
}

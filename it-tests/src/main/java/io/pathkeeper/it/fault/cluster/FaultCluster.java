package io.pathkeeper.it.fault.cluster;

import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.it.process.ServerProcess;
import io.pathkeeper.v1.GetMemberStatusRequest;
import io.pathkeeper.v1.GetMemberStatusResponse;
import io.pathkeeper.v1.SyncRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Server processes that can be hurt, {@code s1}, {@code s2} and so on, counted from 0. Each keeps its place, its disk and its log file however often it is ended and started.
 *
 * <p>Life: {@link #start}, closed once or more; a hook closes it when the JVM ends. One thread drives it; {@link #stubs}, {@link #addresses} and {@link #state} may be used by any.
 */
public final class FaultCluster implements AutoCloseable {
    /** Longest time after which servers that can be ready are ready, on a loaded machine. */
    public static final Duration PATIENCE = Duration.ofSeconds(120);

    private static final Duration STATUS_LIMIT = Duration.ofSeconds(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 20;
    private static final int STARTS_AGAIN = 5;

    private final RunName run;
    private final FaultClusterOptions options;
    private final Path directory;
    private final Network network;
    private final String networkNote;
    private final List<ServerDisk> disks = new ArrayList<>();
    private final List<Shim> shims = new ArrayList<>();
    private final String whyNoShim;
    private final List<ServerStubs> stubs = new ArrayList<>();
    private final List<@Nullable ServerProcess> processes;
    private final List<Set<Integer>> toleratedCodes = new ArrayList<>();
    private final List<String> unexpectedEnds = new ArrayList<>();
    private final Thread hook = new Thread(this::close, "fault-cluster-end");
    private boolean closed;

    private FaultCluster(FaultClusterOptions options, RunName run, String networkNote, Path directory) {
        this.run = run;
        this.options = options;
        this.directory = directory;
        this.networkNote = networkNote;
        this.processes = new ArrayList<>(Collections.nCopies(options.servers(), null));
        this.network = networkNote.startsWith("namespaces")
                ? new NamespaceNetwork(run, options.servers())
                : new ProxyNetwork(options.servers());
        String problem = "";
        Path library = null;
        try {
            library = Shim.compile(directory);
        } catch (IllegalStateException e) {
            problem = String.valueOf(e.getMessage());
        }
        this.whyNoShim = problem;
        for (int i = 0; i < options.servers(); i++) {
            disks.add(ServerDisk.make(run, directory.resolve(name(i)), options.diskMegabytes()));
            toleratedCodes.add(new HashSet<>());
            stubs.add(new ServerStubs(network.place(i).clientAddress()));
            if (library != null) {
                shims.add(new Shim(library, directory.resolve(name(i) + ".faults")));
            }
        }
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Removes what killed runs have left, makes all, starts all servers and waits until they are ready. */
    public static FaultCluster start(FaultClusterOptions options) throws InterruptedException {
        LeftOvers.removeOfDeadRuns().forEach(what -> System.err.println("removed what a killed run had left: " + what));
        FaultCluster cluster = null;
        try {
            String note = networkNote(options.network());
            Files.createDirectories(options.directory());
            cluster = made(options, note);
            for (int i = 0; i < cluster.size(); i++) {
                cluster.start(i);
            }
            cluster.awaitAllReady();
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException | InterruptedException e) {
            if (cluster != null) {
                cluster.close();
            }
            throw e;
        }
    }

    private static FaultCluster made(FaultClusterOptions options, String note) throws IOException {
        RunName name = RunName.next();
        Path directory = options.directory().toAbsolutePath().resolve(name.toString());
        Files.createDirectories(directory);
        try {
            return new FaultCluster(options, name, note, directory);
        } catch (RuntimeException e) {
            LeftOvers.removeOf(name);
            throw e;
        }
    }

    private static String networkNote(String wanted) {
        if (wanted.equals("proxy")) {
            return "proxy, as asked for";
        }
        Optional<String> whyNot = NamespaceNetwork.whyNot();
        if (whyNot.isEmpty()) {
            return "namespaces" + (wanted.equals("auto") ? ", which are permitted here" : ", as asked for");
        }
        if (wanted.equals("namespaces")) {
            throw new IllegalArgumentException(
                    "--network namespaces: " + whyNot.get() + "; --network proxy can do without");
        }
        return "proxy, because " + whyNot.get();
    }

    /** How many servers there are. */
    public int size() {
        return options.servers();
    }

    /** Name of a server. */
    public static String name(int server) {
        return "s" + (server + 1);
    }

    /** Names of servers, for sentences. */
    public static String names(List<Integer> servers) {
        return String.join(", ", servers.stream().map(FaultCluster::name).toList());
    }

    /** All servers. */
    public List<Integer> all() {
        return IntStream.range(0, size()).boxed().toList();
    }

    /** How many are a majority. */
    public int majority() {
        return size() / 2 + 1;
    }

    /** What lies between the servers. */
    public Network network() {
        return network;
    }

    /** Which network it is and why. */
    public String networkNote() {
        return networkNote;
    }

    /** Where the log files of the servers are. */
    public Path directory() {
        return directory;
    }

    /** A server's disk. */
    public ServerDisk disk(int server) {
        return disks.get(server);
    }

    /** Whether the servers run with an agent, which keeps a record. */
    public boolean hasAgent() {
        return options.agent() != null;
    }

    /** What the agent of a server has noted. */
    public Path agentRecord(int server) {
        return directory.resolve(name(server) + ".agent");
    }

    /** Why clocks cannot be stepped nor syncs hindered; empty when they can. */
    public Optional<String> whyNoShim() {
        return shims.isEmpty() ? Optional.of(whyNoShim) : Optional.empty();
    }

    /** What stands between a server and the system. */
    public Shim shim(int server) {
        return shims.get(server);
    }

    /** Addresses for clients. */
    public List<String> addresses() {
        return stubs.stream().map(ServerStubs::address).toList();
    }

    /** Stubs pinned to each server. */
    public List<ServerStubs> stubs() {
        return List.copyOf(stubs);
    }

    /** Configuration that all servers have beyond the defaults. */
    public Map<String, String> settings() {
        return options.settings();
    }

    // ---- processes

    /** Whether a server is started; a paused one is. */
    public boolean isRunning(int server) {
        ServerProcess process = processes.get(server);
        return process != null && process.isRunning();
    }

    /** The process of a server, running or not. */
    public ServerProcess process(int server) {
        ServerProcess process = processes.get(server);
        if (process == null) {
            throw new IllegalStateException(name(server) + " was never started");
        }
        return process;
    }

    /** Starts a server that does not run; does not wait. */
    public synchronized void start(int server) {
        if (closed) {
            throw new IllegalStateException("the cluster is closed");
        }
        if (isRunning(server)) {
            throw new IllegalStateException(name(server) + " runs already");
        }
        ServerProcess process = ServerProcess.start(
                network.placed(server, command(server)),
                directory,
                directory.resolve(name(server) + ".log"),
                shims.isEmpty() ? Map.of() : shims.get(server).environment());
        processes.set(server, process);
        network.started(server, process.pid());
    }

    /** Sends SIGKILL and waits until it is gone. */
    public void kill(int server) {
        noteIfEnded(server);
        process(server).kill();
        processes.set(server, null);
    }

    /** Sends SIGTERM, waits until it is gone, and returns its exit code. */
    public int stop(int server) {
        noteIfEnded(server);
        int code = process(server).stop(STOP_LIMIT);
        processes.set(server, null);
        return code;
    }

    /** Sends SIGSTOP. */
    public void pause(int server) {
        process(server).pause();
    }

    /** Sends SIGCONT. */
    public void resume(int server) {
        if (isRunning(server)) {
            process(server).resume();
        }
    }

    /** Deletes the data of a server that does not run. */
    public void wipe(int server) {
        if (isRunning(server)) {
            throw new IllegalStateException(name(server) + " runs: its data cannot be deleted");
        }
        disks.get(server).wipe();
    }

    /** From now on a server may end by itself with such an exit code, without that being a fault of its own. */
    public void tolerateEnd(int server, int code) {
        toleratedCodes.get(server).add(code);
    }

    /** From now on no end is tolerated any more. */
    public void tolerateNoEnd() {
        toleratedCodes.forEach(Set::clear);
    }

    /** Takes back whatever hurts servers or what lies between them; what has ended is not started. */
    public void heal() {
        network.heal();
        shims.forEach(Shim::heal);
        disks.forEach(ServerDisk::free);
        all().forEach(this::resume);
    }

    /** Starts all that have ended. Returns which were started. */
    public List<Integer> startEnded() {
        List<Integer> started = new ArrayList<>();
        for (int server : all()) {
            if (!isRunning(server)) {
                noteIfEnded(server);
                start(server);
                started.add(server);
            }
        }
        return started;
    }

    /** Ends that nobody had reason to expect, each with the end of the server's log. Empties the list. */
    public List<String> takeUnexpectedEnds() {
        List<String> taken = List.copyOf(unexpectedEnds);
        unexpectedEnds.clear();
        return taken;
    }

    private void noteIfEnded(int server) {
        ServerProcess process = processes.get(server);
        if (process == null) {
            return;
        }
        OptionalInt code = process.exitCode();
        if (code.isPresent() && !toleratedCodes.get(server).contains(code.getAsInt())) {
            unexpectedEnds.add(name(server) + " ended by itself with exit code " + code.getAsInt()
                    + "; its log ends with:\n" + process.logEnd());
        }
    }

    private List<String> command(int server) {
        Network.Place place = network.place(server);
        List<String> members = all().stream()
                .map(other -> name(other) + "=" + network.place(other).raftAddress() + "/"
                        + network.place(other).clientAddress())
                .toList();
        List<String> command = new ArrayList<>(options.command());
        ServerAgent agent = options.agent();
        if (agent != null) {
            command.add(1, agent.option(disks.get(server).data(), agentRecord(server)));
        }
        command.addAll(List.of("--data", disks.get(server).data().toString(), "--member-id", name(server)));
        command.addAll(List.of("--cluster-id", "faults", "--members", String.join(",", members)));
        command.addAll(List.of("--client-listen", place.clientAddress(), "--raft-listen", place.raftListen()));
        command.addAll(List.of("--http-listen", place.httpAddress()));
        options.settings().forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        return command;
    }

    // ---- what servers say

    /** What a server says of itself; empty when it does not answer within a second. */
    public Optional<MemberState> state(int server) {
        try {
            GetMemberStatusResponse status = stubs.get(server)
                    .maintenance(STATUS_LIMIT)
                    .getMemberStatus(GetMemberStatusRequest.getDefaultInstance());
            return Optional.of(new MemberState(
                    status.getHeader().getLeaderId(),
                    status.getHeader().getTerm(),
                    status.getHeader().getRevision(),
                    status.getDigest(),
                    status.getAppliedIndex(),
                    status.getCommitIndex(),
                    status.getSnapshotIndex(),
                    status.getReady()));
        } catch (StatusRuntimeException e) {
            return Optional.empty();
        }
    }

    /** Version of the servers; empty when none answers. */
    public String version() {
        try {
            return stubs.get(0)
                    .maintenance(STATUS_LIMIT)
                    .getMemberStatus(GetMemberStatusRequest.getDefaultInstance())
                    .getVersion();
        } catch (StatusRuntimeException e) {
            return "";
        }
    }

    /** The leader that a majority knows, if it runs. */
    public OptionalInt leader() {
        int[] votes = new int[size()];
        for (int server : all()) {
            Optional<MemberState> state = isRunning(server) ? state(server) : Optional.empty();
            state.map(MemberState::leader)
                    .filter(leader -> !leader.isEmpty())
                    .ifPresent(leader -> votes[Integer.parseInt(leader.substring(1)) - 1]++);
        }
        return IntStream.range(0, size())
                .filter(server -> votes[server] >= majority() && isRunning(server))
                .findFirst();
    }

    /** The leader that a majority knows; waits until there is one. */
    public int awaitLeader() throws InterruptedException {
        int[] found = new int[1];
        await("a majority knows a leader", PATIENCE, () -> {
            OptionalInt leader = leader();
            leader.ifPresent(server -> found[0] = server);
            return leader.isPresent();
        });
        return found[0];
    }

    /** Waits until a started server answers at all, which needs no other server. */
    public void awaitAnswers(int server) throws InterruptedException {
        await(name(server) + " answers", PATIENCE, () -> state(server).isPresent() || !isRunning(server));
    }

    /**
     * Waits until all servers answer linearizable calls. One that ends meanwhile is started again, which {@link #takeUnexpectedEnds} tells of unless its end is tolerated.
     *
     * @throws IllegalStateException when they do not, or one ends again and again
     */
    public void awaitAllReady() throws InterruptedException {
        int[] startsLeft = {STARTS_AGAIN};
        for (int server : all()) {
            await(name(server) + " is ready", PATIENCE, () -> {
                if (isRunning(server)) {
                    return isReady(server);
                }
                if (startsLeft[0]-- == 0) {
                    throw new IllegalStateException(name(server) + " ends again and again: " + takeUnexpectedEnds());
                }
                startEnded();
                return false;
            });
        }
    }

    /** Whether a server answers a linearizable call. */
    public boolean isReady(int server) {
        try {
            stubs.get(server).store(STATUS_LIMIT).sync(SyncRequest.getDefaultInstance());
            return true;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    /**
     * Waits until a condition holds.
     *
     * @throws IllegalStateException when it does not within the time
     */
    public static void await(String what, Duration limit, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("not within " + limit.toSeconds() + " s: " + what);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** Kills what runs and removes namespaces and mounts; log files stay. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        stubs.forEach(ServerStubs::close);
        for (ServerProcess process : processes) {
            if (process != null && process.isRunning()) {
                process.kill();
            }
        }
        network.close();
        LeftOvers.removeOf(run);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is ending: the hook finds nothing left to do, or is what called
        }
    }
}

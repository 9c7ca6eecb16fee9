package io.pathkeeper.it.bench;

import io.pathkeeper.client.AsyncStore;
import io.pathkeeper.client.Credentials;
import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.PathkeeperClientBuilder;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.Operation.Create;
import io.pathkeeper.client.model.ReadOptions;
import io.pathkeeper.client.model.Transaction;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.it.process.FreePorts;
import io.pathkeeper.it.process.ServerProcess;
import io.pathkeeper.v1.ObserveServiceGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Three Pathkeeper servers and the project's Java client. */
final class PathkeeperStore implements Store {
    private static final Duration READ_LIMIT = Duration.ofMinutes(5);
    private static final Duration START_LIMIT = Duration.ofSeconds(180);
    private static final int CREATES_PER_TRANSACTION = 100;
    private static final int TRANSACTIONS_IN_FLIGHT = 32;

    private final Path directory;
    private final BenchOptions options;
    private final List<List<String>> commands = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();
    private final List<ServerProcess> servers = new ArrayList<>();
    private final List<PathkeeperClient> clients = new ArrayList<>();
    private final FreshZnodes fresh = new FreshZnodes();
    private @Nullable Connections connections;
    private @Nullable PythonLoad pythonLoad;
    /** Null where everybody may do everything. */
    private final @Nullable AuthRules rules;
    /** Of those who make the load; set by the start. */
    private @Nullable String token;

    PathkeeperStore(Path directory, BenchOptions options) {
        this(directory, options, null);
    }

    PathkeeperStore(Path directory, BenchOptions options, @Nullable AuthRules rules) {
        this.rules = rules;
        this.directory = directory;
        this.options = options;
        List<Integer> ports = FreePorts.find(3 * SERVERS);
        List<String> members = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            addresses.add("127.0.0.1:" + ports.get(3 * i));
            members.add("s" + (i + 1) + "=127.0.0.1:" + ports.get(3 * i + 1) + "/" + addresses.get(i));
        }
        for (int i = 0; i < SERVERS; i++) {
            List<String> command = new ArrayList<>(List.of(ServerProcess.java(), "-Xmx" + options.heap()));
            command.addAll(options.jvmOptions());
            command.addAll(List.of("-jar", options.serverJar().toString()));
            command.addAll(List.of("--data", directory.resolve("s" + (i + 1)).toString()));
            command.addAll(List.of("--member-id", "s" + (i + 1), "--cluster-id", "bench"));
            command.addAll(List.of("--members", String.join(",", members)));
            command.addAll(List.of("--client-listen", addresses.get(i)));
            command.addAll(List.of("--raft-listen", "127.0.0.1:" + ports.get(3 * i + 1)));
            command.addAll(List.of("--http-listen", "127.0.0.1:" + ports.get(3 * i + 2)));
            if (rules != null) {
                rules.settings(directory).forEach(setting -> command.addAll(List.of("--set", setting)));
            }
            options.settings().forEach(setting -> command.addAll(List.of("--set", setting)));
            commands.add(command);
        }
    }

    @Override
    public String name() {
        String through = options.python().isPresent() ? ", Python" : options.stubs() ? ", stubs" : "";
        return (rules == null ? "Pathkeeper" : "with rules") + through;
    }

    @Override
    public void start() throws Exception {
        servers.clear();
        Files.createDirectories(directory);
        if (rules != null) {
            rules.write(directory);
        }
        for (int i = 0; i < SERVERS; i++) {
            servers.add(process(i));
        }
        try (PathkeeperClient client = client(START_LIMIT)) {
            client.store().sync();
            for (String address : addresses) {
                awaitReady(client, address);
            }
        }
        if (rules != null) {
            token = rules.install(addresses.get(0));
        }
    }

    private ServerProcess process(int server) {
        return ServerProcess.start(commands.get(server), directory, directory.resolve("s" + (server + 1) + ".log"));
    }

    @Override
    public void kill(int server) {
        servers.get(server).kill();
    }

    @Override
    public void launch(int server) {
        servers.set(server, process(server));
    }

    @Override
    public void awaitServing(int server) throws Exception {
        try (PathkeeperClient client = client(START_LIMIT)) {
            awaitReady(client, addresses.get(server));
        }
    }

    @Override
    public Map<Figure, Double> readAll(Znodes znodes) {
        try (PathkeeperClient client = client(READ_LIMIT)) {
            return new PathkeeperReads(client, znodes).run();
        }
    }

    @Override
    public Optional<SnapshotWatch> snapshots() {
        return Optional.of(new SnapshotWatch(List.of(data(0), data(1), data(2))));
    }

    @Override
    public boolean joinsFromNothing() {
        return true;
    }

    @Override
    public void wipe(int server) throws IOException {
        Wiped.delete(data(server));
    }

    private Path data(int server) {
        return directory.resolve("s" + (server + 1));
    }

    /** A client of its own for the caller, who closes it. */
    PathkeeperClient client(Duration requestTimeout) {
        return client(requestTimeout, rules == null ? null : rules.rootToken());
    }

    private PathkeeperClient client(Duration requestTimeout, @Nullable String credential) {
        PathkeeperClientBuilder builder = PathkeeperClient.builder()
                .servers(addresses.toArray(String[]::new))
                .requestTimeout(requestTimeout)
                .maxOutstanding(1 << 16);
        if (credential != null) {
            builder.credentials(Credentials.token(credential));
        }
        return builder.build();
    }

    @Override
    public void load(Znodes znodes) throws Exception {
        try (PathkeeperClient client = client(Duration.ofSeconds(60))) {
            client.store().create(Znodes.ROOT, Value.NULL);
            for (int i = 0; i < znodes.parentCount(); i++) {
                client.store().create(Znodes.parent(i), Value.NULL);
            }
            Semaphore room = new Semaphore(TRANSACTIONS_IN_FLIGHT);
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            Value value = Value.of(znodes.value());
            for (int i = 0; i < znodes.count(); ) {
                List<io.pathkeeper.client.model.Operation> creates = new ArrayList<>();
                for (; creates.size() < CREATES_PER_TRANSACTION && i < znodes.count(); i++) {
                    creates.add(new Create(Znodes.path(i), value, CreateOptions.defaults()));
                }
                room.acquire();
                client.async()
                        .transact(Transaction.of(creates.toArray(io.pathkeeper.client.model.Operation[]::new)))
                        .whenComplete((result, error) -> {
                            if (error != null) {
                                failure.compareAndSet(null, error);
                            }
                            room.release();
                        });
            }
            room.acquire(TRANSACTIONS_IN_FLIGHT);
            Throwable error = failure.get();
            if (error != null) {
                throw new IllegalStateException("loading Pathkeeper: " + error.getMessage(), error);
            }
        }
    }

    @Override
    public List<Operation> operations(Workload workload, Znodes znodes, int outstanding) throws Exception {
        if (options.stubs()) {
            return throughStubs(workload, znodes, outstanding);
        }
        int wanted = Math.min(outstanding, options.clients());
        while (clients.size() < wanted) {
            clients.add(client(Duration.ofSeconds(30), token));
        }
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < wanted; i++) {
            AsyncStore store = clients.get(i).async();
            Value value = Value.of(znodes.value());
            operations.add((random, completion) -> call(workload, store, znodes, value, random)
                    .whenComplete((answer, error) -> completion.ended(error == null ? null : error.toString())));
        }
        return operations;
    }

    private List<Operation> throughStubs(Workload workload, Znodes znodes, int outstanding) throws Exception {
        if (connections == null) {
            connections = new Connections(addresses);
        }
        StubCalls calls = new StubCalls(znodes, fresh, token);
        return connections.forCalls(outstanding, outstanding == 1 ? leader() : 0).stream()
                .map(channel -> calls.over(channel, workload))
                .toList();
    }

    @Override
    public PythonLoad python(Znodes znodes) throws Exception {
        if (pythonLoad == null) {
            pythonLoad = options.python()
                    .orElseThrow()
                    .start("pathkeeper", addresses, znodes, token == null ? "" : token, directory);
        }
        return pythonLoad;
    }

    /** Through the first client whatever the rest of the load takes: a hundred writes a second are no load of their own. */
    @Override
    public Writer writer() {
        if (clients.isEmpty()) {
            clients.add(client(Duration.ofSeconds(30), token));
        }
        AsyncStore store = clients.get(0).async();
        return (path, value, completion) -> store.set(path, Value.of(value))
                .whenComplete((answer, error) -> completion.ended(error == null ? null : error.toString()));
    }

    @Override
    public Observers observe(String path, int count, int sharedConnections, Observers.Sink sink) throws Exception {
        return StreamObservers.open(
                addresses,
                count,
                sharedConnections,
                sink,
                (channel, observers) -> PathkeeperObserver.open(
                        path, StubCalls.withToken(ObserveServiceGrpc.newStub(channel), token), observers));
    }

    @Override
    public SessionCrowd sessions(Duration timeout, int sharedConnections, int perMessage) {
        return new StreamSessions<>(
                new PathkeeperSessions(timeout, token),
                new Connections(addresses, sharedConnections),
                timeout,
                perMessage);
    }

    @Override
    public int leader() throws Exception {
        try (PathkeeperClient client = client(Duration.ofSeconds(30))) {
            client.store().sync(); // a leader answers: all that are ready know it or will soon
            long deadline = System.nanoTime() + START_LIMIT.toNanos();
            while (true) {
                String leader = client.async()
                        .memberStatus(addresses.get(0))
                        .get(30, TimeUnit.SECONDS)
                        .header()
                        .leaderId();
                if (!leader.isEmpty()) {
                    return Integer.parseInt(leader.substring(1)) - 1;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException(
                            addresses.get(0) + " knows no leader within " + START_LIMIT.toSeconds() + " s");
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private CompletableFuture<?> call(
            Workload workload, AsyncStore store, Znodes znodes, Value value, SplittableRandom random) {
        return switch (workload) {
            case SET -> store.set(znodes.random(random), value);
            case CREATE -> store.create(fresh.create(), value);
            case DELETE -> store.delete(fresh.delete());
            case TXN10 ->
                store.transact(Transaction.of(znodes.randomDistinct(random, Znodes.IN_TRANSACTION).stream()
                        .map(path -> io.pathkeeper.client.model.Operation.set(path, value))
                        .toArray(io.pathkeeper.client.model.Operation[]::new)));
            case GET_LIN -> store.get(znodes.random(random));
            case GET_LOCAL -> store.get(znodes.random(random), ReadOptions.local());
            case MIXED_LIN ->
                random.nextInt(10) == 0 ? store.set(znodes.random(random), value) : store.get(znodes.random(random));
        };
    }

    @Override
    public FreshZnodes fresh() {
        return fresh;
    }

    @Override
    public List<Long> serverPids() {
        return servers.stream().map(ServerProcess::pid).toList();
    }

    @Override
    public void close() {
        clients.forEach(PathkeeperClient::close);
        if (pythonLoad != null) {
            pythonLoad.close();
        }
        if (connections != null) {
            connections.close();
        }
        servers.stream().filter(ServerProcess::isRunning).forEach(ServerProcess::kill);
    }

    private static void awaitReady(PathkeeperClient client, String address) throws Exception {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try {
                if (client.async()
                        .memberStatus(address)
                        .get(2, TimeUnit.SECONDS)
                        .ready()) {
                    return;
                }
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(address + " does not answer", e);
                }
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(address + " is not ready after " + START_LIMIT.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }
}

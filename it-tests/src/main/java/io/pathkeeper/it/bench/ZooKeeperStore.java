package io.pathkeeper.it.bench;

import io.pathkeeper.it.process.FreePorts;
import io.pathkeeper.it.process.ServerProcess;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/** Three ZooKeeper servers with their defaults, fsync on, and ZooKeeper's own Java client. */
final class ZooKeeperStore implements Store {
    private static final int CONNECTIONS = 12;
    private static final int SESSION_MILLIS = 30_000;
    private static final int CREATES_IN_FLIGHT = 1_000;
    private static final long START_SECONDS = 180;

    private final Path directory;
    private final BenchOptions options;
    private final List<Integer> clientPorts = new ArrayList<>();
    private final List<List<String>> commands = new ArrayList<>();
    private final List<ServerProcess> servers = new ArrayList<>();
    private final List<ZooKeeper> connections = new ArrayList<>();
    private final FreshZnodes fresh = new FreshZnodes();

    ZooKeeperStore(Path directory, BenchOptions options) {
        this.directory = directory;
        this.options = options;
    }

    @Override
    public String name() {
        return "ZooKeeper";
    }

    @Override
    public void start() throws Exception {
        List<Integer> ports = FreePorts.find(3 * SERVERS);
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < SERVERS; i++) {
            clientPorts.add(ports.get(3 * i));
            members.append(
                    "server." + (i + 1) + "=127.0.0.1:" + ports.get(3 * i + 1) + ":" + ports.get(3 * i + 2) + "\n");
        }
        for (int i = 0; i < SERVERS; i++) {
            commands.add(command(i + 1, clientPorts.get(i), members.toString()));
            servers.add(process(i));
        }
        for (int i = 0; i < CONNECTIONS; i++) {
            connections.add(connect(clientPorts.get(i % SERVERS)));
        }
    }

    @Override
    public SessionCrowd sessions(Duration timeout, int sharedConnections, int perMessage) throws IOException {
        return new ZooKeeperSessions(clientPorts, timeout);
    }

    @Override
    public int leader() throws Exception {
        for (int i = 0; i < SERVERS; i++) {
            if (servers.get(i).isRunning() && mode(clientPorts.get(i)).equals("leader")) {
                return i;
            }
        }
        throw new IllegalStateException("ZooKeeper has no leader");
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
        connect(clientPorts.get(server)).close();
    }

    @Override
    public boolean joinsFromNothing() {
        return true;
    }

    /** Its id stays: it stands beside the data. */
    @Override
    public void wipe(int server) throws IOException {
        Wiped.delete(directory.resolve("z" + (server + 1)).resolve("version-2"));
    }

    private ServerProcess process(int server) {
        return ServerProcess.start(commands.get(server), directory, directory.resolve("z" + (server + 1) + ".log"));
    }

    /** Writes a server's configuration and returns the command that starts it. */
    private List<String> command(int id, int clientPort, String members) throws IOException {
        Path data = directory.resolve("z" + id);
        Files.createDirectories(data);
        Files.writeString(data.resolve("myid"), Integer.toString(id));
        Path configuration = directory.resolve("z" + id + ".cfg");
        Files.writeString(
                configuration,
                "tickTime=2000\ninitLimit=10\nsyncLimit=5\nmaxClientCnxns=0\nadmin.enableServer=false\n"
                        + "4lw.commands.whitelist=srvr\ndataDir=" + data + "\nclientPort=" + clientPort
                        + "\nclientPortAddress=127.0.0.1\n" + members);
        List<String> command = new ArrayList<>(List.of(ServerProcess.java(), "-Xmx" + options.heap()));
        command.addAll(options.jvmOptions());
        command.addAll(List.of(
                "-Dlogback.configurationFile=bench-logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                configuration.toString()));
        return command;
    }

    private static ZooKeeper connect(int port) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        CountDownLatch connected = new CountDownLatch(1);
        ZooKeeper connection = new ZooKeeper("127.0.0.1:" + port, SESSION_MILLIS, event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        if (!connected.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            connection.close();
            throw new IllegalStateException(
                    "the ZooKeeper server at port " + port + " does not answer within " + START_SECONDS + " s");
        }
        return connection;
    }

    private static String mode(int port) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.lines()
                    .filter(line -> line.startsWith("Mode: "))
                    .map(line -> line.substring("Mode: ".length()).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    @Override
    public void load(Znodes znodes) throws Exception {
        ZooKeeper connection = connections.get(0);
        createNow(connection, Znodes.ROOT);
        for (int i = 0; i < znodes.parentCount(); i++) {
            createNow(connection, Znodes.parent(i));
        }
        Semaphore room = new Semaphore(CREATES_IN_FLIGHT);
        AtomicInteger failed = new AtomicInteger();
        for (int i = 0; i < znodes.count(); i++) {
            room.acquire();
            connections
                    .get(i % CONNECTIONS)
                    .create(
                            Znodes.path(i),
                            znodes.value(),
                            ZooDefs.Ids.OPEN_ACL_UNSAFE,
                            CreateMode.PERSISTENT,
                            (code, path, context, name) -> {
                                if (code != 0) {
                                    failed.set(code);
                                }
                                room.release();
                            },
                            null);
        }
        room.acquire(CREATES_IN_FLIGHT);
        if (failed.get() != 0) {
            throw new IllegalStateException("loading ZooKeeper: " + KeeperException.Code.get(failed.get()));
        }
    }

    private static void createNow(ZooKeeper connection, String path) throws Exception {
        connection.create(path, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    @Override
    public List<Operation> operations(Workload workload, Znodes znodes, int outstanding) throws Exception {
        // the first connections are one to each server
        List<ZooKeeper> used = outstanding == 1
                ? List.of(connections.get(leader()))
                : connections.subList(0, Math.min(CONNECTIONS, outstanding));
        List<Operation> operations = new ArrayList<>();
        for (ZooKeeper connection : used) {
            operations.add((random, completion) -> call(workload, connection, znodes, random, completion));
        }
        return operations;
    }

    @Override
    public Writer writer() {
        AtomicInteger next = new AtomicInteger();
        return (path, value, completion) ->
                set(connections.get(Math.floorMod(next.getAndIncrement(), CONNECTIONS)), path, value, completion);
    }

    @Override
    public Observers observe(String path, int count, int sharedConnections, Observers.Sink sink) throws Exception {
        return ZooKeeperObservers.open(clientPorts, path, count, sink);
    }

    private void call(
            Workload workload,
            ZooKeeper connection,
            Znodes znodes,
            SplittableRandom random,
            Operation.Completion completion) {
        String path = znodes.random(random);
        switch (workload) {
            case SET -> set(connection, path, znodes.value(), completion);
            case CREATE ->
                connection.create(
                        fresh.create(),
                        znodes.value(),
                        ZooDefs.Ids.OPEN_ACL_UNSAFE,
                        CreateMode.PERSISTENT,
                        (code, at, context, name) -> completion.ended(error(code)),
                        null);
            case DELETE ->
                connection.delete(fresh.delete(), -1, (code, at, context) -> completion.ended(error(code)), null);
            case TXN10 -> {
                List<Op> sets = znodes.randomDistinct(random, Znodes.IN_TRANSACTION).stream()
                        .map(at -> Op.setData(at, znodes.value(), -1))
                        .toList();
                connection.multi(sets, (code, at, context, results) -> completion.ended(error(code)), null);
            }
            case GET_LIN -> getLinearizably(connection, path, completion);
            case GET_LOCAL ->
                connection.getData(path, false, (code, at, context, data, stat) -> completion.ended(error(code)), null);
            case MIXED_LIN -> {
                if (random.nextInt(10) == 0) {
                    set(connection, path, znodes.value(), completion);
                } else {
                    getLinearizably(connection, path, completion);
                }
            }
        }
    }

    private static void set(ZooKeeper connection, String path, byte[] value, Operation.Completion completion) {
        connection.setData(path, value, -1, (code, at, context, stat) -> completion.ended(error(code)), null);
    }

    /** Both requests go out at once: a connection is answered in order. */
    private static void getLinearizably(ZooKeeper connection, String path, Operation.Completion completion) {
        connection.sync(path, (code, at, context) -> {}, null);
        connection.getData(path, false, (code, at, context, data, stat) -> completion.ended(error(code)), null);
    }

    private static @Nullable String error(int code) {
        return code == 0 ? null : String.valueOf(KeeperException.Code.get(code));
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
        try {
            for (ZooKeeper connection : connections) {
                connection.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        servers.stream().filter(ServerProcess::isRunning).forEach(ServerProcess::kill);
    }
}

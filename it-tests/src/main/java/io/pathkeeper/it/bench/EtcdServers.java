package io.pathkeeper.it.bench;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.process.FreePorts;
import io.pathkeeper.it.process.ServerProcess;
import io.pathkeeper.pathctl.etcd.KVGrpc;
import io.pathkeeper.pathctl.etcd.MaintenanceGrpc;
import io.pathkeeper.pathctl.etcd.RangeRequest;
import io.pathkeeper.pathctl.etcd.StatusRequest;
import io.pathkeeper.pathctl.etcd.StatusResponse;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Three etcd processes with their defaults but for the space quota, fsync on. Driven by one thread. */
final class EtcdServers {
    static final int COUNT = 3;
    private static final long START_SECONDS = 180;
    private static final long CALL_SECONDS = 2;
    /** etcd's default of 2 GiB is full within a long run. */
    private static final long QUOTA_BYTES = 8L << 30;

    private final Path directory;
    private final List<List<String>> commands = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();
    private final List<ServerProcess> processes = new ArrayList<>();

    /**
     * Describes them.
     *
     * @param program etcd's executable
     */
    EtcdServers(Path program, Path directory) {
        this.directory = directory;
        List<Integer> ports = FreePorts.find(2 * COUNT);
        List<String> members = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            addresses.add("127.0.0.1:" + ports.get(2 * i));
            members.add("e" + (i + 1) + "=http://127.0.0.1:" + ports.get(2 * i + 1));
        }
        for (int i = 0; i < COUNT; i++) {
            String client = "http://" + addresses.get(i);
            String peer = "http://127.0.0.1:" + ports.get(2 * i + 1);
            commands.add(List.of(
                    program.toString(),
                    "--name=e" + (i + 1),
                    "--data-dir=" + directory.resolve("e" + (i + 1)),
                    "--listen-client-urls=" + client,
                    "--advertise-client-urls=" + client,
                    "--listen-peer-urls=" + peer,
                    "--initial-advertise-peer-urls=" + peer,
                    "--initial-cluster=" + String.join(",", members),
                    "--initial-cluster-token=bench",
                    "--quota-backend-bytes=" + QUOTA_BYTES,
                    "--log-level=warn"));
        }
    }

    /** Looks for the executable in the directories of a search path as the variable PATH has it. */
    static Optional<Path> program(@Nullable String searchPath) {
        if (searchPath == null) {
            return Optional.empty();
        }
        for (String place : searchPath.split(File.pathSeparator, -1)) {
            Path file = Path.of(place, "etcd");
            if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                return Optional.of(file.toAbsolutePath());
            }
        }
        return Optional.empty();
    }

    /** Starts all; {@link #awaitReady} waits for one. */
    void start() throws IOException {
        Files.createDirectories(directory);
        for (int i = 0; i < COUNT; i++) {
            processes.add(launch(i));
        }
    }

    private ServerProcess launch(int server) {
        Path log = directory.resolve("e" + (server + 1) + ".log");
        return ServerProcess.start(commands.get(server), directory, log);
    }

    List<String> addresses() {
        return addresses;
    }

    List<Long> pids() {
        return processes.stream().map(ServerProcess::pid).toList();
    }

    /** Waits until a server answers a linearizable read. */
    void awaitReady(int server, ManagedChannel channel) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            try {
                KVGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                        .range(RangeRequest.newBuilder()
                                .setKey(ByteString.copyFromUtf8("x"))
                                .build());
                return;
            } catch (StatusRuntimeException e) {
                ServerProcess process = processes.get(server);
                if (!process.isRunning() || System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            "etcd e" + (server + 1) + " does not answer (" + e.getStatus() + "); its log ends with:\n"
                                    + process.logEnd(),
                            e);
                }
                channel.resetConnectBackoff();
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    /** Index of the leader as one of the given servers knows it; empty when it knows none or is gone. */
    Optional<Integer> leader(List<ManagedChannel> channels) {
        long leader = 0;
        for (int i = 0; i < COUNT; i++) {
            if (processes.get(i).isRunning()) {
                leader = status(channels.get(i)).map(StatusResponse::getLeader).orElse(leader);
            }
        }
        for (int i = 0; i < COUNT; i++) {
            if (leader != 0 && processes.get(i).isRunning()) {
                long own = status(channels.get(i))
                        .map(status -> status.getHeader().getMemberId())
                        .orElse(0L);
                if (own == leader) {
                    return Optional.of(i);
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<StatusResponse> status(ManagedChannel channel) {
        try {
            return Optional.of(MaintenanceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                    .status(StatusRequest.getDefaultInstance()));
        } catch (StatusRuntimeException e) {
            return Optional.empty();
        }
    }

    /** Sends SIGKILL to one. */
    void kill(int server) {
        processes.get(server).kill();
    }

    /** Starts one again that was killed; does not wait. */
    void restart(int server) {
        processes.set(server, launch(server));
    }

    void killAll() {
        processes.stream().filter(ServerProcess::isRunning).forEach(ServerProcess::kill);
    }
}

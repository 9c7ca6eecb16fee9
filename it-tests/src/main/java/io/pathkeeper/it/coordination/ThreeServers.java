package io.pathkeeper.it.coordination;

import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.process.FreePorts;
import io.pathkeeper.it.process.ServerProcess;
import io.pathkeeper.v1.GetMemberStatusRequest;
import io.pathkeeper.v1.SyncRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Three server processes, s1 to s3, with their logs in one directory. Driven by one thread; closing kills what runs. */
final class ThreeServers implements AutoCloseable {
    private static final int COUNT = 3;
    private static final Duration START_LIMIT = Duration.ofSeconds(180);
    private static final Duration STATUS_LIMIT = Duration.ofSeconds(1);

    private final Path directory;
    private final List<List<String>> commands = new ArrayList<>();
    private final List<ServerStubs> stubs = new ArrayList<>();
    private final List<ServerProcess> processes = new ArrayList<>();

    /**
     * Starts them and waits until they are ready.
     *
     * @param jar the server
     * @param directory for data and logs
     * @param heap of each, as in {@code -Xmx}
     * @param clusterId name of the cluster
     */
    ThreeServers(Path jar, Path directory, String heap, String clusterId) {
        this.directory = directory;
        List<Integer> ports = FreePorts.find(3 * COUNT);
        List<String> members = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            stubs.add(new ServerStubs("127.0.0.1:" + ports.get(3 * i)));
            members.add("s" + (i + 1) + "=127.0.0.1:" + ports.get(3 * i + 1) + "/"
                    + stubs.get(i).address());
        }
        for (int i = 0; i < COUNT; i++) {
            String member = "s" + (i + 1);
            commands.add(List.of(
                    ServerProcess.java(),
                    "-Xmx" + heap,
                    "-XX:+UseSerialGC",
                    "-jar",
                    jar.toString(),
                    "--data",
                    directory.resolve(member).toString(),
                    "--member-id",
                    member,
                    "--cluster-id",
                    clusterId,
                    "--members",
                    String.join(",", members),
                    "--client-listen",
                    stubs.get(i).address(),
                    "--raft-listen",
                    "127.0.0.1:" + ports.get(3 * i + 1),
                    "--http-listen",
                    "127.0.0.1:" + ports.get(3 * i + 2)));
        }
        try {
            Files.createDirectories(directory);
            for (int i = 0; i < COUNT; i++) {
                processes.add(launch(i));
            }
            for (int i = 0; i < COUNT; i++) {
                awaitReady(i);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Stubs of all. */
    List<ServerStubs> stubs() {
        return stubs;
    }

    /** Addresses for clients. */
    List<String> addresses() {
        return stubs.stream().map(ServerStubs::address).toList();
    }

    /** Process ids of all. */
    List<Long> pids() {
        return processes.stream().map(ServerProcess::pid).toList();
    }

    /** Index of the leader that a majority knows; waits until there is one. */
    int leader() {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            int[] votes = new int[COUNT];
            for (int i = 0; i < COUNT; i++) {
                leaderAsKnown(i).ifPresent(leader -> votes[leader]++);
            }
            for (int i = 0; i < COUNT; i++) {
                if (2 * votes[i] > COUNT && processes.get(i).isRunning()) {
                    return i;
                }
            }
            pauseUntil(deadline, "no leader");
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

    /** Waits until one answers linearizable calls. */
    void awaitReady(int server) {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try {
                stubs.get(server).store(STATUS_LIMIT).sync(SyncRequest.getDefaultInstance());
                return;
            } catch (StatusRuntimeException e) {
                if (!processes.get(server).isRunning()) {
                    throw new IllegalStateException("s" + (server + 1) + " ended; its log ends with:\n"
                            + processes.get(server).logEnd());
                }
                pauseUntil(deadline, "s" + (server + 1) + " is not ready: " + e.getStatus());
            }
        }
    }

    @Override
    public void close() {
        stubs.forEach(ServerStubs::close);
        processes.stream().filter(ServerProcess::isRunning).forEach(ServerProcess::kill);
    }

    private ServerProcess launch(int server) {
        return ServerProcess.start(commands.get(server), directory, directory.resolve("s" + (server + 1) + ".log"));
    }

    private Optional<Integer> leaderAsKnown(int server) {
        try {
            String leader = stubs.get(server)
                    .maintenance(STATUS_LIMIT)
                    .getMemberStatus(GetMemberStatusRequest.getDefaultInstance())
                    .getHeader()
                    .getLeaderId();
            return leader.isEmpty() ? Optional.empty() : Optional.of(Integer.parseInt(leader.substring(1)) - 1);
        } catch (StatusRuntimeException e) {
            return Optional.empty();
        }
    }

    private static void pauseUntil(long deadlineNanos, String otherwise) {
        if (System.nanoTime() - deadlineNanos > 0) {
            throw new IllegalStateException(otherwise + " within " + START_LIMIT.toSeconds() + " s");
        }
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}

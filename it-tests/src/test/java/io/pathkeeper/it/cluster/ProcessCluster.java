package io.pathkeeper.it.cluster;

import io.pathkeeper.it.process.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Real server processes, each with its own log file: {@code SIGKILL}, {@code SIGSTOP} and {@code SIGCONT} are at hand.
 *
 * <p>Life: made stopped, {@link #startAll()}, closed once.
 */
public final class ProcessCluster implements Cluster {
    /** Small heap, first-tier compiler: three servers start quickly beside the tests. */
    private static final List<String> JAVA =
            List.of(ServerProcess.java(), "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    private final ClusterFiles files;
    private final ClusterOptions options;
    private final Map<String, ServerProcess> processes = new HashMap<>();

    private ProcessCluster(ClusterFiles files, ClusterOptions options) {
        this.files = files;
        this.options = options;
    }

    /** Makes a cluster in a new directory named after the test; nothing runs yet. */
    public static ProcessCluster create(String name, ClusterOptions options) {
        return new ProcessCluster(ClusterFiles.create(name, options.servers()), options);
    }

    /** Makes a cluster, starts all members and waits until they are ready. */
    public static ProcessCluster started(String name, ClusterOptions options) {
        ProcessCluster cluster = create(name, options);
        try {
            cluster.startAll();
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    /** Starts all members and waits until they are ready. */
    public void startAll() {
        members().forEach(this::start);
        awaitReady();
    }

    /** The command that starts a member. */
    public List<String> command(String member) {
        MemberLayout layout = files.layout(member);
        List<String> command = new ArrayList<>(JAVA);
        command.addAll(ClassData.options(JAVA, serverJar(), files.directory().getParent()));
        command.addAll(List.of("-jar", serverJar().toString()));
        command.addAll(List.of("--data", layout.data().toString(), "--member-id", member));
        command.addAll(List.of("--cluster-id", options.clusterId()));
        if (options.servers() > 1) {
            command.addAll(List.of("--members", MemberLayout.members(files.layouts())));
        }
        command.addAll(List.of("--client-listen", layout.clientAddress()));
        command.addAll(List.of("--raft-listen", layout.raftAddress()));
        command.addAll(List.of("--http-listen", layout.httpAddress()));
        options.settings().forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        return command;
    }

    /** The process of a member that was started, running or not. */
    public ServerProcess process(String member) {
        ServerProcess process = processes.get(member);
        if (process == null) {
            throw new IllegalStateException(member + " was never started");
        }
        return process;
    }

    /** Starts a member with another command, for example one that must fail. */
    public ServerProcess start(String member, List<String> command) {
        return start(member, command, Map.of());
    }

    /** Starts a member with another command and more variables in its environment. */
    public ServerProcess start(String member, List<String> command, Map<String, String> environment) {
        if (isRunning(member)) {
            throw new IllegalStateException(member + " runs already");
        }
        ServerProcess process = ServerProcess.start(command, files.directory(), files.log(member), environment);
        processes.put(member, process);
        return process;
    }

    @Override
    public List<String> members() {
        return files.members();
    }

    @Override
    public String clientAddress(String member) {
        return files.layout(member).clientAddress();
    }

    @Override
    public String raftAddress(String member) {
        return files.layout(member).raftAddress();
    }

    @Override
    public String httpAddress(String member) {
        return files.layout(member).httpAddress();
    }

    @Override
    public Path dataDirectory(String member) {
        return files.layout(member).data();
    }

    @Override
    public boolean isRunning(String member) {
        ServerProcess process = processes.get(member);
        return process != null && process.isRunning();
    }

    @Override
    public void start(String member) {
        start(member, command(member));
    }

    @Override
    public void stop(String member) {
        process(member).stop(STOP_PATIENCE);
    }

    @Override
    public void kill(String member) {
        process(member).kill();
    }

    @Override
    public void wipe(String member) {
        if (isRunning(member)) {
            throw new IllegalStateException(member + " runs; its data cannot be deleted");
        }
        files.wipe(member);
    }

    @Override
    public void awaitReady(String member) {
        try {
            Cluster.super.awaitReady(member);
        } catch (RuntimeException | Error e) {
            e.addSuppressed(new IllegalStateException(
                    "log of " + member + " ends with:\n" + process(member).logEnd()));
            throw e;
        }
    }

    @Override
    public void close() {
        for (ServerProcess process : processes.values()) {
            if (process.isRunning()) {
                process.kill();
            }
        }
    }

    /** The server's jar: where the build says it is, else where it lies in the source tree. */
    private static Path serverJar() {
        String configured = System.getProperty("pathkeeper.server.jar");
        Path jar = configured != null
                ? Path.of(configured).normalize()
                : Path.of("../store-server/target/pathkeeper-server-0.1.0-SNAPSHOT.jar")
                        .toAbsolutePath()
                        .normalize();
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException("there is no server at " + jar + ": build it with mvn package first");
        }
        return jar;
    }
}

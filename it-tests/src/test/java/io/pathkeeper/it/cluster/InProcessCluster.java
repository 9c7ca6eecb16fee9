package io.pathkeeper.it.cluster;

import io.pathkeeper.server.PathkeeperServer;
import io.pathkeeper.server.StartException;
import io.pathkeeper.server.config.ConfigLoader;
import io.pathkeeper.server.config.ServerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Servers in this JVM, over real sockets and real files. Killing one closes it: a JVM cannot lose a part of itself abruptly.
 *
 * <p>Life: made stopped, {@link #started}, closed once.
 */
public final class InProcessCluster implements Cluster {
    private final ClusterFiles files;
    private final ClusterOptions options;
    private final Map<String, PathkeeperServer> servers = new ConcurrentHashMap<>();
    private final Map<String, Duration> wallClockErrors = new ConcurrentHashMap<>();

    private InProcessCluster(ClusterFiles files, ClusterOptions options) {
        this.files = files;
        this.options = options;
    }

    /** Makes a cluster, starts all members and waits until they are ready. */
    public static InProcessCluster started(String name, ClusterOptions options) {
        InProcessCluster cluster = new InProcessCluster(ClusterFiles.create(name, options.servers()), options);
        try {
            cluster.members().forEach(cluster::start);
            cluster.awaitReady();
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    /** Sets the wall clock of a member, running or not, so far before the right time, or behind it when negative. */
    public void setWallClock(String member, Duration ahead) {
        wallClockErrors.put(member, ahead);
    }

    private long wallMillis(String member) {
        return System.currentTimeMillis()
                + wallClockErrors.getOrDefault(member, Duration.ZERO).toMillis();
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
        return servers.containsKey(member);
    }

    @Override
    public void start(String member) {
        if (isRunning(member)) {
            throw new IllegalStateException(member + " runs already");
        }
        try {
            servers.put(member, PathkeeperServer.start(configuration(member), () -> wallMillis(member)));
        } catch (StartException e) {
            throw new IllegalStateException(member + " does not start: " + e.getMessage(), e);
        }
    }

    @Override
    public void stop(String member) {
        PathkeeperServer server = servers.remove(member);
        if (server == null) {
            throw new IllegalStateException(member + " does not run");
        }
        server.close();
    }

    @Override
    public void kill(String member) {
        stop(member);
    }

    @Override
    public void wipe(String member) {
        if (isRunning(member)) {
            throw new IllegalStateException(member + " runs; its data cannot be deleted");
        }
        files.wipe(member);
    }

    @Override
    public void close() {
        running().forEach(this::stop);
    }

    private ServerConfig configuration(String member) {
        ConfigLoader loader = new ConfigLoader();
        files.layout(member)
                .configuration(files.layouts(), options)
                .forEach((key, value) -> loader.set(key, value, "scenario"));
        return loader.load();
    }
}

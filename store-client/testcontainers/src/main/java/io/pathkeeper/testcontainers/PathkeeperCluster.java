package io.pathkeeper.testcontainers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ContainerNetwork;
import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.Member;
import io.pathkeeper.client.model.MemberRole;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Network;
import org.testcontainers.lifecycle.Startable;
import org.testcontainers.lifecycle.Startables;

/**
 * A cluster of servers in containers that a test can stop, kill, pause, cut off and upgrade. Servers are named {@code s1}, {@code s2}, ... and
 * numbered from 1. Their ports of this machine stay the same as long as the cluster lives; so does their data, but no longer.
 *
 * <pre>{@code
 * try (PathkeeperCluster cluster = new PathkeeperCluster("pathkeeper:dev", 3)) {
 *     cluster.start();
 *     try (PathkeeperClient client = cluster.newClient()) {
 *         cluster.kill(cluster.leader());
 *         client.store().create("/config", Value.of(8080)); // another server leads soon
 *     }
 * }
 * }</pre>
 */
public final class PathkeeperCluster implements Startable {
    private static final int MOST_SERVERS = 9;
    private static final int STOP_SECONDS = 30;
    private static final Duration READY = Duration.ofMinutes(2);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final String name = "pathkeeper-" + UUID.randomUUID();
    private final String image;
    private final int size;
    private final List<Integer> ports = new ArrayList<>();
    private final List<PathkeeperContainer> servers = new ArrayList<>();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private Network network = Network.SHARED;
    private boolean started;

    /**
     * Describes a cluster; nothing is started.
     *
     * @param image of the servers, with its tag
     * @param size number of servers, 1 to 9; 3 outlive the loss of one
     * @throws IllegalArgumentException for another number
     */
    public PathkeeperCluster(String image, int size) {
        if (size < 1 || size > MOST_SERVERS) {
            throw new IllegalArgumentException("a cluster of " + size + " servers: allowed are 1 to " + MOST_SERVERS);
        }
        this.image = image;
        this.size = size;
    }

    /** Starts all servers and waits until each of them answers reads and writes. Does nothing when they were started before. */
    @Override
    public void start() {
        if (started) {
            return;
        }
        started = true;
        network = Network.newNetwork();
        ports.addAll(freePorts(2 * size));
        for (int server = 1; server <= size; server++) {
            servers.add(container(server, image));
        }
        Startables.deepStart(servers).join();
    }

    private PathkeeperContainer container(int server, String of) {
        String host = DockerClientFactory.instance().dockerHostIpAddress();
        String members = IntStream.rangeClosed(1, size)
                .mapToObj(i -> id(i) + "=" + id(i) + ":7421/" + host + ":" + clientPort(i))
                .collect(Collectors.joining(","));
        return new PathkeeperContainer(of)
                .withNetwork(network)
                .withNetworkAliases(id(server))
                .withHostPorts(clientPort(server), ports.get(2 * server - 1))
                .withDataVolume(volume(server))
                .withEnv("PATHKEEPER_CLUSTER_ID", name)
                .withEnv("PATHKEEPER_CLUSTER_MEMBERS", members)
                .withEnv("PATHKEEPER_MEMBER_ID", id(server));
    }

    /** All of them are free at once; somebody else may take one before the container does, which then fails to start. */
    private static List<Integer> freePorts(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "there are no " + count + " free ports on this machine: " + e.getMessage(), e);
        } finally {
            for (ServerSocket socket : held) {
                try {
                    socket.close();
                } catch (IOException e) {
                    throw new IllegalStateException("a port cannot be given back: " + e.getMessage(), e);
                }
            }
        }
    }

    private static String id(int server) {
        return "s" + server;
    }

    private int clientPort(int server) {
        return ports.get(2 * server - 2);
    }

    private String volume(int server) {
        return name + "-" + id(server);
    }

    private static DockerClient docker() {
        return DockerClientFactory.instance().client();
    }

    /**
     * A server's container.
     *
     * @param server its number, from 1
     * @throws IllegalArgumentException when there is none of this number
     */
    public PathkeeperContainer server(int server) {
        if (server < 1 || server > servers.size()) {
            throw new IllegalArgumentException("server " + server
                    + (servers.isEmpty() ? ": the cluster was not started" : ": there are 1 to " + servers.size()));
        }
        return servers.get(server - 1);
    }

    /** Addresses for clients, {@code host:port}, in the order of the servers. */
    public List<String> addresses() {
        return servers.stream().map(PathkeeperContainer::address).toList();
    }

    /** Returns a new client of all servers with the defaults; the caller closes it. */
    public PathkeeperClient newClient() {
        return PathkeeperClient.builder()
                .servers(addresses().toArray(String[]::new))
                .build();
    }

    /**
     * The number of the server that leads now. While none does, as between the loss of a leader and the next election, it waits.
     *
     * @throws IllegalStateException when no server leads for two minutes
     */
    public int leader() {
        long latest = System.nanoTime() + READY.toNanos();
        try (PathkeeperClient client = newClient()) {
            while (System.nanoTime() - latest < 0) {
                for (Member member : client.store().listMembers()) {
                    if (member.role() == MemberRole.LEADER) {
                        return Integer.parseInt(member.memberId().substring(1));
                    }
                }
                pace();
            }
        }
        throw new IllegalStateException("no server leads within " + READY.toSeconds() + " s");
    }

    /** Asks a server to stop, as an operator does, and waits: it hands leadership over first. */
    public void stop(int server) {
        docker().stopContainerCmd(server(server).getContainerId())
                .withTimeout(STOP_SECONDS)
                .exec();
    }

    /** Kills a server, as a loss of its machine does. Its data stays. */
    public void kill(int server) {
        docker().killContainerCmd(server(server).getContainerId()).exec();
    }

    /** Starts a server again that was stopped or killed, and waits until it answers reads and writes. */
    public void startAgain(int server) {
        docker().startContainerCmd(server(server).getContainerId()).exec();
        awaitReady(server);
    }

    /**
     * Lets a server stand still; its connections stay open. By a signal: where cgroups are of version 1, engines at times cannot freeze a
     * container whose health is being asked.
     */
    public void pause(int server) {
        signal(server, "STOP");
    }

    /** Lets a paused server go on, and waits until it answers reads and writes. */
    public void unpause(int server) {
        signal(server, "CONT");
        awaitReady(server);
    }

    private void signal(int server, String name) {
        docker().killContainerCmd(server(server).getContainerId())
                .withSignal(name)
                .exec();
    }

    /** Takes a server off the network, from the other servers and from clients. */
    public void cutOff(int server) {
        docker().disconnectFromNetworkCmd()
                .withContainerId(server(server).getContainerId())
                .withNetworkId(network.getId())
                .exec();
    }

    /** Brings a server back to the network, and waits until it answers reads and writes. */
    public void reconnect(int server) {
        docker().connectToNetworkCmd()
                .withContainerId(server(server).getContainerId())
                .withNetworkId(network.getId())
                .withContainerNetwork(new ContainerNetwork().withAliases(List.of(id(server))))
                .exec();
        awaitReady(server);
    }

    /**
     * Stops a server, and starts it from another image with the data that it has; waits until it answers reads and writes.
     *
     * @param to the other image, with its tag
     */
    public void upgrade(int server, String to) {
        stop(server);
        server(server).stop();
        PathkeeperContainer next = container(server, to);
        servers.set(server - 1, next);
        next.start();
    }

    private void awaitReady(int server) {
        URI ready = server(server).httpUri().resolve("/readyz");
        long latest = System.nanoTime() + READY.toNanos();
        String last = "no answer";
        while (System.nanoTime() - latest < 0) {
            try {
                var answer = http.send(
                        HttpRequest.newBuilder(ready)
                                .timeout(Duration.ofSeconds(5))
                                .build(),
                        BodyHandlers.ofString());
                if (answer.statusCode() == 200) {
                    return;
                }
                last = answer.body();
            } catch (IOException e) {
                last = e.toString();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + id(server), e);
            }
            pace();
        }
        throw new IllegalStateException(id(server) + " is not ready within " + READY.toSeconds() + " s: " + last);
    }

    private static void pace() {
        try {
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends all servers and removes their containers, their data and their network. */
    @Override
    public void stop() {
        servers.forEach(PathkeeperContainer::stop);
        for (int server = 1; server <= servers.size(); server++) {
            try {
                docker().removeVolumeCmd(volume(server)).exec();
            } catch (NotFoundException e) {
                continue; // it was never made
            }
        }
        servers.clear();
        ports.clear();
        if (started) {
            network.close();
            started = false;
        }
    }
}

package io.pathkeeper.it.cluster;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.PathkeeperClientBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Servers that run on this machine. Members are called {@code s1}, {@code s2} and so on and keep their ports and directories
 * however often they are stopped and started. Closing ends everything that is left.
 *
 * <p>Used by one test thread; the addresses may be read by any.
 */
public interface Cluster extends AutoCloseable {
    /** Longest time after which a cluster that can be ready is ready, on a loaded machine. */
    Duration PATIENCE = Duration.ofSeconds(120);

    /** Names of all members, running or not. */
    List<String> members();

    /** Address for clients of a member. */
    String clientAddress(String member);

    /** Address for the other servers of a member. */
    String raftAddress(String member);

    /** Address of metrics and health of a member. */
    String httpAddress(String member);

    /** Directory of a member's data. */
    Path dataDirectory(String member);

    /** Returns whether a member is started. */
    boolean isRunning(String member);

    /** Starts a member that does not run; does not wait until it is ready. */
    void start(String member);

    /** Stops a running member as an operator would and waits until it is gone. */
    void stop(String member);

    /** Ends a running member as abruptly as this kind of cluster can and waits until it is gone. */
    void kill(String member);

    /** Deletes the data of a member that does not run. */
    void wipe(String member);

    /** Ends everything. */
    @Override
    void close();

    /** Names of the members that are started. */
    default List<String> running() {
        List<String> running = new ArrayList<>();
        for (String member : members()) {
            if (isRunning(member)) {
                running.add(member);
            }
        }
        return running;
    }

    /** Kills a member and starts it again. */
    default void killAndRestart(String member) {
        kill(member);
        start(member);
    }

    /** A builder of a client that knows all servers. */
    default PathkeeperClientBuilder clientBuilder() {
        return PathkeeperClient.builder()
                .servers(members().stream().map(this::clientAddress).toArray(String[]::new));
    }

    /** A client that knows all servers; the caller closes it. */
    default PathkeeperClient client() {
        return clientBuilder().build();
    }

    /** Stubs of one server; the caller closes them. */
    default PinnedServer pin(String member) {
        return new PinnedServer(member, clientAddress(member));
    }

    /** Returns the leader, which all running members agree on, and waits until there is one. */
    default String awaitLeader() {
        return Await.value("a leader that all of " + running() + " know", PATIENCE, this::agreedLeader);
    }

    /** Waits until every running member answers linearizable reads. */
    default void awaitReady() {
        for (String member : running()) {
            awaitReady(member);
        }
    }

    /** Waits until a member answers linearizable reads. */
    default void awaitReady(String member) {
        try (PinnedServer server = pin(member)) {
            Await.until(member + " is ready", PATIENCE, server::isReady);
        }
    }

    private Optional<String> agreedLeader() {
        Optional<String> agreed = Optional.empty();
        for (String member : running()) {
            try (PinnedServer server = pin(member)) {
                Optional<String> leader = server.leaderAsKnown();
                if (leader.isEmpty() || !isRunning(leader.get()) || agreed.isPresent() && !agreed.equals(leader)) {
                    return Optional.empty();
                }
                agreed = leader;
            }
        }
        return agreed;
    }
}

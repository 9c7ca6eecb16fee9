package io.pathkeeper.it.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A store that is measured: three server processes and the clients that load them. Driven by the main thread. */
interface Store extends AutoCloseable {
    /** Servers of every store. */
    int SERVERS = 3;

    /** Name for tables. */
    String name();

    /** Starts the servers and waits until they answer. */
    void start() throws Exception;

    /** Creates the znodes. */
    void load(Znodes znodes) throws Exception;

    /**
     * Returns one operation for each client connection of a run; the places are dealt out to them in turn.
     *
     * @param outstanding calls that will be outstanding in all
     */
    List<Operation> operations(Workload workload, Znodes znodes, int outstanding) throws Exception;

    /** The load of a Python program that is connected to the store; started by the first call. */
    default PythonLoad python(Znodes znodes) throws Exception {
        throw new UnsupportedOperationException(name() + " is not called from Python");
    }

    /** The znodes that loads of this store create and delete. */
    FreshZnodes fresh();

    /** Writes over the connections that {@link #operations} has for many calls. */
    Writer writer() throws Exception;

    /**
     * Opens observers of a znode and everything below, and waits until all stand.
     *
     * @param count how many
     * @param connections that they share, at most as many as there are observers; a store whose observers cannot share any has one for each
     */
    Observers observe(String path, int count, int connections, Observers.Sink sink) throws Exception;

    /**
     * Prepares sessions.
     *
     * @param timeout of each
     * @param connections that they share, where a store lets them
     * @param perMessage sessions that one message renews, where a store lets it
     */
    SessionCrowd sessions(Duration timeout, int connections, int perMessage) throws Exception;

    /** Does what the store needs now and then when nothing is measured. */
    default void tidy() throws Exception {}

    /** Index of the server that leads. */
    int leader() throws Exception;

    /** Sends SIGKILL to a server and waits until it is gone. */
    void kill(int server);

    /** Starts a server again that was killed; does not wait. */
    void launch(int server);

    /** Waits until a server serves: it knows what the others know, and answers. */
    void awaitServing(int server) throws Exception;

    /** Starts a server again that was killed, and waits until it serves. */
    default void restart(int server) throws Exception {
        launch(server);
        awaitServing(server);
    }

    /** Whether the servers are JVMs, whose living objects can be counted. */
    default boolean serversAreJvms() {
        return true;
    }

    /** Reads all znodes that were loaded and tells how long that took; no figures where there is nothing like it. */
    default Map<Figure, Double> readAll(Znodes znodes) throws Exception {
        return Map.of();
    }

    /** Watches the servers for snapshots that they write; empty where that is not seen from outside. */
    default Optional<SnapshotWatch> snapshots() {
        return Optional.empty();
    }

    /** Whether a server whose data are gone finds its way back by itself. */
    default boolean joinsFromNothing() {
        return false;
    }

    /** Deletes the data of a server that was killed. */
    default void wipe(int server) throws IOException {
        throw new UnsupportedOperationException(name() + ": a server without its data does not come back by itself");
    }

    /** Process ids of the servers. */
    List<Long> serverPids();

    /** Ends clients and servers. */
    @Override
    void close();
}

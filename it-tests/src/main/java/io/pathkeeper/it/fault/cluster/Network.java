package io.pathkeeper.it.fault.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What lies between servers. Clients reach every server whatever is cut. Servers are counted from 0. Changed by one thread; close it when all servers have ended.
 */
public interface Network extends AutoCloseable {
    /** Where a server is found. */
    record Place(String clientAddress, String raftListen, String raftAddress, String httpAddress) {}

    /** What it is called on the command line. */
    String name();

    /** Addresses of a server. */
    Place place(int server);

    /** Makes of the command that starts a server one that starts it at its place. */
    List<String> placed(int server, List<String> command);

    /** Tells which process a server is now. */
    void started(int server, long pid);

    /** From now on nothing that one server sends reaches the other one; what the other one sends does. */
    void cutOneWay(int from, int to);

    /** From now on nothing goes between two servers. */
    default void cut(int one, int other) {
        cutOneWay(one, other);
        cutOneWay(other, one);
    }

    /** Why messages cannot be delayed here; empty when they can. */
    Optional<String> whyNoDelay();

    /** From now on what other servers send to one arrives later. */
    void delay(int server, Duration delay);

    /** Why packets cannot be lost here; empty when they can. */
    Optional<String> whyNoLoss();

    /** From now on such a share of the packets that a server is sent is lost. */
    void lose(int server, double share);

    /** How many packets, or pieces of what servers send where there are no packets, were stopped, lost or delayed since all was well. */
    long hindered();

    /** All is well again. */
    void heal();

    @Override
    void close();
}

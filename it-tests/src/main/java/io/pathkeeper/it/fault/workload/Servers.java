package io.pathkeeper.it.fault.workload;

import io.pathkeeper.it.coordination.ServerStubs;
import java.util.List;

/**
 * The servers as clients see them, in the order of their numbers; safe to use from any thread.
 *
 * @param addresses {@code host:port} of each
 * @param stubs stubs pinned to each; the caller of a workload closes them
 * @param pace of all calls together; clients that only wait for what they are told need no turn
 * @param keepHistory whether they keep so many changes that only who is slow for minutes can come too late
 */
public record Servers(List<String> addresses, List<ServerStubs> stubs, Pace pace, boolean keepHistory) {
    /** Servers with the default history that may be called at any pace. */
    public Servers(List<String> addresses, List<ServerStubs> stubs) {
        this(addresses, stubs, Pace.unlimited(), true);
    }

    /** Copies the lists. */
    public Servers {
        addresses = List.copyOf(addresses);
        stubs = List.copyOf(stubs);
        if (addresses.isEmpty() || addresses.size() != stubs.size()) {
            throw new IllegalArgumentException(addresses.size() + " addresses and " + stubs.size() + " stubs");
        }
    }
}

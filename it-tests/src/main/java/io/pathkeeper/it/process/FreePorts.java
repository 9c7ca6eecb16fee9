package io.pathkeeper.it.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports of the loopback address that nothing listens on. JVMs that look at the same time each have a slice of the range of their own, by the system property
 * {@code pathkeeper.ports.slice}, 1 or 2, so that none takes what the other one has found and not yet opened.
 */
public final class FreePorts {
    /** Below the range that systems hand out for outgoing connections, so that a port stays free while its server restarts. */
    private static final int LEAST = 10_000;

    private static final int MOST = 32_000;
    private static final int ATTEMPTS = 10_000;
    private static final int SLICES = 2;
    private static final int SLICE = Integer.getInteger("pathkeeper.ports.slice", 1) % SLICES;

    private static final Set<Integer> HANDED_OUT = new HashSet<>();

    private FreePorts() {}

    /**
     * Returns so many different free ports, none of which was handed out before in this JVM.
     *
     * @throws IllegalStateException when there are not so many
     */
    public static synchronized List<Integer> find(int count) {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < ATTEMPTS && ports.size() < count; i++) {
            int port = ThreadLocalRandom.current().nextInt(LEAST / SLICES, MOST / SLICES) * SLICES + SLICE;
            if (!HANDED_OUT.contains(port) && isFree(port)) {
                HANDED_OUT.add(port);
                ports.add(port);
            }
        }
        if (ports.size() < count) {
            throw new IllegalStateException("found " + ports.size() + " free ports of 127.0.0.1 between " + LEAST
                    + " and " + MOST + ", needed " + count);
        }
        return ports;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}

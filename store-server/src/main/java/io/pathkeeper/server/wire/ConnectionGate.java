package io.pathkeeper.server.wire;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the connections of one port and lets no more in than are allowed, in all and from one address; of IPv6 the first 64 bits count,
 * which is what one subscriber has. What is refused is counted with its reason and logged once in ten seconds.
 *
 * <p>Any thread; never waits for long.
 */
public final class ConnectionGate {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionGate.class);
    private static final long LOG_EVERY_NANOS = 10_000_000_000L;

    /** Why a connection came to nothing. */
    public enum Reason {
        /** There were as many as the server may have. */
        CONNECTIONS,
        /** There were as many from its address as one may have. */
        CONNECTIONS_PER_ADDRESS,
        /** It ended before its handshakes had: what came was no TLS or HTTP/2, or the certificate was refused. */
        HANDSHAKE,
        /** Its handshakes took too long. */
        HANDSHAKE_TIME;

        /** As the label of the meter has it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One connection that was let in. */
    private record Admitted(Object address, long sinceNanos) {}

    private final int most;
    private final int mostPerAddress;
    private final long handshakeNanos;
    private final LongSupplier nanoClock;
    private final Map<Object, Integer> perAddress = new HashMap<>();
    private final Map<SocketAddress, Admitted> unready = new ConcurrentHashMap<>();
    private final AtomicLongArray refused = new AtomicLongArray(Reason.values().length);
    private int open;
    private long loggedNanos;

    /**
     * Makes one.
     *
     * @param most connections at a time
     * @param mostPerAddress connections at a time from one address
     * @param handshake time that the handshakes have; who ends the slow ones is the transport
     */
    public ConnectionGate(int most, int mostPerAddress, Duration handshake, LongSupplier nanoClock) {
        this.most = most;
        this.mostPerAddress = mostPerAddress;
        this.handshakeNanos = handshake.toNanos();
        this.nanoClock = nanoClock;
        this.loggedNanos = nanoClock.getAsLong() - LOG_EVERY_NANOS;
    }

    /**
     * A connection was accepted.
     *
     * @param remote address and port of the other side, which name the connection while it is there; null when not known
     * @return what to run when it is closed; null when it is refused: it has to be closed then
     */
    public @Nullable Runnable admit(@Nullable SocketAddress remote) {
        Object address = addressOf(remote);
        synchronized (this) {
            int same = perAddress.getOrDefault(address, 0);
            if (open >= most) {
                count(Reason.CONNECTIONS, address);
                return null;
            }
            if (same >= mostPerAddress) {
                count(Reason.CONNECTIONS_PER_ADDRESS, address);
                return null;
            }
            open++;
            perAddress.put(address, same + 1);
        }
        Admitted admitted = new Admitted(address, nanoClock.getAsLong());
        if (remote != null) {
            unready.put(remote, admitted);
        }
        return () -> closed(remote, admitted);
    }

    /** The handshakes of a connection have ended well. */
    public void ready(SocketAddress remote) {
        unready.remove(remote);
    }

    private void closed(@Nullable SocketAddress remote, Admitted admitted) {
        boolean early = remote != null && unready.remove(remote, admitted);
        synchronized (this) {
            open--;
            perAddress.computeIfPresent(admitted.address, (address, count) -> count == 1 ? null : count - 1);
            if (early) {
                boolean late = nanoClock.getAsLong() - admitted.sinceNanos >= handshakeNanos;
                count(late ? Reason.HANDSHAKE_TIME : Reason.HANDSHAKE, admitted.address);
            }
        }
    }

    private synchronized void count(Reason reason, Object address) {
        refused.incrementAndGet(reason.ordinal());
        long now = nanoClock.getAsLong();
        if (now - loggedNanos >= LOG_EVERY_NANOS) {
            loggedNanos = now;
            LOG.atWarn()
                    .addKeyValue("reason", reason.label())
                    .addKeyValue("address", address)
                    .log(
                            "a connection was refused; pathkeeper_connections_refused_total counts them, one in ten seconds"
                                    + " is logged");
        }
    }

    /** Connections that are open. */
    public synchronized int open() {
        return open;
    }

    /** Connections that were refused for a reason. */
    public long refused(Reason reason) {
        return refused.get(reason.ordinal());
    }

    /** What counts as one address: the whole of IPv4, the first 64 bits of IPv6. */
    public static Object addressOf(@Nullable SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress internet) || internet.getAddress() == null) {
            return "unknown";
        }
        InetAddress address = internet.getAddress();
        if (address instanceof Inet6Address) {
            return Long.toHexString(ByteBuffer.wrap(address.getAddress()).getLong()) + "::/64";
        }
        return address;
    }
}

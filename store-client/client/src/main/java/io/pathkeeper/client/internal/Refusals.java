package io.pathkeeper.client.internal;

import io.grpc.Status;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Knows since when every server refuses the connection, so that calls need not wait for their whole time when there is nobody to answer. A
 * server that is silent has not refused. Safe for several threads.
 */
final class Refusals {
    private final Supplier<List<String>> servers;
    private final long limitNanos;
    private final LongSupplier nanoClock;
    private final Map<String, String> reasons = new LinkedHashMap<>();
    private long sinceNanos;
    private volatile boolean any;

    /**
     * Begins with nothing known.
     *
     * @param servers all that could answer
     * @param limitNanos how long a call goes on while all of them refuse
     */
    Refusals(Supplier<List<String>> servers, long limitNanos, LongSupplier nanoClock) {
        this.servers = servers;
        this.limitNanos = limitNanos;
        this.nanoClock = nanoClock;
    }

    /** A server could not be connected to. */
    synchronized void refused(String address, String why) {
        if (reasons.isEmpty()) {
            sinceNanos = nanoClock.getAsLong();
        }
        reasons.put(address, why.contains("Connection refused") ? "connection refused" : why);
        any = true;
    }

    /** Some server answered, or let itself be connected to. */
    void reached() {
        if (any) {
            clear();
        }
    }

    private synchronized void clear() {
        reasons.clear();
        any = false;
    }

    /** Whether a server has refused and none was reached since; costs nothing. */
    boolean any() {
        return any;
    }

    /** Nanoseconds until a call that began then has waited long enough, and the servers have refused for long enough; below 1 when it is so. */
    synchronized long left(long begunNanos) {
        long now = nanoClock.getAsLong();
        long call = limitNanos - (now - begunNanos);
        return reasons.isEmpty() ? call : Math.max(call, limitNanos - (now - sinceNanos));
    }

    /** The error for calls that have waited long enough; null while some server may still answer. */
    Errors.@Nullable WireError error() {
        if (!any) {
            return null;
        }
        List<String> all = servers.get();
        synchronized (this) {
            if (reasons.isEmpty() || left(sinceNanos) > 0 || !reasons.keySet().containsAll(all)) {
                return null;
            }
            String each = all.stream()
                    .map(address -> address + " (" + reasons.get(address) + ")")
                    .collect(Collectors.joining(", "));
            return new Errors.WireError(Status.Code.UNAVAILABLE, "", "no server can be reached: " + each, Map.of(), 0);
        }
    }
}

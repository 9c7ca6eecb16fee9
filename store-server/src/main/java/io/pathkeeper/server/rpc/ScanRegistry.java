package io.pathkeeper.server.rpc;

import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The scans that are under way: not too many, and none whose reader has stopped reading. Any thread. */
final class ScanRegistry {
    private final int most;
    private final long idleNanos;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<ScanCall> scans = ConcurrentHashMap.newKeySet();

    ScanRegistry(int most, long idleNanos) {
        this.most = most;
        this.idleNanos = idleNanos;
    }

    /** Takes a scan in. Throws OVERLOADED when there are too many. */
    void add(ScanCall scan) {
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            throw new RejectedException(Rejection.of(
                    RejectReason.OVERLOADED,
                    "this server has " + most + " scans under way, which is its limit: try again later",
                    "limit",
                    Integer.toString(most)));
        }
        scans.add(scan);
    }

    /** Lets a scan go; a second time does nothing. */
    void remove(ScanCall scan) {
        if (scans.remove(scan)) {
            count.decrementAndGet();
        }
    }

    int size() {
        return count.get();
    }

    /** Ends the scans whose reader has taken nothing for too long. */
    void sweep(long nowNanos) {
        for (ScanCall scan : scans) {
            scan.endWhenIdle(nowNanos, idleNanos);
        }
    }
}

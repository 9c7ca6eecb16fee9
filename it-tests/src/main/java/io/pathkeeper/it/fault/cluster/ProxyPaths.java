package io.pathkeeper.it.fault.cluster;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Which ways between servers are open, and how long they are. Safe to use from any thread. */
final class ProxyPaths {
    private final boolean[][] cut;
    private final long[] delayMillis;
    private long hindered;

    ProxyPaths(int servers) {
        cut = new boolean[servers][servers];
        delayMillis = new long[servers];
    }

    synchronized void cutOneWay(int from, int to) {
        cut[from][to] = true;
    }

    synchronized void delay(int to, Duration delay) {
        delayMillis[to] = delay.toMillis();
    }

    /** How often something had to wait since all ways were open and short. */
    synchronized long hindered() {
        return hindered;
    }

    /** All ways are open and short again. */
    synchronized void heal() {
        for (int i = 0; i < cut.length; i++) {
            java.util.Arrays.fill(cut[i], false);
            delayMillis[i] = 0;
        }
        hindered = 0;
        notifyAll();
    }

    /** Waits as long as what is sent from one server to another takes to arrive: while the way is cut, until it is open again. */
    synchronized void pass(int from, int to) throws InterruptedException {
        long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMillis[to]);
        hindered += cut[from][to] || delayMillis[to] > 0 ? 1 : 0;
        while (true) {
            long left = due - System.nanoTime();
            if (!cut[from][to] && (left <= 0 || delayMillis[to] == 0)) {
                return;
            }
            if (cut[from][to]) {
                wait();
            } else {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        }
    }

    /** Waits until both ways are open: a connection needs them. */
    synchronized void connect(int one, int other) throws InterruptedException {
        hindered += cut[one][other] || cut[other][one] ? 1 : 0;
        while (cut[one][other] || cut[other][one]) {
            wait();
        }
    }
}

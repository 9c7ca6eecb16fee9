package io.pathkeeper.it.fault.workload;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls on one small object of the tree after the other. An object is left behind after some calls, read a last time and checked, so that histories stay
 * short whatever the run's length, and checks stay fast. One half of the clients use the Java client, the other half stubs of one server each.
 *
 * @param <T> the objects
 */
abstract class RollingWorkload<T> implements Workload {
    private static final int CLIENTS = 4;

    /** An object with so many calls that nobody knows of is left behind: each of them may double what a checker has to look at. */
    private static final int UNKNOWN_CALLS = 6;

    private final String name;
    private final int callsPerObject;
    private final long paceNanos;
    private final Tally tally = new Tally();
    private final Deque<Turn<T>> leftBehind = new ArrayDeque<>();
    private final List<StoreCalls> open = new ArrayList<>();
    private @Nullable Servers servers;
    private @Nullable Turn<T> current;
    private int created;

    /** An object with the calls on it that are under way. */
    private static final class Turn<T> {
        final T object;
        int calls;
        int unknown;
        int underWay;

        Turn(T object) {
            this.object = object;
        }
    }

    /**
     * A load.
     *
     * @param callsPerObject calls after which an object is left behind
     * @param callsPerSecond of each client at most
     */
    RollingWorkload(String name, int callsPerObject, int callsPerSecond) {
        this.name = name;
        this.callsPerObject = callsPerObject;
        this.paceNanos = TimeUnit.SECONDS.toNanos(1) / callsPerSecond;
    }

    /** Makes the znodes of an object below a path that nobody uses; a repeat behind a {@link CallFailure} goes on where it broke off. */
    abstract T make(String path, StoreCalls calls);

    /** Makes one call on an object and records it; a failure is recorded, too, and thrown on. */
    abstract void call(T object, int client, StoreCalls calls, SplittableRandom dice);

    /** Reads an object, on which no more calls are made, a last time and returns what is wrong with its history. */
    abstract List<String> finish(T object, StoreCalls calls);

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final int clients() {
        return CLIENTS;
    }

    @Override
    public final void prepare(Servers all) {
        servers = all;
        StoreCalls calls = opened(0);
        createIfMissing(calls, "/" + name, null);
        current = new Turn<>(make(nextPath(), calls));
    }

    @Override
    public final void run(int client, SplittableRandom dice, BooleanSupplier stopping) throws InterruptedException {
        StoreCalls calls = opened(client);
        Pace all = pace();
        while (!stopping.getAsBoolean()) {
            all.await();
            long started = System.nanoTime();
            Turn<T> turn = turn();
            if (begin(turn)) {
                boolean unknown = false;
                try {
                    call(turn.object, client, calls, dice);
                    tally.succeeded();
                } catch (CallFailure e) {
                    tally.failed(e);
                    unknown = !e.isRefused();
                } finally {
                    end(turn, unknown);
                }
            } else {
                moveOn(turn, calls);
                finishOne(calls);
            }
            long left = paceNanos - (System.nanoTime() - started);
            if (left > 0) {
                TimeUnit.NANOSECONDS.sleep(left);
            }
        }
    }

    @Override
    public final Findings check() {
        StoreCalls calls = opened(0);
        synchronized (this) {
            if (current != null) {
                leftBehind.add(current);
                current = null;
            }
            while (!leftBehind.isEmpty()) {
                tally.violated(finish(leftBehind.remove().object, calls));
            }
        }
        return tally.findings(name);
    }

    @Override
    public final void close() {
        synchronized (this) {
            open.forEach(StoreCalls::close);
            open.clear();
        }
    }

    /** Creates a znode unless an earlier try did. */
    static void createIfMissing(StoreCalls calls, String path, @Nullable Long value) {
        try {
            calls.create(path, value);
        } catch (CallFailure e) {
            if (!e.isRefused("NODE_EXISTS")) {
                throw e;
            }
        }
    }

    private synchronized StoreCalls opened(int client) {
        if (servers == null) {
            throw new IllegalStateException(name + " is not prepared");
        }
        int server = client / 2 % servers.stubs().size();
        StoreCalls calls = client % 2 == 0
                ? new LibraryCalls(servers)
                : new PinnedCalls(servers.stubs().get(server));
        open.add(calls);
        return calls;
    }

    private synchronized Pace pace() {
        if (servers == null) {
            throw new IllegalStateException(name + " is not prepared");
        }
        return servers.pace();
    }

    private synchronized String nextPath() {
        return "/" + name + "/o" + created++;
    }

    private synchronized Turn<T> turn() {
        if (current == null) {
            throw new IllegalStateException(name + " is not prepared");
        }
        return current;
    }

    /** Returns false when the object has had its calls; those under way may turn out unknown, too. */
    private synchronized boolean begin(Turn<T> turn) {
        if (turn.calls >= callsPerObject || turn.unknown + turn.underWay >= UNKNOWN_CALLS) {
            return false;
        }
        turn.calls++;
        turn.underWay++;
        return true;
    }

    private synchronized void end(Turn<T> turn, boolean unknown) {
        turn.underWay--;
        turn.unknown += unknown ? 1 : 0;
    }

    /** Puts a new object into the place of one that had its calls; without success the old one stays. */
    private void moveOn(Turn<T> old, StoreCalls calls) {
        synchronized (this) {
            if (current != old) {
                return;
            }
        }
        T next;
        try {
            next = make(nextPath(), calls);
        } catch (CallFailure e) {
            tally.failed(e);
            return;
        }
        synchronized (this) {
            if (current == old) {
                current = new Turn<>(next);
                leftBehind.add(old);
            }
        }
    }

    /** Checks one of the objects that were left behind. One that cannot be read now is kept for later. */
    private void finishOne(StoreCalls calls) {
        Turn<T> turn;
        synchronized (this) {
            turn = leftBehind.stream()
                    .filter(old -> old.underWay == 0)
                    .findFirst()
                    .orElse(null);
            if (turn == null) {
                return;
            }
            leftBehind.remove(turn);
        }
        try {
            tally.violated(finish(turn.object, calls));
        } catch (CallFailure e) {
            synchronized (this) {
                leftBehind.add(turn);
            }
        }
    }
}

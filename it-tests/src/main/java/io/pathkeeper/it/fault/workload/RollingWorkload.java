package io.pathkeeper.it.fault.workload;

import io.pathkeeper.it.coordination.ServerStubs;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls on one small object of the tree after the other. An object is left behind after some calls, read a last time and checked, so that histories stay
 * short whatever the run's length, and checks stay fast; at the end of the run it must still be what it was. Two clients use the Java client, and one for each server stubs of that server.
 *
 * @param <T> the objects
 */
abstract class RollingWorkload<T> implements Workload {
    private static final int LIBRARY_CLIENTS = 2;
    private static final int SHOWN = 300;

    /** An object with so many calls that nobody knows of is left behind: each of them may double what a checker has to look at. */
    private static final int UNKNOWN_CALLS = 6;

    /** A client of a server that is gone is told so at once: calling on at its pace it would use up one object after the other, so that no history would go on through a fault. */
    private static final long UNKNOWN_PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final String name;
    private final int callsPerObject;
    private final long paceNanos;
    private final Tally tally = new Tally();
    private final AtomicInteger nextNumber = new AtomicInteger();
    private final Deque<Turn<T>> leftBehind = new ArrayDeque<>();
    /** What stands below the paths of objects that were left behind and can change no more, as it was read then. */
    private final Map<String, String> remembered = new TreeMap<>();

    private final List<StoreCalls> open = new ArrayList<>();
    private final Set<String> pinnedTo = new HashSet<>();
    private @Nullable Servers servers;
    private @Nullable Turn<T> current;

    /** An object with the calls on it that are under way. */
    private static final class Turn<T> {
        final int number;
        final T object;
        int calls;
        int unknown;
        int underWay;

        Turn(int number, T object) {
            this.number = number;
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

    /** Reads an object, on which no more calls are made, a last time and returns what is wrong with its history; as text an object is all that was recorded of it. */
    abstract List<String> finish(T object, StoreCalls calls);

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final int clients() {
        return LIBRARY_CLIENTS + prepared().stubs().size();
    }

    @Override
    public final void prepare(Servers all) {
        servers = all;
        StoreCalls calls = opened(0);
        createIfMissing(calls, "/" + name, null);
        current = made(calls);
    }

    @Override
    public final void run(int client, SplittableRandom dice, BooleanSupplier stopping) throws InterruptedException {
        StoreCalls calls = opened(client);
        Pace all = prepared().pace();
        while (!stopping.getAsBoolean()) {
            all.await();
            long started = System.nanoTime();
            Turn<T> turn = turn();
            boolean unknown = false;
            if (begin(turn)) {
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
            long left = (unknown ? Math.max(paceNanos, UNKNOWN_PACE_NANOS) : paceNanos) - (System.nanoTime() - started);
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
                finish(leftBehind.remove(), calls);
            }
            remembered.forEach((path, before) -> {
                String now = contents(path, calls);
                if (!now.equals(before)) {
                    tally.violated(List.of("changed behind its end: " + path + " was " + shown(before)
                            + " when it was left behind, and is " + shown(now)));
                }
            });
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
        StoreCalls calls;
        if (client < LIBRARY_CLIENTS) {
            calls = new LibraryCalls(prepared());
        } else {
            ServerStubs server = prepared().stubs().get(client - LIBRARY_CLIENTS);
            pinnedTo.add(server.address());
            calls = new PinnedCalls(server);
        }
        open.add(calls);
        return calls;
    }

    /** Addresses of the servers that have a client which calls no other one. */
    final synchronized Set<String> pinnedTo() {
        return Set.copyOf(pinnedTo);
    }

    private synchronized Servers prepared() {
        if (servers == null) {
            throw new IllegalStateException(name + " is not prepared");
        }
        return servers;
    }

    private Turn<T> made(StoreCalls calls) {
        int number = nextNumber.getAndIncrement();
        return new Turn<>(number, make(path(number), calls));
    }

    private String path(int number) {
        return "/" + name + "/o" + number;
    }

    private static String contents(String path, StoreCalls calls) {
        return calls.get(path) + " above " + calls.children(path);
    }

    private static String shown(String contents) {
        return contents.length() <= SHOWN ? contents : contents.substring(0, SHOWN) + "...";
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
        Turn<T> next;
        try {
            next = made(calls);
        } catch (CallFailure e) {
            return; // no operation of the load's: the next call of the old object tries again
        }
        synchronized (this) {
            if (current == old) {
                current = next;
                leftBehind.add(old);
            }
        }
    }

    /** An object with a call of which nobody knows may still change: it is not remembered. */
    private void finish(Turn<T> turn, StoreCalls calls) {
        if (turn.unknown == 0) {
            String path = path(turn.number);
            String contents = contents(path, calls);
            synchronized (this) {
                remembered.put(path, contents);
            }
        }
        List<String> violations = finish(turn.object, calls);
        if (!violations.isEmpty()) {
            tally.violated(violations);
            tally.history(name + "-" + turn.number, String.valueOf(turn.object));
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
            finish(turn, calls);
        } catch (CallFailure e) {
            synchronized (this) {
                leftBehind.add(turn);
            }
        }
    }
}

package io.pathkeeper.it.fault.workload;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.observe.Observation;
import io.pathkeeper.client.observe.ObserveRequest;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.it.fault.check.ObserverHistory;
import io.pathkeeper.it.fault.check.ObserverTrace;
import io.pathkeeper.it.fault.workload.ObservationForm.Start;
import io.pathkeeper.it.fault.workload.StoreCalls.Seen;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One client that changes a subtree, and observers of it: two that observe from beginning to end, one of them through the Java client and one from server to server,
 * and others that come and go: from now, from old and from future revisions, with the initial state, filtered, slow, and over connections that break.
 */
final class ObserverWorkload implements Workload {
    /** The subtree. */
    static final String ROOT = "/observers";

    private static final int WRITER = 0;
    private static final int LIBRARY = 1;
    private static final int FROM_SERVER_TO_SERVER = 2;
    private static final int CLIENTS = 8;
    private static final Duration MOVE_AFTER = Duration.ofSeconds(20);

    private final int writesPerSecond;
    private final ObserverHistory history = new ObserverHistory();
    private final Tally tally = new Tally();
    private final AtomicLong newest = new AtomicLong();
    private @Nullable Servers servers;
    private long first;

    ObserverWorkload(int writesPerSecond) {
        this.writesPerSecond = writesPerSecond;
    }

    @Override
    public String name() {
        return "observers";
    }

    @Override
    public int clients() {
        return CLIENTS;
    }

    @Override
    public void prepare(Servers all) {
        servers = all;
        try (StoreCalls calls = new LibraryCalls(all)) {
            first = calls.create(ROOT, 0L).revision() + 1;
            newest.set(first);
        }
    }

    @Override
    public void run(int client, SplittableRandom dice, BooleanSupplier stopping) throws InterruptedException {
        Servers all = prepared();
        if (client == WRITER) {
            try (StoreCalls calls = new LibraryCalls(all)) {
                SubtreeWriter writer = new SubtreeWriter(calls, history, tally, newest);
                long paceNanos = TimeUnit.SECONDS.toNanos(1) / writesPerSecond;
                while (!stopping.getAsBoolean()) {
                    all.pace().await();
                    writer.change(dice);
                    TimeUnit.NANOSECONDS.sleep(paceNanos); // the pace of the writes
                }
            }
            return;
        }
        if (client == LIBRARY) {
            observeByLibrary(all, stopping);
            return;
        }
        PinnedObserver observer = new PinnedObserver(all.stubs(), history, tally);
        if (client == FROM_SERVER_TO_SERVER) {
            ObservationForm whole = new ObservationForm(
                    "from server to server", Start.old(first), ObservationForm.EVERYTHING, Duration.ZERO);
            observer.follow(whole, MOVE_AFTER, new CatchUp(stopping, newest::get, observer::next));
            return;
        }
        for (int number = 0; !stopping.getAsBoolean(); number++) {
            ObservationForm form = ObservationForm.any("observer " + client + "." + number, dice, first, newest.get());
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500 + dice.nextInt(15_000));
            Duration moveAfter = Duration.ofMillis(200 + dice.nextInt(8_000));
            observer.observe(
                    form,
                    moveAfter,
                    new CatchUp(stopping, newest::get, observer::next, () -> System.nanoTime() - end > 0));
        }
    }

    /** Observes from beginning to end through the Java client. */
    private void observeByLibrary(Servers all, BooleanSupplier stopping) throws InterruptedException {
        try (PathkeeperClient client = PathkeeperClient.builder()
                .servers(all.addresses().toArray(String[]::new))
                .build()) {
            LibraryObserver observer = new LibraryObserver("Java client", first, history, tally);
            ObserveRequest request =
                    ObserveRequest.subtree(ROOT).startRevision(first).progressWhenQuiet(true);
            try (Observation observation = client.observe(request, observer)) {
                CatchUp end = new CatchUp(stopping, newest::get, observer::next);
                while (!end.getAsBoolean() && !observation.ended().isDone()) {
                    TimeUnit.MILLISECONDS.sleep(100); // the observation runs on threads of its own
                }
                observer.end(end.due());
            }
        }
    }

    private Servers prepared() {
        if (servers == null) {
            throw new IllegalStateException("not prepared");
        }
        return servers;
    }

    /** Behind the last change, an observer from the beginning and one with the initial state are told the same by every server, and reads of every server find the same. */
    @Override
    public Findings check() throws InterruptedException {
        Servers all = prepared();
        long last;
        try (StoreCalls calls = new LibraryCalls(all)) {
            last = calls.set(ROOT, 1L);
        }
        for (int server = 0; server < all.stubs().size(); server++) {
            PinnedObserver observer = new PinnedObserver(all.stubs().subList(server, server + 1), history, tally);
            ObservationForm form = new ObservationForm(
                    "last look at server " + (server + 1), Start.state(), ObservationForm.EVERYTHING, Duration.ZERO);
            ObserverTrace trace = observer.observeUntil(form, last);
            tree(all.stubs().get(server), last);
            if (trace.next() <= last) {
                tally.violated(List.of("server " + (server + 1) + " did not show the state of " + last));
            }
        }
        tally.violated(history.violations());
        return tally.findings(name());
    }

    private void tree(ServerStubs server, long revision) {
        Map<String, Long> values = new HashMap<>();
        StoreCalls calls = new PinnedCalls(server);
        for (List<String> paths : SubtreeWriter.paths()) {
            List<Seen> seen = calls.getAll(paths, false);
            for (int i = 0; i < paths.size(); i++) {
                if (seen.get(i).found()) {
                    values.put(paths.get(i), seen.get(i).number());
                }
            }
        }
        history.tree(server.address(), revision, values);
    }

    @Override
    public void close() {
        // every client closes what it opened
    }
}

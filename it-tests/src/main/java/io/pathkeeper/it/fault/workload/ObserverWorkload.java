package io.pathkeeper.it.fault.workload;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.observe.Observation;
import io.pathkeeper.client.observe.ObserveRequest;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.it.fault.check.ObserverHistory;
import io.pathkeeper.it.fault.check.ObserverTrace;
import io.pathkeeper.it.fault.workload.ObservationForm.Start;
import io.pathkeeper.it.fault.workload.StoreCalls.Seen;
import io.pathkeeper.v1.SyncRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One client that changes a subtree, and observers of it: two that observe from beginning to end, one of them through the Java client and one from server to server,
 * and others that come and go: from now, from old and from future revisions, with the initial state, filtered, slow, stalling, and over connections that break.
 */
final class ObserverWorkload implements Workload {
    /** The subtree. */
    static final String ROOT = "/observers";

    private static final int WRITER = 0;
    private static final int LIBRARY = 1;
    private static final int FROM_SERVER_TO_SERVER = 2;
    private static final int STALLING = 3;
    private static final int CLIENTS = 9;
    private static final int WINDOW_BYTES = 65_535;

    /** Time in which every form has its turn, whatever the dice say. */
    private static final Duration LONG = Duration.ofMinutes(5);

    private static final Duration STALLING_LIMIT = Duration.ofMinutes(10);
    private static final List<String> WANTED = Stream.concat(
                    ObservationForm.LABELS.stream(), Stream.of(FormCounts.RESUMED, FormCounts.FRAGMENTS))
            .toList();
    private static final Duration SYNC_LIMIT = Duration.ofSeconds(30);
    private static final Duration MOVE_AFTER = Duration.ofSeconds(20);

    private final int writesPerSecond;
    private final ObserverHistory history = new ObserverHistory();
    private final Tally tally = new Tally();
    private final AtomicLong newest = new AtomicLong();
    private final FormCounts counts = new FormCounts();
    private final EventDelays delays = new EventDelays();
    private @Nullable Servers servers;
    private long begunNanos;
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
        begunNanos = System.nanoTime();
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
                SubtreeWriter writer = new SubtreeWriter(calls, history, tally, newest, delays);
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
        if (client == STALLING) {
            observeStalling(all, dice, stopping);
            return;
        }
        PinnedObserver observer = observer(all.stubs());
        if (client == FROM_SERVER_TO_SERVER) {
            ObservationForm whole = new ObservationForm(
                    "from server to server", Start.old(first), ObservationForm.EVERYTHING, Duration.ZERO, false);
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

    private PinnedObserver observer(List<ServerStubs> stubs) {
        return new PinnedObserver(stubs, prepared().keepHistory(), newest::get, history, tally, counts, delays);
    }

    /** Observes one server for minutes and takes so little that the server has to wait, over a connection of its own. */
    private void observeStalling(Servers all, SplittableRandom dice, BooleanSupplier stopping)
            throws InterruptedException {
        for (int number = 0; !stopping.getAsBoolean(); number++) {
            String address = all.addresses().get(dice.nextInt(all.addresses().size()));
            ObservationForm form = new ObservationForm(
                    "stalling observer " + number,
                    dice.nextBoolean() ? Start.now() : Start.state(),
                    ObservationForm.EVERYTHING,
                    Duration.ofMillis(1_000 + dice.nextInt(3_000)),
                    dice.nextBoolean());
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60 + dice.nextInt(120));
            try (ServerStubs stubs = new ServerStubs(address, WINDOW_BYTES)) {
                PinnedObserver observer = observer(List.of(stubs));
                observer.observe(
                        form,
                        STALLING_LIMIT,
                        new CatchUp(stopping, newest::get, observer::next, () -> System.nanoTime() - end > 0));
            }
        }
    }

    /** Observes from beginning to end through the Java client. */
    private void observeByLibrary(Servers all, BooleanSupplier stopping) throws InterruptedException {
        try (PathkeeperClient client = PathkeeperClient.builder()
                .servers(all.addresses().toArray(String[]::new))
                .build()) {
            LibraryObserver observer = new LibraryObserver("Java client", first, history, tally, counts, delays);
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
            PinnedObserver observer = observer(all.stubs().subList(server, server + 1));
            ObservationForm form = new ObservationForm(
                    "last look at server " + (server + 1),
                    Start.state(),
                    ObservationForm.EVERYTHING,
                    Duration.ZERO,
                    false);
            ObserverTrace trace = observer.observeUntil(form, last);
            tree(all.stubs().get(server), last);
            if (trace.next() <= last) {
                tally.violated(List.of("server " + (server + 1) + " did not show the state of " + last));
            }
        }
        tally.violated(history.violations());
        if (System.nanoTime() - begunNanos > LONG.toNanos()) {
            counts.missing(WANTED).forEach(form -> tally.violated(List.of("there was no observation " + form)));
        }
        return tally.findings(name());
    }

    @Override
    public List<String> notes() {
        return List.of("observations: " + counts, delays.toString());
    }

    /** What a server has by itself: a read that the leader confirms would not show a server that applied something else. */
    private void tree(ServerStubs server, long revision) {
        server.store(SYNC_LIMIT).sync(SyncRequest.getDefaultInstance());
        Map<String, Long> values = new HashMap<>();
        StoreCalls calls = new PinnedCalls(server);
        for (List<String> paths : SubtreeWriter.paths()) {
            List<Seen> seen = calls.getAll(paths, true);
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

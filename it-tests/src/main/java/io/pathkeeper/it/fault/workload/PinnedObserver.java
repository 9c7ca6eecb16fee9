package io.pathkeeper.it.fault.workload;

import static io.pathkeeper.it.fault.workload.PinnedCalls.number;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.it.fault.check.ObservedEvent;
import io.pathkeeper.it.fault.check.ObservedEvent.Kind;
import io.pathkeeper.it.fault.check.ObserverHistory;
import io.pathkeeper.it.fault.check.ObserverTrace;
import io.pathkeeper.it.fault.workload.ObservationForm.Start;
import io.pathkeeper.v1.Event;
import io.pathkeeper.v1.ObserveEvents;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.Znode;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Observes by streams to one server after the other: each goes on where the one before broke off. Used by one thread. */
final class PinnedObserver {
    private static final Duration LAST_LOOK = Duration.ofSeconds(60);

    /** How long one server is asked when the run is over. */
    private static final Duration AT_THE_END = Duration.ofSeconds(20);

    /** So many revisions are kept by default, whatever their age; acknowledged are a few less than there are. */
    static final long KEPT_REVISIONS = 100_000 - 2_000;

    private final List<ServerStubs> servers;
    private final boolean keepHistory;
    private final LongSupplier newest;
    private final ObserverHistory history;
    private final Tally tally;
    private final FormCounts counts;
    private final EventDelays delays;
    private ObservationForm form =
            new ObservationForm("nobody", Start.now(), ObservationForm.EVERYTHING, Duration.ZERO, false);
    private ObserverTrace trace = form.trace();
    private boolean following;
    private int server;

    /**
     * An observer.
     *
     * @param keepHistory whether the servers keep as much history as they do by default
     * @param newest the newest revision that is known
     */
    PinnedObserver(
            List<ServerStubs> servers,
            boolean keepHistory,
            LongSupplier newest,
            ObserverHistory history,
            Tally tally,
            FormCounts counts,
            EventDelays delays) {
        this.servers = servers;
        this.keepHistory = keepHistory;
        this.newest = newest;
        this.history = history;
        this.tally = tally;
        this.counts = counts;
        this.delays = delays;
    }

    /** The first revision of which it was told nothing yet. */
    long next() {
        return trace.next();
    }

    /**
     * Observes until it may stop, or until a server says that its history does not reach back.
     *
     * @param moveAfter time after which a stream is given up and the next server is asked
     */
    void observe(ObservationForm wanted, Duration moveAfter, CatchUp end) throws InterruptedException {
        begin(wanted);
        while (!end.getAsBoolean() && attempt(moveAfter, end)) {
            server = (server + 1) % servers.size();
        }
        close(end);
    }

    /** Observes until it may stop; begins anew, with the state, when no history reaches back. */
    void follow(ObservationForm wanted, Duration moveAfter, CatchUp end) throws InterruptedException {
        following = true;
        begin(wanted);
        while (!end.getAsBoolean()) {
            if (!attempt(moveAfter, end)) {
                finish();
                begin(form.from(Start.state()));
            }
            server = (server + 1) % servers.size();
        }
        close(end);
    }

    /** Observes the first server until it has told of everything up to a revision; whether it did shows the trace. */
    ObserverTrace observeUntil(ObservationForm wanted, long revision) throws InterruptedException {
        CatchUp end = new CatchUp(() -> true, () -> revision, this::next);
        begin(wanted);
        attempt(LAST_LOOK, end);
        finish();
        return trace;
    }

    private void begin(ObservationForm wanted) {
        form = wanted;
        trace = wanted.trace();
    }

    private void close(CatchUp end) {
        trace.due(end.due());
        finish();
    }

    private void finish() {
        history.add(trace);
        if (trace.isStanding()) {
            form.labels().forEach(counts::count);
        }
    }

    /** What it missed is lost: from now on it is an observer with the state. */
    private void reset(long revision) {
        if (!form.resync()) {
            tally.violated(List.of(form.name() + ": a reset to " + revision + " that was not asked for"));
        }
        counts.count(FormCounts.RESETS);
        lost("a reset to " + revision);
        trace.reset(revision);
        finish();
        begin(form.from(Start.state()));
        trace.created(revision + 1);
    }

    /**
     * The servers say that the history no longer has what this observer needs. That may be without a pause of its own when it began at a server that had been
     * wiped: "from now" is from nothing there, until that server has taken over the others' state.
     */
    private void lost(String how) {
        long behind = trace.next() - 1;
        if (keepHistory && form.pause().isZero() && newest.getAsLong() - behind < KEPT_REVISIONS) {
            tally.violated(List.of(form.name() + ": " + how + " behind " + behind + " of " + newest.getAsLong()
                    + ", though the history is long and this observer not slow"));
        }
    }

    /** Observes one server; false when it refused to go on. */
    private boolean attempt(Duration moveAfter, CatchUp end) throws InterruptedException {
        boolean goesOn = true;
        if (trace.isStanding()) {
            counts.count(FormCounts.RESUMED);
        }
        servers.get(server).reconnectNow();
        try {
            stream(end.isEnding() ? AT_THE_END : moveAfter, end);
        } catch (StatusRuntimeException e) {
            goesOn = goesOn(e);
        }
        trace.broken();
        if (!trace.isStanding()) {
            history.add(trace); // what was told of a state is forgotten
            trace = form.trace();
        }
        TimeUnit.MILLISECONDS.sleep(20); // a pace for servers that refuse at once
        return goesOn;
    }

    private void stream(Duration limit, CatchUp end) throws InterruptedException {
        Iterator<ObserveResponse> frames = servers.get(server)
                .observations(limit)
                .withWaitForReady()
                .observe(form.request(
                        trace.isStanding() ? trace.next() : form.start().revision()));
        while (!end.getAsBoolean()) {
            if (!frames.hasNext()) {
                tally.violated(List.of(form.name() + ": the stream ended without a reason"));
                return;
            }
            ObserveResponse frame = frames.next();
            if (frame.hasReset()) {
                reset(frame.getReset().getRevision());
            } else {
                frame(trace, frame);
                note(frame.getEvents());
            }
            tally.told();
            if (!end.isEnding()) {
                TimeUnit.NANOSECONDS.sleep(form.pause().toNanos());
            }
        }
    }

    /** How late it was told, when it is one that follows. */
    private void note(ObserveEvents events) {
        if (events.getMore()) {
            counts.count(FormCounts.FRAGMENTS);
        }
        if (following) {
            events.getEventsList().stream()
                    .filter(Event::hasData)
                    .forEach(event -> delays.told(number(event.getData())));
        }
    }

    /** Notes what a server sent; the top of the subtree is not looked at. */
    static void frame(ObserverTrace trace, ObserveResponse response) {
        switch (response.getFrameCase()) {
            case CREATED -> trace.created(response.getCreated().getStartRevision());
            case EXISTING -> {
                for (Znode znode : response.getExisting().getZnodesList()) {
                    if (!znode.getPath().equals(ObserverWorkload.ROOT)) {
                        trace.existing(znode.getPath(), number(znode.getData()));
                    }
                }
            }
            case SYNCED -> trace.synced(response.getSynced().getRevision());
            case EVENTS -> events(trace, response.getEvents());
            case PROGRESS -> trace.progress(response.getProgress().getRevision());
            default -> throw new IllegalStateException("a frame that was not asked for: " + response);
        }
    }

    private static void events(ObserverTrace trace, ObserveEvents events) {
        // a server that was behind at the beginning tells of the making of the top, too
        List<Event> below = events.getEventsList().stream()
                .filter(event -> !event.getPath().equals(ObserverWorkload.ROOT))
                .toList();
        trace.events(
                events.getRevision(), below.stream().map(PinnedObserver::event).toList(), events.getMore());
        for (Event event : below) {
            trace.previous(
                    event(event),
                    event.hasPrevious() ? number(event.getPrevious().getData()) : null);
        }
    }

    private static ObservedEvent event(Event event) {
        Kind kind = switch (event.getType()) {
            case EVENT_TYPE_CREATED -> Kind.CREATED;
            case EVENT_TYPE_UPDATED -> Kind.UPDATED;
            case EVENT_TYPE_DELETED -> Kind.DELETED;
            default -> throw new IllegalStateException("an event that was not asked for: " + event);
        };
        long value = kind == Kind.DELETED ? 0 : number(event.getData());
        return new ObservedEvent(event.getRevision(), event.getPath(), kind, value);
    }

    private boolean goesOn(StatusRuntimeException error) {
        boolean broken = isBroken(error);
        if (error.getStatus().getCode() != Status.Code.DEADLINE_EXCEEDED) {
            tally.failed(new CallFailure(!broken, ServerStubs.reasonOf(error), error));
        }
        if (!broken) {
            counts.count(FormCounts.REFUSED);
            lost("refused with " + ServerStubs.reasonOf(error));
            wrongRefusal(error, trace.isStanding() ? trace.next() : form.start().revision())
                    .ifPresent(wrong -> tally.violated(List.of(form.name() + ": " + wrong)));
        }
        return broken;
    }

    /**
     * What is wrong with a refusal. Only a history that no longer has what is asked for is a reason, and an initial state that was taken too slowly.
     *
     * @param needed first revision that the observer was not told of; 0: from now on
     */
    static Optional<String> wrongRefusal(StatusRuntimeException error, long needed) {
        Map<String, String> metadata = ServerStubs.metadataOf(error);
        boolean right = switch (ServerStubs.reasonOf(error)) {
            case "REVISION_COMPACTED" -> isGone(metadata, needed);
            case "SLOW_CONSUMER" -> metadata.containsKey("limit_ms") || isGone(metadata, needed);
            default -> false;
        };
        return right
                ? Optional.empty()
                : Optional.of("refused at " + needed + ": " + error.getStatus() + " " + new TreeMap<>(metadata));
    }

    /** Whether the history begins behind what the server says to have sent next, which is nothing that the observer has. */
    private static boolean isGone(Map<String, String> metadata, long needed) {
        long lost = Long.parseLong(metadata.getOrDefault("revision", "0"));
        return lost >= needed && Long.parseLong(metadata.getOrDefault("oldest_revision", "0")) > lost;
    }

    /** Whether the stream merely broke, so that it can be resumed; otherwise it was refused. */
    private static boolean isBroken(StatusRuntimeException error) {
        return switch (error.getStatus().getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, UNKNOWN, INTERNAL -> true;
            default -> false;
        };
    }
}

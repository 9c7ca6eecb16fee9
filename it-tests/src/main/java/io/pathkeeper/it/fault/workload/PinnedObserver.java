package io.pathkeeper.it.fault.workload;

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
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Observes by streams to one server after the other: each goes on where the one before broke off. Used by one thread. */
final class PinnedObserver {
    private static final Duration LAST_LOOK = Duration.ofSeconds(60);

    private final List<ServerStubs> servers;
    private final ObserverHistory history;
    private final Tally tally;
    private int next;

    PinnedObserver(List<ServerStubs> servers, ObserverHistory history, Tally tally) {
        this.servers = servers;
        this.history = history;
        this.tally = tally;
    }

    /**
     * Observes until it shall stop, or until a server says that its history does not reach back.
     *
     * @param moveAfter time after which a stream is given up and the next server is asked
     */
    void observe(ObservationForm form, Duration moveAfter, BooleanSupplier stopping) throws InterruptedException {
        ObserverTrace trace = trace(form);
        observe(trace, form, moveAfter, stopping);
        history.add(trace);
    }

    /** Observes as long as the run goes on, and then until it was told of all that was acknowledged; begins anew when no history reaches back. */
    void follow(ObservationForm form, Duration moveAfter, BooleanSupplier stopping, LongSupplier newest)
            throws InterruptedException {
        ObservationForm next = form;
        while (!stopping.getAsBoolean()) {
            ObserverTrace trace = trace(next);
            CatchUp end = new CatchUp(stopping, newest, trace::next);
            observe(trace, next, moveAfter, end);
            trace.due(end.due());
            history.add(trace);
            next = new ObservationForm(form.name(), Start.now(), form.filter(), form.pause());
        }
    }

    private void observe(ObserverTrace trace, ObservationForm form, Duration moveAfter, BooleanSupplier stopping)
            throws InterruptedException {
        boolean goesOn = true;
        while (goesOn && !stopping.getAsBoolean()) {
            try {
                stream(form, trace, moveAfter, stopping);
            } catch (StatusRuntimeException e) {
                goesOn = goesOn(e);
            }
            trace.broken();
            goesOn &= trace.isStanding() || !form.start().withState();
            next = (next + 1) % servers.size();
            TimeUnit.MILLISECONDS.sleep(20); // a pace for servers that refuse at once
        }
    }

    /** Observes the one server until it has told of everything up to a revision; whether it did shows the trace. */
    ObserverTrace observeUntil(ObservationForm form, long revision) {
        ObserverTrace trace = trace(form);
        try {
            stream(form, trace, LAST_LOOK, () -> trace.isStanding() && trace.next() > revision);
        } catch (StatusRuntimeException e) {
            tally.failed(new CallFailure(!isBroken(e), ServerStubs.reasonOf(e), e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        history.add(trace);
        return trace;
    }

    private static ObserverTrace trace(ObservationForm form) {
        return new ObserverTrace(
                form.name(), form.filter().matches(), form.start().withState());
    }

    private void stream(ObservationForm form, ObserverTrace trace, Duration limit, BooleanSupplier stopping)
            throws InterruptedException {
        long start = trace.isStanding() ? trace.next() : form.start().revision();
        Iterator<ObserveResponse> frames =
                servers.get(next).observations(limit).withWaitForReady().observe(form.request(start));
        while (!stopping.getAsBoolean() && frames.hasNext()) {
            frame(trace, frames.next());
            tally.told();
            TimeUnit.NANOSECONDS.sleep(form.pause().toNanos());
        }
    }

    /** Notes what a server sent; the top of the subtree is not looked at. */
    static void frame(ObserverTrace trace, ObserveResponse response) {
        switch (response.getFrameCase()) {
            case CREATED -> trace.created(response.getCreated().getStartRevision());
            case EXISTING -> {
                for (Znode znode : response.getExisting().getZnodesList()) {
                    if (!znode.getPath().equals(ObserverWorkload.ROOT)) {
                        trace.existing(
                                znode.getPath(), znode.getData().getValue().getIntValue());
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
                    event.hasPrevious()
                            ? event.getPrevious().getData().getValue().getIntValue()
                            : null);
        }
    }

    private static ObservedEvent event(Event event) {
        Kind kind = switch (event.getType()) {
            case EVENT_TYPE_CREATED -> Kind.CREATED;
            case EVENT_TYPE_UPDATED -> Kind.UPDATED;
            case EVENT_TYPE_DELETED -> Kind.DELETED;
            default -> throw new IllegalStateException("an event that was not asked for: " + event);
        };
        long value = kind == Kind.DELETED ? 0 : event.getData().getValue().getIntValue();
        return new ObservedEvent(event.getRevision(), event.getPath(), kind, value);
    }

    private boolean goesOn(StatusRuntimeException error) {
        boolean broken = isBroken(error);
        if (error.getStatus().getCode() != Status.Code.DEADLINE_EXCEEDED) {
            tally.failed(new CallFailure(!broken, ServerStubs.reasonOf(error), error));
        }
        return broken;
    }

    /** Whether the stream merely broke, so that it can be resumed; otherwise it was refused. */
    private static boolean isBroken(StatusRuntimeException error) {
        return switch (error.getStatus().getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, UNKNOWN, INTERNAL -> true;
            default -> false;
        };
    }
}

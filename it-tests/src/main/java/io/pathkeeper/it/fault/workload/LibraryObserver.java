package io.pathkeeper.it.fault.workload;

import static io.pathkeeper.it.fault.workload.LibraryCalls.number;

import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.client.observe.Event;
import io.pathkeeper.client.observe.EventType;
import io.pathkeeper.client.observe.ObserveFrame;
import io.pathkeeper.client.observe.ObserveListener;
import io.pathkeeper.it.fault.check.ObservedEvent;
import io.pathkeeper.it.fault.check.ObservedEvent.Kind;
import io.pathkeeper.it.fault.check.ObserverHistory;
import io.pathkeeper.it.fault.check.ObserverTrace;
import io.pathkeeper.it.fault.check.ObserverTrace.Wanted;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records what the Java client tells a listener; behind a reset a new trace begins. Called by threads of the client; ended from any. */
final class LibraryObserver implements ObserveListener {
    private final String name;
    private final ObserverHistory history;
    private final Tally tally;
    private final FormCounts counts;
    private final EventDelays delays;
    private ObserverTrace trace;
    private boolean ended;

    /**
     * An observer.
     *
     * @param asked first revision that it asks for
     */
    LibraryObserver(
            String name, long asked, ObserverHistory history, Tally tally, FormCounts counts, EventDelays delays) {
        this.name = name;
        this.history = history;
        this.tally = tally;
        this.counts = counts;
        this.delays = delays;
        this.trace = new ObserverTrace(name, asked, Wanted.EVERYTHING, false);
    }

    @Override
    public synchronized void onCreated(ObserveFrame.Created created) {
        if (!ended) {
            trace.created(created.revision());
        }
    }

    @Override
    public synchronized void onExisting(ObserveFrame.Existing existing) {
        if (!ended) {
            for (Znode znode : existing.znodes()) {
                if (!znode.path().equals(ObserverWorkload.ROOT)) {
                    trace.existing(znode.path(), number(znode.value()));
                }
            }
        }
    }

    @Override
    public synchronized void onSynced(ObserveFrame.Synced synced) {
        if (!ended) {
            trace.synced(synced.revision());
        }
    }

    @Override
    public synchronized void onEvents(ObserveFrame.Events events) {
        if (!ended) {
            trace.events(
                    events.revision(),
                    events.events().stream()
                            .filter(event -> !event.path().equals(ObserverWorkload.ROOT))
                            .map(LibraryObserver::event)
                            .toList(),
                    false);
            events.events().forEach(event -> delays.told(number(event.value())));
            tally.told();
        }
    }

    @Override
    public synchronized void onProgress(ObserveFrame.Progress progress) {
        if (!ended) {
            trace.progress(progress.revision());
        }
    }

    @Override
    public synchronized void onReset(ObserveFrame.Reset reset) {
        if (!ended) {
            counts.count(FormCounts.RESETS);
            trace.reset(reset.revision());
            history.add(trace);
            trace = new ObserverTrace(name + " behind the reset at " + reset.revision(), 0, Wanted.EVERYTHING, true);
            trace.created(reset.revision() + 1);
        }
    }

    @Override
    public synchronized void onEnd(@Nullable PathkeeperException error) {
        if (error != null && !ended) {
            tally.violated(List.of(name + " was ended: " + error));
        }
    }

    /** The first revision of which it was told nothing yet. */
    synchronized long next() {
        return trace.next();
    }

    /** Takes down what was told, which must be everything up to a revision. */
    synchronized void end(long due) {
        ended = true;
        trace.due(due);
        history.add(trace);
    }

    private static ObservedEvent event(Event event) {
        Kind kind = event.type() == EventType.CREATED
                ? Kind.CREATED
                : event.type() == EventType.UPDATED ? Kind.UPDATED : Kind.DELETED;
        long value = kind == Kind.DELETED ? 0 : number(event.value());
        return new ObservedEvent(event.revision(), event.path(), kind, value);
    }
}

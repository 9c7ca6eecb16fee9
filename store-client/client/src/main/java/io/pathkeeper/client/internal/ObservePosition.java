package io.pathkeeper.client.internal;

import io.pathkeeper.client.model.Znode;
import io.pathkeeper.client.observe.Event;
import io.pathkeeper.client.observe.ObserveFrame;
import io.pathkeeper.client.observe.ObserveRequest;
import io.pathkeeper.v1.ObserveResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far an observation has come: decides what of a stream is told to the observer and where the next stream starts. Plain state of one
 * observation, owned by its sequence of callbacks; knows no connection.
 *
 * <p>Invariant: every revision at or below {@code position} was told wholly, nothing above it was told at all, unless a state is being told
 * ({@code stateUntold}).
 */
final class ObservePosition {
    private final ObserveRequest request;
    private final List<Event> fragments = new ArrayList<>();
    private boolean created;
    /** A whole state is due: the first one, or the one behind a reset. */
    private boolean stateUntold;

    private boolean stateBegun;
    /** The state began anew on another stream: the observer must forget what it was told of it. */
    private boolean forget;

    private long fragmentsRevision;
    private volatile long position;

    ObservePosition(ObserveRequest request) {
        this.request = request;
        this.stateUntold = request.initialState();
    }

    /** The revision up to which everything was told. */
    long position() {
        return position;
    }

    boolean isCreated() {
        return created;
    }

    /**
     * The request for a new stream.
     *
     * @param seenRevision the newest revision that the client knows of; the start must not lie before it
     */
    io.pathkeeper.v1.ObserveRequest nextRequest(long seenRevision) {
        io.pathkeeper.v1.ObserveRequest.Builder next = ObserveProto.request(request).toBuilder();
        if (stateUntold) {
            next.setStartRevision(0).setInitialState(true);
        } else if (created) {
            next.setStartRevision(position + 1).setInitialState(false);
        }
        if (next.getStartRevision() == 0) {
            next.setMinRevision(Math.max(seenRevision, position));
        }
        return next.build();
    }

    /** The stream is gone; what it had begun to tell is forgotten. */
    void streamBroken() {
        fragments.clear();
        forget = stateUntold && stateBegun;
    }

    /**
     * Takes what the server sent and adds what the observer is told to the list.
     *
     * @return false when the stream breaks its own promises and cannot be trusted
     */
    boolean take(ObserveResponse response, List<ObserveFrame> frames) {
        switch (response.getFrameCase()) {
            case CREATED -> created(response.getCreated().getStartRevision(), frames);
            case EVENTS -> {
                return events(response.getEvents(), frames);
            }
            case EXISTING -> existing(response.getExisting(), frames);
            case SYNCED -> synced(response.getSynced().getRevision(), frames);
            case PROGRESS -> {
                long revision = response.getProgress().getRevision();
                if (!fragments.isEmpty()) {
                    return false;
                }
                if (!stateUntold && revision > position) {
                    position = revision;
                    frames.add(new ObserveFrame.Progress(revision));
                } else if (!stateUntold && revision == position) {
                    frames.add(new ObserveFrame.Progress(revision));
                }
            }
            case RESET -> {
                fragments.clear();
                stateUntold = true;
                stateBegun = true;
                forget = false;
                frames.add(new ObserveFrame.Reset(
                        response.getReset().getRevision(), response.getReset().getCause()));
            }
            case FRAME_NOT_SET -> {
                // A frame of a kind that this version does not know tells nothing that was asked for.
            }
        }
        return true;
    }

    private void created(long startRevision, List<ObserveFrame> frames) {
        if (!created) {
            created = true;
            if (!stateUntold) {
                position = Math.max(0, startRevision - 1);
            }
            frames.add(new ObserveFrame.Created(startRevision));
        }
    }

    private boolean events(io.pathkeeper.v1.ObserveEvents events, List<ObserveFrame> frames) {
        long revision = events.getRevision();
        boolean inside = !fragments.isEmpty();
        if (stateUntold || (inside && revision != fragmentsRevision)) {
            return false;
        }
        if (revision <= position) {
            return true;
        }
        fragmentsRevision = revision;
        events.getEventsList().forEach(event -> fragments.add(ObserveProto.event(event, request.view())));
        if (!events.getMore()) {
            frames.add(new ObserveFrame.Events(revision, fragments));
            fragments.clear();
            position = revision;
        }
        return true;
    }

    private void existing(io.pathkeeper.v1.ObserveExisting existing, List<ObserveFrame> frames) {
        begin(existing.getRevision(), frames);
        boolean full = request.view() == io.pathkeeper.client.observe.ObserveView.VALUE;
        List<Znode> znodes = existing.getZnodesList().stream()
                .map(znode -> FromProto.znode(znode, full, existing.getRevision()))
                .toList();
        frames.add(new ObserveFrame.Existing(existing.getRevision(), znodes));
    }

    private void synced(long revision, List<ObserveFrame> frames) {
        begin(revision, frames);
        stateUntold = false;
        stateBegun = false;
        position = revision;
        frames.add(new ObserveFrame.Synced(revision));
    }

    private void begin(long revision, List<ObserveFrame> frames) {
        if (forget) {
            forget = false;
            frames.add(new ObserveFrame.Reset(revision, "reconnect"));
        }
        stateBegun = true;
    }

    /** Whether the events of one revision were begun and not ended: more must be asked for whatever the observer wants. */
    boolean isInside() {
        return !fragments.isEmpty();
    }

    @Override
    public @Nullable String toString() {
        return "position " + position + (stateUntold ? ", state due" : "");
    }
}

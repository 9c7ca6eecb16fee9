package io.pathkeeper.client.observe;

import io.pathkeeper.client.model.Znode;
import java.util.List;

/**
 * A frame of an observation. The order is: {@link Created}, then (with initial state) {@link Existing}* and {@link Synced}, then
 * {@link Events} and {@link Progress} in the order of their revisions. {@link Reset} may come at any time, followed by
 * {@code Existing}* and {@code Synced}. Reconnections are not seen: no revision comes twice and none is left out.
 */
public sealed interface ObserveFrame {
    /** Returns the revision that the frame is about. */
    long revision();

    /**
     * The observation stands. Comes once, first.
     *
     * @param revision events come from this revision on
     */
    record Created(long revision) implements ObserveFrame {}

    /**
     * All matching changes of one revision.
     *
     * @param revision the revision
     * @param events the changes in the order in which they were made
     */
    record Events(long revision, List<Event> events) implements ObserveFrame {
        /** Copies the list. */
        public Events {
            events = List.copyOf(events);
        }
    }

    /**
     * A part of the state of the targets.
     *
     * @param revision the revision of the whole state
     * @param znodes znodes as they are at that revision
     */
    record Existing(long revision, List<Znode> znodes) implements ObserveFrame {
        /** Copies the list. */
        public Existing {
            znodes = List.copyOf(znodes);
        }
    }

    /**
     * The state of the targets is complete.
     *
     * @param revision its revision; the next events have higher ones
     */
    record Synced(long revision) implements ObserveFrame {}

    /**
     * Everything up to a revision was told.
     *
     * @param revision no event at or below it follows
     */
    record Progress(long revision) implements ObserveFrame {}

    /**
     * The history no longer had what this observer has missed: forget what you know, {@link Existing} frames and {@link Synced}
     * follow.
     *
     * @param revision the revision of the state that follows
     * @param cause why: {@code history}, {@code restore}, {@code snapshot}, or {@code reconnect} when the connection broke before the
     *     first state was complete
     */
    record Reset(long revision, String cause) implements ObserveFrame {}
}

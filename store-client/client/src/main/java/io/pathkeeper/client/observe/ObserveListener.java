package io.pathkeeper.client.observe;

import io.pathkeeper.client.error.PathkeeperException;
import org.jspecify.annotations.Nullable;

/**
 * Takes the frames of an observation. Called by one callback thread at a time, in order. A listener that is slow slows down only
 * its own observation; an exception that it throws ends the observation and is given to {@link #onEnd}.
 */
public interface ObserveListener {
    /** The observation stands. */
    default void onCreated(ObserveFrame.Created created) {}

    /** All matching changes of one revision. */
    void onEvents(ObserveFrame.Events events);

    /** A part of the state of the targets. */
    default void onExisting(ObserveFrame.Existing existing) {}

    /** The state of the targets is complete. */
    default void onSynced(ObserveFrame.Synced synced) {}

    /** Everything up to a revision was told. */
    default void onProgress(ObserveFrame.Progress progress) {}

    /** Changes were missed: forget what you know, the whole state follows. */
    default void onReset(ObserveFrame.Reset reset) {}

    /**
     * The observation has ended; nothing follows.
     *
     * @param error why; null when it was closed, or complete because only one event was asked for
     */
    default void onEnd(@Nullable PathkeeperException error) {}
}

package io.pathkeeper.server.observe;

import io.pathkeeper.server.state.Rejection;

/**
 * The way to one observer. Port. Called on the thread of one loop; never blocks and never throws because the observer is gone.
 *
 * <p>When {@link #isReady} was false and becomes true, the transport calls {@link Subscription#signalReady()}; when the observer
 * goes away, {@link Subscription#cancel()}. It may call both from any thread, at any time.
 */
public interface ObserverTransport {
    /** Whether a frame would be sent without queueing much. */
    boolean isReady();

    /** Sends a frame. Called only after {@link #isReady} was true. */
    void send(FrameEncoder.Encoded frame);

    /** Ends the observation well. Nothing is called after this. */
    void complete();

    /** Ends the observation with a status. Nothing is called after this. May come when the transport is not ready. */
    void fail(Rejection rejection);
}

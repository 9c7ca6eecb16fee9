package io.pathkeeper.client.internal;

import io.pathkeeper.v1.KeepAliveRequest;
import io.pathkeeper.v1.KeepAliveResponse;
import io.pathkeeper.v1.RenewSessionResponse;
import io.pathkeeper.v1.SessionKey;
import org.jspecify.annotations.Nullable;

/** How keep-alives reach the servers. No method waits; events come from any thread, also from the calling one. */
interface KeepAliveLink {
    /** A stream that carries keep-alives of many sessions. */
    interface Stream {
        /** Sends a request; what happens to it is told to the listener of the stream. */
        void send(KeepAliveRequest request);

        /** Gives the stream up. */
        void cancel();
    }

    /** What comes over a stream. */
    interface StreamListener {
        /** An answer. */
        void answered(KeepAliveResponse response);

        /** The stream has ended; nothing follows. */
        void closed(Errors.WireError error);
    }

    /** Opens a stream to the server in use; null when the client is closed. */
    @Nullable
    Stream open(StreamListener listener);

    /** Keeps one session alive with one call. */
    void renew(SessionKey session, long timeoutNanos, UnaryCalls.Answered<RenewSessionResponse> then);

    /**
     * Leaves the server in use for the next one.
     *
     * @param unreachable true when it did not even answer
     */
    void leave(boolean unreachable);
}

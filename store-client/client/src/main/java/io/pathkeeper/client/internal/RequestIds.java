package io.pathkeeper.client.internal;

import io.pathkeeper.v1.RequestId;
import java.util.TreeSet;

/**
 * Numbers the calls of one client beside its pipeline that must not be carried out twice. They count under an identity of their own: what
 * the pipeline acknowledges says nothing about them. Safe for several threads.
 */
final class RequestIds {
    private final String clientId;
    private final TreeSet<Long> open = new TreeSet<>();
    private long last;

    RequestIds(String clientId) {
        this.clientId = clientId;
    }

    /** Names a new call. */
    synchronized RequestId begin() {
        long sequence = ++last;
        open.add(sequence);
        return RequestId.newBuilder()
                .setClientId(clientId)
                .setSequence(sequence)
                .setAcknowledgedBelow(open.first())
                .build();
    }

    /** Notes that the call will not be sent again. */
    synchronized void end(RequestId request) {
        open.remove(request.getSequence());
    }
}

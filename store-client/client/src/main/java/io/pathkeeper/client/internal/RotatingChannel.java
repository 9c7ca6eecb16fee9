package io.pathkeeper.client.internal;

import io.grpc.ManagedChannel;
import org.jspecify.annotations.Nullable;

/**
 * A connection to some server that works, beside the pipeline: for calls that need no order. Calls share it until one reports that it failed; then
 * the next server takes its turn, and the old connection ends when the calls on it have ended. Safe for several threads.
 */
final class RotatingChannel {
    /**
     * The connection in use.
     *
     * @param address the server
     * @param channel the connection
     */
    record Lease(String address, ManagedChannel channel) {}

    private final Transport transport;
    private final ServerDirectory directory;
    private @Nullable Lease current;
    private @Nullable String lastAddress;
    private boolean closed;

    RotatingChannel(Transport transport, ServerDirectory directory) {
        this.transport = transport;
        this.directory = directory;
    }

    /**
     * Returns the connection in use, opening one when there is none.
     *
     * @throws io.pathkeeper.client.error.ClientClosedException when the client is closed
     */
    synchronized Lease acquire() {
        if (closed) {
            throw Errors.closed(io.pathkeeper.client.error.Outcome.NOT_APPLIED);
        }
        Lease lease = current;
        if (lease == null) {
            String last = lastAddress;
            String address = last == null ? directory.candidates().get(0) : directory.after(last);
            lease = new Lease(address, transport.open(address));
            current = lease;
            lastAddress = address;
        }
        return lease;
    }

    /**
     * Notes that a call could not be carried out there.
     *
     * @param unreachable true when the server did not even answer
     */
    synchronized void failed(Lease lease, boolean unreachable) {
        if (lease.equals(current)) {
            current = null;
            if (unreachable) {
                directory.failed(lease.address());
            }
            lease.channel().shutdown();
        }
    }

    synchronized void close() {
        closed = true;
        Lease lease = current;
        if (lease != null) {
            lease.channel().shutdownNow();
        }
    }
}

package io.pathkeeper.client.internal;

import io.pathkeeper.client.AsyncStore;
import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.Store;
import io.pathkeeper.client.observe.Observation;
import io.pathkeeper.client.observe.ObserveFrame;
import io.pathkeeper.client.observe.ObserveListener;
import io.pathkeeper.client.observe.ObserveRequest;
import java.util.concurrent.Flow;

/** The client. */
public final class DefaultClient implements PathkeeperClient {
    private final ClientSettings settings;

    /** Makes a client. */
    public DefaultClient(ClientSettings settings) {
        this.settings = settings;
    }

    @Override
    public AsyncStore async() {
        throw new UnsupportedOperationException("no transport for " + settings.servers());
    }

    @Override
    public Store store() {
        throw new UnsupportedOperationException("no transport for " + settings.servers());
    }

    @Override
    public Observation observe(ObserveRequest request, ObserveListener listener) {
        throw new UnsupportedOperationException("no transport for " + settings.servers());
    }

    @Override
    public Flow.Publisher<ObserveFrame> observe(ObserveRequest request) {
        throw new UnsupportedOperationException("no transport for " + settings.servers());
    }

    @Override
    public String clientId() {
        return "";
    }

    @Override
    public long lastSeenRevision() {
        return 0;
    }

    @Override
    public void close() {}
}

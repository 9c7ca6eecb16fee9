package io.pathkeeper.client.recipe;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.error.NodeExistsException;
import io.pathkeeper.client.error.NodeNotFoundException;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.ZnodeKind;
import io.pathkeeper.client.observe.ObserveRequest;
import java.time.Duration;
import java.util.List;

/**
 * A gate that is closed while a znode exists. Needs no session: it stays closed until somebody opens it, also when whoever closed it has gone.
 *
 * <p><b>Promised:</b> {@link #await(Duration)} returns true only when the gate was open at some moment behind the call. <b>Not promised:</b> that it is
 * open still when the call has returned.
 *
 * <pre>{@code
 * Barrier barrier = new Barrier(client, "/barriers/migration");
 * barrier.set();
 * barrier.remove();
 * System.out.println(barrier.await(Duration.ofSeconds(5))); // true
 * }</pre>
 */
public final class Barrier {
    private final PathkeeperClient client;
    private final String path;

    /** Makes a barrier; whether it is set does not change. */
    public Barrier(PathkeeperClient client, String path) {
        this.client = client;
        this.path = path;
    }

    /** Closes the gate; returns false when it was closed already. */
    public boolean set() {
        try {
            CreateOptions options = CreateOptions.defaults().createParents(true).parentKind(ZnodeKind.CONTAINER);
            client.store().create(path, Value.NULL, options);
            return true;
        } catch (NodeExistsException e) {
            return false;
        }
    }

    /** Opens the gate; returns false when it was open already. */
    public boolean remove() {
        try {
            client.store().delete(path);
            return true;
        } catch (NodeNotFoundException e) {
            return false;
        }
    }

    /** Returns whether the gate is closed, linearizably. */
    public boolean isSet() {
        return client.store().batchGet(List.of(path)).results().get(0).znode().isPresent();
    }

    /** Waits until the gate is open, at most so long; returns whether it is. */
    public boolean await(Duration timeout) {
        return ChangeSignal.await(client, ObserveRequest.node(path), null, () -> !isSet(), timeout);
    }
}

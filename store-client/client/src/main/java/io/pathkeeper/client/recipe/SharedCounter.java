package io.pathkeeper.client.recipe;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.error.NodeExistsException;
import io.pathkeeper.client.error.NodeNotFoundException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.Patch;
import io.pathkeeper.client.model.PatchOptions;
import io.pathkeeper.client.model.Value;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * An integer that all clients count together, in one znode that is made when it is first needed. Needs no session.
 *
 * <p><b>Promised:</b> every addition is made by the servers, exactly once, and nobody's is lost: there is nothing to try again. It fails with
 * {@code INT_OVERFLOW} rather than wrap around.
 *
 * <pre>{@code
 * SharedCounter counter = new SharedCounter(client, "/counters/orders");
 * long before = counter.get();
 * System.out.println(counter.add(2) - before); // 2 when nobody else counts
 * }</pre>
 */
public final class SharedCounter {
    private static final PatchOptions RETURN_VALUE = PatchOptions.defaults().returnValue(true);

    private final PathkeeperClient client;
    private final String path;

    /** Makes a counter. */
    public SharedCounter(PathkeeperClient client, String path) {
        this.client = client;
        this.path = path;
    }

    /** Returns the value, linearizably; 0 when nobody has counted yet. */
    public long get() {
        try {
            return client.store().get(path).value().asLong();
        } catch (NodeNotFoundException e) {
            return 0;
        }
    }

    /** Adds and returns the new value. */
    public long add(long delta) {
        try {
            return patch(Patch.create().increment("", delta));
        } catch (NodeNotFoundException e) {
            createZero();
            return patch(Patch.create().increment("", delta));
        }
    }

    /** Adds 1 and returns the new value. */
    public long increment() {
        return add(1);
    }

    /** Sets the value if it is what is expected; returns whether it was. */
    public boolean compareAndSet(long expected, long value) {
        Patch patch = Patch.create().test("", expected).set("", value);
        try {
            return patch(patch) == value;
        } catch (NodeNotFoundException e) {
            createZero();
            return compareAndSet(expected, value);
        } catch (io.pathkeeper.client.error.PreconditionFailedException e) {
            if (e.reason().equals(Reason.TEST_FAILED)) {
                return false;
            }
            throw e;
        }
    }

    /** Adds asynchronously and completes with the new value; fails when the znode was never made, which {@link #add(long)} does. */
    public CompletableFuture<Long> addAsync(long delta) {
        return client.async()
                .patch(path, Patch.create().increment("", delta), RETURN_VALUE)
                .thenApply(result -> Objects.requireNonNull(result.value()).asLong());
    }

    private long patch(Patch patch) {
        return Objects.requireNonNull(
                        client.store().patch(path, patch, RETURN_VALUE).value())
                .asLong();
    }

    private void createZero() {
        try {
            client.store().create(path, Value.of(0), CreateOptions.defaults().createParents(true));
        } catch (NodeExistsException e) {
            // Another one was faster: that is all that is needed.
            return;
        }
    }
}

package io.pathkeeper.pathctl.perf;

import io.pathkeeper.client.AsyncStore;
import io.pathkeeper.client.model.Condition;
import io.pathkeeper.client.model.Operation;
import io.pathkeeper.client.model.ReadOptions;
import io.pathkeeper.client.model.Transaction;
import io.pathkeeper.client.model.Value;
import java.util.concurrent.atomic.AtomicLong;

/** What the load generator asks for. Paths and values are made beforehand, so that a call costs the generator little. */
public enum Workload {
    /** Replaces the value of a random znode. */
    SET,
    /** Creates znodes, never the same twice. */
    CREATE,
    /** Reads a random znode, linearizably. */
    GET,
    /** Reads a random znode as the answering server has it. */
    GET_LOCAL,
    /** Half set, half get. */
    MIXED,
    /** A transaction: two znodes exist, then sets both. */
    TXN;

    /** Returns the name as it stands on the command line. */
    public String label() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /**
     * Returns the operation for one client.
     *
     * @param paths existing znodes
     * @param createBelow existing znode that new ones are created in
     * @param created how many were created, shared by all clients
     */
    public LoadOperation operation(
            AsyncStore store, String[] paths, Value value, String createBelow, AtomicLong created) {
        ReadOptions local = ReadOptions.local();
        return switch (this) {
            case SET -> random -> store.set(paths[random.nextInt(paths.length)], value);
            case CREATE -> random -> store.create(createBelow + "/n" + created.getAndIncrement(), value);
            case GET -> random -> store.get(paths[random.nextInt(paths.length)]);
            case GET_LOCAL -> random -> store.get(paths[random.nextInt(paths.length)], local);
            case MIXED ->
                random -> random.nextBoolean()
                        ? store.set(paths[random.nextInt(paths.length)], value)
                        : store.get(paths[random.nextInt(paths.length)]);
            case TXN ->
                random -> {
                    String first = paths[random.nextInt(paths.length)];
                    String second = paths[random.nextInt(paths.length)];
                    return store.transact(Transaction.when(Condition.exists(first), Condition.exists(second))
                            .then(Operation.set(first, value), Operation.set(second, value)));
                };
        };
    }
}

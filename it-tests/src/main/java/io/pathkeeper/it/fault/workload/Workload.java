package io.pathkeeper.it.fault.workload;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * A load on servers that suffer faults, which records what it did and can tell afterwards whether all promises were kept.
 *
 * <p>Life: {@link #prepare} once, {@link #run} once for each client at the same time, {@link #check} once when all clients have returned and the servers
 * are well again, {@link #close}.
 */
public interface Workload extends AutoCloseable {
    /** Its name on the command line and in reports: lower case, words joined by {@code -}. */
    String name();

    /** How many clients it has; asked behind {@link #prepare}, for some loads have one for each server. */
    int clients();

    /** Makes what it needs on servers that are well. */
    void prepare(Servers servers) throws InterruptedException;

    /**
     * One client: calls and records until it shall stop. Errors of calls are part of the history; what is thrown is a failure of the run.
     *
     * @param client 0 to {@link #clients()} - 1
     * @param dice of this client alone
     * @param stopping asked before every call
     */
    void run(int client, SplittableRandom dice, BooleanSupplier stopping) throws InterruptedException;

    /** Reads what is left on servers that are well again, and checks all that was recorded. */
    Findings check() throws InterruptedException;

    /** What else the report shall tell, behind {@link #check}. */
    default List<String> notes() {
        return List.of();
    }

    @Override
    void close();
}

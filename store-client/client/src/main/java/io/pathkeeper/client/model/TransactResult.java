package io.pathkeeper.client.model;

import java.util.List;

/**
 * What a transaction did.
 *
 * @param succeeded true when all conditions held and the operations of {@code then} were carried out
 * @param results the results of the operations that were carried out, in order
 * @param revision the one revision of all its changes; the store's revision when it changed nothing
 */
public record TransactResult(boolean succeeded, List<OperationResult> results, long revision) {
    /** Copies the list. */
    public TransactResult {
        results = List.copyOf(results);
    }
}

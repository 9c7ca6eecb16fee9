package io.pathkeeper.client.model;

import java.util.List;

/**
 * Several znodes, all read at one revision.
 *
 * @param results one result for each path, in the order of the request
 * @param revision the revision of the state that all were read from
 */
public record BatchGetResult(List<ReadResult> results, long revision) {
    /** Copies the list. */
    public BatchGetResult {
        results = List.copyOf(results);
    }
}

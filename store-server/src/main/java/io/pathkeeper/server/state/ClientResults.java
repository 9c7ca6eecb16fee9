package io.pathkeeper.server.state;

import java.util.List;

/**
 * What the ledger knows of one client, as snapshots carry it.
 *
 * @param clientId identity of the client
 * @param floor requests below this number are never applied any more
 * @param lastUsedMillis cluster time of its last request
 * @param results results by ascending sequence, all at or above the floor
 */
public record ClientResults(String clientId, long floor, long lastUsedMillis, List<NumberedResult> results) {
    /** The result of one request. */
    public record NumberedResult(long sequence, CommandResult result) {}
}

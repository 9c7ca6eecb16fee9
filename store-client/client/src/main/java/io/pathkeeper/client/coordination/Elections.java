package io.pathkeeper.client.coordination;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Elections: one leader at a time among the candidates, in the order in which they came. Safe to use from any thread; no method waits. All
 * fail with a {@link io.pathkeeper.client.error.PathkeeperException}.
 */
public interface Elections {
    /**
     * Stands for election. Breaks of the connection are mended: a leader keeps its term; a candidate that waits goes to the end of the queue.
     */
    Candidacy campaign(CampaignRequest request);

    /** Returns who leads, linearizably; empty when nobody does. */
    CompletableFuture<Optional<Leader>> leader(String path);

    /** Observes an election: every leader and every proclamation comes once, in order, the present one first. */
    ElectionObservation observe(String path, ElectionListener listener);
}

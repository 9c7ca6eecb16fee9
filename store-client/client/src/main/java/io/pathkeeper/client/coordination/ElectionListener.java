package io.pathkeeper.client.coordination;

import io.pathkeeper.client.error.PathkeeperException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Is told of the leaders of an election, in order. Called by one callback thread at a time. */
@FunctionalInterface
public interface ElectionListener {
    /**
     * There is another leader, the leader has proclaimed something, or there is no leader now. The present one is told first.
     *
     * @param leader the leader; empty when there is none
     * @param revision revision of the change
     */
    void onLeader(Optional<Leader> leader, long revision);

    /** The history no longer had what was missed while the connection was broken: leaders may have been left out; the present one follows. */
    default void onReset() {}

    /**
     * The observation has ended; nothing follows.
     *
     * @param error why; null when it was closed
     */
    default void onEnd(@Nullable PathkeeperException error) {}
}

package io.pathkeeper.server.state;

import io.pathkeeper.server.coordination.CoordinationChange;
import io.pathkeeper.server.tree.TreeChange;
import java.util.List;

/**
 * All changes of one revision, in the order in which they were made.
 *
 * @param revision the revision
 * @param clusterMillis the state's clock at the change, for the age of the history
 * @param changes what observers are told; empty when the operations of a transaction undid each other, or only sessions and
 *     locks changed
 * @param coordination what changed of sessions, locks and elections; most revisions have nothing of it
 */
public record RevisionChanges(
        long revision, long clusterMillis, List<TreeChange> changes, List<CoordinationChange> coordination) {}

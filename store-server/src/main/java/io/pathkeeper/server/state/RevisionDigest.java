package io.pathkeeper.server.state;

/**
 * The digest of a whole state at a revision. At equal revisions it is equal on all servers of a cluster.
 *
 * @param revision the revision
 * @param digest digest of the tree, the sessions and the locks
 */
public record RevisionDigest(long revision, long digest) {}

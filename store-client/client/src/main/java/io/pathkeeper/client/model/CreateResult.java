package io.pathkeeper.client.model;

/**
 * A created znode.
 *
 * @param path its path, with the number when it is sequential
 * @param stat its stat
 * @param sequence the number of a sequential znode; 0 otherwise
 * @param revision revision of the creation
 */
public record CreateResult(String path, Stat stat, long sequence, long revision) implements OperationResult {}

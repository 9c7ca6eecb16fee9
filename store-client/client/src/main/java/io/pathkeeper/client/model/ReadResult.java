package io.pathkeeper.client.model;

import java.util.Optional;

/**
 * One read of several: of a batch, or inside a transaction. A missing znode is a result, not an error.
 *
 * @param path the path that was asked for
 * @param znode the znode; empty when there is none
 */
public record ReadResult(String path, Optional<Znode> znode) implements OperationResult {}

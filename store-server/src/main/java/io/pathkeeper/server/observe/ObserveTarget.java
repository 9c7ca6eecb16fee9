package io.pathkeeper.server.observe;

import io.pathkeeper.server.tree.ZnodePath;

/**
 * A place in the tree to observe. It need not exist.
 *
 * @param path where
 * @param scope how far around
 */
public record ObserveTarget(ZnodePath path, ObserveScope scope) {}

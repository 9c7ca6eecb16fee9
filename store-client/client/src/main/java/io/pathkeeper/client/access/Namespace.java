package io.pathkeeper.client.access;

/**
 * A name for a part of the tree.
 *
 * @param name its name
 * @param path path of its root in the whole tree
 */
public record Namespace(String name, String path) {}

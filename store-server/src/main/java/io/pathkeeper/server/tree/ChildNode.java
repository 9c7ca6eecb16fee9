package io.pathkeeper.server.tree;

/** A node of the ordered structure that holds the children of one znode. */
abstract class ChildNode {}

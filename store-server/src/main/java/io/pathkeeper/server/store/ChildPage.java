package io.pathkeeper.server.store;

import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;

/**
 * A page of a listing that can be read now.
 *
 * @param view the view that all pages of the listing read
 * @param path the parent's path
 * @param parent the parent
 * @param after names behind this one come; empty: from the first
 * @param prefix only names that begin with this; empty: all
 * @param startAfter as the listing was asked for
 */
public record ChildPage(TreeView view, ZnodePath path, Znode parent, byte[] after, byte[] prefix, byte[] startAfter)
        implements PageOpening {}

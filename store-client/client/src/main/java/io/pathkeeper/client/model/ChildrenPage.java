package io.pathkeeper.client.model;

import java.util.List;

/**
 * A page of the children of a znode, in the order of their names.
 *
 * @param children the children of this page
 * @param nextPageToken token for {@link ListOptions#pageToken(String)} of the next page; empty on the last page
 * @param revision the revision that all pages of this listing show
 * @param parentStat stat of the parent at that revision; its {@code childCount} is the total
 */
public record ChildrenPage(List<Child> children, String nextPageToken, long revision, Stat parentStat) {
    /** Copies the list. */
    public ChildrenPage {
        children = List.copyOf(children);
    }

    /** Returns whether another page follows. */
    public boolean hasNext() {
        return !nextPageToken.isEmpty();
    }
}

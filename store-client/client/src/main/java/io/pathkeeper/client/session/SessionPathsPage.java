package io.pathkeeper.client.session;

import java.util.List;

/**
 * A page of the ephemeral znodes of a session.
 *
 * @param paths in order
 * @param nextPageToken token of the next page; empty on the last one
 */
public record SessionPathsPage(List<String> paths, String nextPageToken) {
    /** Copies the list. */
    public SessionPathsPage {
        paths = List.copyOf(paths);
    }
}

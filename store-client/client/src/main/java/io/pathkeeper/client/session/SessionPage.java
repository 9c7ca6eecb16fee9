package io.pathkeeper.client.session;

import java.util.List;

/**
 * A page of the sessions of the cluster.
 *
 * @param sessions in the order of their ids
 * @param nextPageToken token of the next page; empty on the last one
 */
public record SessionPage(List<SessionInfo> sessions, String nextPageToken) {
    /** Copies the list. */
    public SessionPage {
        sessions = List.copyOf(sessions);
    }
}

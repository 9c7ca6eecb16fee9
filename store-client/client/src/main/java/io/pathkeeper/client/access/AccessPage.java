package io.pathkeeper.client.access;

import java.util.List;

/**
 * A page of users, roles, bindings, tokens or namespaces.
 *
 * @param <T> what is listed
 * @param items in the order of their names
 * @param nextPageToken token of the next page; empty on the last one
 */
public record AccessPage<T>(List<T> items, String nextPageToken) {
    /** Copies the list. */
    public AccessPage {
        items = List.copyOf(items);
    }
}

package io.pathkeeper.client.internal;

import io.pathkeeper.client.Store;
import io.pathkeeper.client.model.Child;
import io.pathkeeper.client.model.ChildrenPage;
import io.pathkeeper.client.model.ListOptions;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Reads the children of a znode page by page. For one thread. */
final class ChildrenIterator implements Iterator<Child> {
    private final Store store;
    private final String path;
    private final ListOptions options;
    private Iterator<Child> page = Collections.emptyIterator();
    private @Nullable String nextToken;

    ChildrenIterator(Store store, String path, ListOptions options) {
        this.store = store;
        this.path = path;
        this.options = options;
        this.nextToken = options.pageToken();
    }

    @Override
    public boolean hasNext() {
        while (!page.hasNext()) {
            String token = nextToken;
            if (token == null) {
                return false;
            }
            ChildrenPage fetched = store.listChildren(path, options.pageToken(token));
            page = fetched.children().iterator();
            nextToken = fetched.hasNext() ? fetched.nextPageToken() : null;
        }
        return true;
    }

    @Override
    public Child next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more children of " + path);
        }
        return page.next();
    }
}

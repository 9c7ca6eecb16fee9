package io.pathkeeper.client.internal;

import io.pathkeeper.client.AsyncStore;
import io.pathkeeper.client.model.Child;
import io.pathkeeper.client.model.ChildrenPage;
import io.pathkeeper.client.model.ListOptions;
import java.util.ArrayDeque;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One listing of all children for one subscriber: fetches a page when the subscriber wants more than is there. All of its state is owned by
 * its sequence of callbacks.
 */
final class ChildrenSubscription implements Flow.Subscription {
    private final AsyncStore store;
    private final String path;
    private final ListOptions options;
    private final Flow.Subscriber<? super Child> subscriber;
    private final Executor serial;
    private final ArrayDeque<Child> buffer = new ArrayDeque<>();
    private String nextToken;
    private long demand;
    private boolean fetching;
    private boolean lastPage;
    private boolean ended;

    ChildrenSubscription(
            AsyncStore store,
            String path,
            ListOptions options,
            Flow.Subscriber<? super Child> subscriber,
            Executor serial) {
        this.store = store;
        this.path = path;
        this.options = options;
        this.subscriber = subscriber;
        this.serial = serial;
        this.nextToken = options.pageToken();
    }

    void start() {
        serial.execute(() -> subscriber.onSubscribe(this));
    }

    @Override
    public void request(long count) {
        serial.execute(() -> {
            if (count <= 0) {
                end(new IllegalArgumentException("a subscriber must request at least 1, not " + count));
            } else {
                demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
                deliver();
            }
        });
    }

    @Override
    public void cancel() {
        serial.execute(() -> {
            ended = true;
            buffer.clear();
        });
    }

    private void deliver() {
        while (!ended && demand > 0 && !buffer.isEmpty()) {
            demand--;
            Child child = buffer.remove();
            try {
                subscriber.onNext(child);
            } catch (RuntimeException e) {
                ended = true;
                throw e;
            }
        }
        if (ended) {
            return;
        }
        if (buffer.isEmpty() && lastPage) {
            end(null);
        } else if (buffer.isEmpty() && demand > 0 && !fetching) {
            fetching = true;
            store.listChildren(path, options.pageToken(nextToken))
                    .whenComplete((page, error) -> serial.execute(() -> fetched(page, error)));
        }
    }

    private void fetched(@Nullable ChildrenPage page, @Nullable Throwable error) {
        fetching = false;
        if (ended) {
            return;
        }
        if (page == null) {
            end(error instanceof CompletionException && error.getCause() != null ? error.getCause() : error);
            return;
        }
        buffer.addAll(page.children());
        nextToken = page.nextPageToken();
        lastPage = !page.hasNext();
        deliver();
    }

    private void end(@Nullable Throwable error) {
        if (!ended) {
            ended = true;
            buffer.clear();
            if (error == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(error);
            }
        }
    }
}

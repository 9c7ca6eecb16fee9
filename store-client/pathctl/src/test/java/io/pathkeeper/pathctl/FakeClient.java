package io.pathkeeper.pathctl;

import io.pathkeeper.client.AsyncStore;
import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.Store;
import io.pathkeeper.client.access.Access;
import io.pathkeeper.client.cluster.Logs;
import io.pathkeeper.client.cluster.Members;
import io.pathkeeper.client.cluster.Quotas;
import io.pathkeeper.client.coordination.Elections;
import io.pathkeeper.client.coordination.Locks;
import io.pathkeeper.client.observe.Observation;
import io.pathkeeper.client.observe.ObserveFrame;
import io.pathkeeper.client.observe.ObserveListener;
import io.pathkeeper.client.observe.ObserveRequest;
import io.pathkeeper.client.session.Sessions;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;

/** A client of a {@link FakeTree}: the asynchronous store is one thread with a queue, the blocking one calls the tree. */
public final class FakeClient implements PathkeeperClient {
    public final FakeTree tree;
    public final List<ObserveFrame> frames = new ArrayList<>();
    public final FakeCoordination coordination = new FakeCoordination();
    public final FakeAccess access = new FakeAccess();
    public final FakeQuotas quotas = new FakeQuotas();
    public final FakeMembers members = new FakeMembers();
    /** The levels of the servers' logs. */
    public final FakeLogs logs = new FakeLogs();

    public boolean closed;

    private final AsyncStore async;
    private final Store store;

    public FakeClient(FakeTree tree) {
        this.tree = tree;
        this.store = proxy(Store.class, (proxy, method, arguments) -> invoke(proxy, method, arguments));
        this.async = proxy(AsyncStore.class, (proxy, method, arguments) -> {
            if (method.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, method, arguments);
            }
            return CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return invoke(proxy, method, arguments);
                        } catch (RuntimeException e) {
                            throw e;
                        } catch (Throwable e) {
                            throw new CompletionException(e);
                        }
                    },
                    tree.executor);
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        }
        try {
            return FakeTree.class
                    .getMethod(method.getName(), method.getParameterTypes())
                    .invoke(tree, arguments);
        } catch (java.lang.reflect.InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Override
    public Sessions sessions() {
        return coordination;
    }

    @Override
    public Locks locks() {
        return coordination;
    }

    @Override
    public Elections elections() {
        return coordination;
    }

    @Override
    public Access access() {
        return access;
    }

    @Override
    public Quotas quotas() {
        return quotas;
    }

    @Override
    public Members members() {
        return members;
    }

    @Override
    public Logs logs() {
        return logs;
    }

    @Override
    public AsyncStore async() {
        return async;
    }

    @Override
    public Store store() {
        return store;
    }

    @Override
    public Observation observe(ObserveRequest request, ObserveListener listener) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        for (ObserveFrame frame : frames) {
            if (frame instanceof ObserveFrame.Created created) {
                listener.onCreated(created);
            } else if (frame instanceof ObserveFrame.Events events) {
                listener.onEvents(events);
            } else if (frame instanceof ObserveFrame.Existing existing) {
                listener.onExisting(existing);
            } else if (frame instanceof ObserveFrame.Synced synced) {
                listener.onSynced(synced);
            } else if (frame instanceof ObserveFrame.Progress progress) {
                listener.onProgress(progress);
            } else if (frame instanceof ObserveFrame.Reset reset) {
                listener.onReset(reset);
            }
        }
        listener.onEnd(null);
        ended.complete(null);
        return new Observation() {
            @Override
            public long position() {
                return 0;
            }

            @Override
            public CompletableFuture<Void> ended() {
                return ended;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public Flow.Publisher<ObserveFrame> observe(ObserveRequest request) {
        throw new AssertionError("pathctl observes with a listener");
    }

    @Override
    public String clientId() {
        return "fake";
    }

    @Override
    public long lastSeenRevision() {
        return tree.revision;
    }

    @Override
    public void close() {
        closed = true;
    }
}

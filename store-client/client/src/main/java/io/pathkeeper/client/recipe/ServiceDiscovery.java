package io.pathkeeper.client.recipe;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.client.session.SessionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Services and their instances, below one path: {@code <path>/<service>/<instance>}, an ephemeral znode each.
 *
 * <p><b>Promised:</b> an instance is listed as long as its program lives, and goes at the latest when its session's timeout is over; listeners get every
 * list, the newest last. <b>Not promised:</b> that an instance that is listed can be reached: callers must cope with one that cannot.
 *
 * <pre>{@code
 * ServiceDiscovery discovery = new ServiceDiscovery(client, "/services");
 * ServiceInstance instance = new ServiceInstance("search", "s1", "127.0.0.1", 9000, Map.of("zone", "a"));
 * try (PersistentEphemeral registration = discovery.register(SessionOptions.defaults().identity("s1"), instance);
 *         ServiceDiscovery.Watch watch = discovery.watch("search", instances -> System.out.println(instances))) {
 *     registration.created().join();
 *     System.out.println(discovery.instances("search").join());
 * }
 * }</pre>
 */
public final class ServiceDiscovery {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceDiscovery.class);

    private final PathkeeperClient client;
    private final String path;

    /** Makes a discovery of the services below a path. */
    public ServiceDiscovery(PathkeeperClient client, String path) {
        this.client = client;
        this.path = path;
    }

    /** A list of instances that follows them. */
    public static final class Watch implements AutoCloseable {
        private final ChildrenCache cache;
        private final String service;

        private Watch(ChildrenCache cache, String service) {
            this.cache = cache;
            this.service = service;
        }

        /** Returns the instances as they are known. Does not wait. */
        public List<ServiceInstance> instances() {
            return read(service, cache.children().values());
        }

        /** Returns a future that completes when the instances are known. */
        public CompletableFuture<Void> initialized() {
            return cache.initialized();
        }

        /** Ends the watch; does not wait. May be called again. */
        @Override
        public void close() {
            cache.close();
        }
    }

    /** Registers an instance until what is returned is closed; does not wait. */
    public PersistentEphemeral register(SessionOptions options, ServiceInstance instance) {
        String place = Waits.child(Waits.child(path, instance.service()), instance.id());
        return PersistentEphemeral.start(client, options, place, instance.toValue());
    }

    /** Completes with the instances of a service as they are now; none when there is no such service. */
    public CompletableFuture<List<ServiceInstance>> instances(String service) {
        CompletableFuture<List<ServiceInstance>> first = new CompletableFuture<>();
        Watch watch = watch(service, new Told(first::complete, first::completeExceptionally));
        return first.whenComplete((instances, error) -> watch.close());
    }

    /** Tells a listener of the instances of a service: of the first list, and of each one that differs. */
    public Watch watch(String service, Consumer<List<ServiceInstance>> listener) {
        return watch(service, new Told(listener, error -> {}));
    }

    private record Told(Consumer<List<ServiceInstance>> listener, Consumer<Throwable> onFailure) {}

    private Watch watch(String service, Told told) {
        CompletableFuture<ChildrenCache> started = new CompletableFuture<>();
        ChildrenCache cache = ChildrenCache.start(client, Waits.child(path, service), new CacheListener() {
            private boolean known;

            @Override
            public void onChange(@Nullable Znode before, @Nullable Znode after) {
                if (known) {
                    tell();
                }
            }

            @Override
            public void onInitialized() {
                known = true;
                tell();
            }

            @Override
            public void onEnd(@Nullable PathkeeperException error) {
                told.onFailure().accept(error == null ? new IllegalStateException("the watch was closed") : error);
            }

            private void tell() {
                // The first news may come before the cache was handed over.
                started.thenAccept(filled ->
                        told.listener().accept(read(service, filled.children().values())));
            }
        });
        started.complete(cache);
        return new Watch(cache, service);
    }

    private static List<ServiceInstance> read(String service, Iterable<Znode> znodes) {
        List<ServiceInstance> instances = new ArrayList<>();
        for (Znode znode : znodes) {
            try {
                instances.add(ServiceInstance.of(service, znode.name(), znode.value()));
            } catch (RuntimeException e) {
                LOG.warn("{} is no instance of a service and is left out: {}", znode.path(), e.getMessage());
            }
        }
        return List.copyOf(instances);
    }
}

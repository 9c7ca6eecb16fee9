package io.pathkeeper.client.internal;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import io.pathkeeper.client.recipe.GrpcNaming;
import io.pathkeeper.client.recipe.ServiceDiscovery;
import io.pathkeeper.client.recipe.ServiceInstance;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Resolves {@code pathkeeper:///service} for gRPC, which finds this class by its service loader. */
public final class PathkeeperNameResolverProvider extends NameResolverProvider {
    private static final String SCHEME = "pathkeeper";

    @Override
    protected boolean isAvailable() {
        return true;
    }

    /** Less than that of the resolver of host names, so that targets without a scheme stay host names. */
    @Override
    protected int priority() {
        return 4;
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    @Override
    public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args args) {
        if (!SCHEME.equals(target.getScheme())) {
            return null;
        }
        String path = target.getPath() == null ? "" : target.getPath();
        String service = path.startsWith("/") ? path.substring(1) : path;
        if (service.isEmpty() || service.indexOf('/') >= 0) {
            throw new IllegalArgumentException("a target is pathkeeper:///service, not " + target);
        }
        return new Resolver(service, args.getSynchronizationContext());
    }

    /** Follows one service for one channel. All methods are called by the channel's synchronization context. */
    private static final class Resolver extends NameResolver {
        private final String service;
        private final SynchronizationContext context;
        private ServiceDiscovery.@Nullable Watch watch;

        Resolver(String service, SynchronizationContext context) {
            this.service = service;
            this.context = context;
        }

        @Override
        public String getServiceAuthority() {
            return service;
        }

        @Override
        public void start(Listener2 listener) {
            Optional<ServiceDiscovery> discovery = GrpcNaming.current();
            if (discovery.isEmpty()) {
                listener.onError(Status.UNAVAILABLE.withDescription(
                        "no discovery is in use for pathkeeper:///" + service + ": call GrpcNaming.use first"));
                return;
            }
            watch = discovery.get().watch(service, instances -> context.execute(() -> tell(listener, instances)));
        }

        private void tell(Listener2 listener, List<ServiceInstance> instances) {
            if (instances.isEmpty()) {
                listener.onError(Status.UNAVAILABLE.withDescription("the service " + service + " has no instance"));
                return;
            }
            List<EquivalentAddressGroup> addresses = new ArrayList<>();
            for (ServiceInstance instance : instances) {
                addresses.add(new EquivalentAddressGroup(new InetSocketAddress(instance.host(), instance.port())));
            }
            listener.onResult2(ResolutionResult.newBuilder()
                    .setAddressesOrError(StatusOr.fromValue(addresses))
                    .build());
        }

        @Override
        public void shutdown() {
            ServiceDiscovery.Watch running = watch;
            if (running != null) {
                running.close();
            }
        }
    }
}

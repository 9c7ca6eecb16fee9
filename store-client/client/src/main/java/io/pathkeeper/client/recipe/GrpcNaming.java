package io.pathkeeper.client.recipe;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Lets gRPC stubs of this program dial services by name: {@code pathkeeper:///search} reaches the instances that {@link ServiceDiscovery} lists,
 * and follows them.
 *
 * <p><b>Promised:</b> channels get every list of instances, and an error while there is none. <b>Not promised:</b> more than {@link ServiceDiscovery}
 * promises. One discovery serves the whole program.
 *
 * <pre>{@code
 * GrpcNaming.use(new ServiceDiscovery(client, "/services"));
 * // ManagedChannelBuilder.forTarget("pathkeeper:///search").defaultLoadBalancingPolicy("round_robin").usePlaintext().build()
 * GrpcNaming.stop();
 * }</pre>
 */
public final class GrpcNaming {
    private static final AtomicReference<@Nullable ServiceDiscovery> CURRENT = new AtomicReference<>();

    private GrpcNaming() {}

    /** Takes this discovery, in place of the one before, for channels that are made from now on. */
    public static void use(ServiceDiscovery discovery) {
        CURRENT.set(discovery);
    }

    /** Takes no discovery any more; channels that were made keep theirs. Call it before the client of the discovery is closed. */
    public static void stop() {
        CURRENT.set(null);
    }

    /** Returns the discovery in use; empty when there is none. */
    public static Optional<ServiceDiscovery> current() {
        return Optional.ofNullable(CURRENT.get());
    }
}

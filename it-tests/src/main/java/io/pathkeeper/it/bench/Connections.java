package io.pathkeeper.it.bench;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.List;

/** gRPC connections for plain stubs, dealt out to the servers in turn; answers come in the threads of the transport. Used by one thread. */
final class Connections implements AutoCloseable {
    /** As many as ZooKeeper's clients have here. */
    static final int COUNT = 12;

    private final List<String> addresses;
    private final List<ManagedChannel> channels = new ArrayList<>();

    Connections(List<String> addresses) {
        this(addresses, COUNT);
    }

    Connections(List<String> addresses, int count) {
        this.addresses = addresses;
        for (int i = 0; i < count; i++) {
            channels.add(open(addresses.get(i % addresses.size())));
        }
    }

    private static ManagedChannel open(String address) {
        return NettyChannelBuilder.forTarget(address)
                .usePlaintext()
                .directExecutor()
                .maxInboundMessageSize(8 << 20)
                .build();
    }

    /** The connections for so many outstanding calls; a single one goes to the leader. */
    List<ManagedChannel> forCalls(int outstanding, int leader) {
        return outstanding == 1
                ? List.of(channels.get(leader))
                : List.copyOf(channels.subList(0, Math.min(COUNT, outstanding)));
    }

    /** A connection to a server. */
    ManagedChannel to(int server) {
        if (server < 0 || server >= addresses.size()) {
            throw new IllegalArgumentException("there is no server " + server);
        }
        return channels.get(server);
    }

    List<ManagedChannel> all() {
        return List.copyOf(channels);
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }
}

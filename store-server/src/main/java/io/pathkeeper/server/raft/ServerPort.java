package io.pathkeeper.server.raft;

import io.pathkeeper.server.wire.ConnectionGate;
import io.pathkeeper.server.wire.TlsEndpoint;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.ratis.thirdparty.io.grpc.Attributes;
import org.apache.ratis.thirdparty.io.grpc.Grpc;
import org.apache.ratis.thirdparty.io.grpc.ServerTransportFilter;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.apache.ratis.thirdparty.io.netty.channel.EventLoopGroup;
import org.apache.ratis.thirdparty.io.netty.channel.epoll.Epoll;
import org.apache.ratis.thirdparty.io.netty.channel.epoll.EpollEventLoopGroup;
import org.apache.ratis.thirdparty.io.netty.channel.epoll.EpollServerSocketChannel;
import org.apache.ratis.thirdparty.io.netty.channel.nio.NioEventLoopGroup;
import org.apache.ratis.thirdparty.io.netty.channel.socket.nio.NioServerSocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The port for the other servers below the calls: TLS, threads for I/O, and a gate for connections, which are few among servers. Life: made,
 * {@link #apply} once, {@link #close} behind the server.
 */
final class ServerPort implements AutoCloseable {
    /** A server opens two or three connections to each other one; there are nine servers at most. */
    private static final int MAX_CONNECTIONS = 1_024;

    /** Servers of several clusters may share a machine. */
    private static final int MAX_CONNECTIONS_PER_ADDRESS = 256;

    private static final Duration HANDSHAKE = Duration.ofSeconds(10);
    private static final int MAX_METADATA_BYTES = 8 << 10;

    private final @Nullable TlsEndpoint tls;
    private final ConnectionGate gate =
            new ConnectionGate(MAX_CONNECTIONS, MAX_CONNECTIONS_PER_ADDRESS, HANDSHAKE, System::nanoTime);
    private final EventLoopGroup accepting;
    private final EventLoopGroup serving;

    ServerPort(String memberId, @Nullable TlsEndpoint tls) {
        this.tls = tls;
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
        ThreadFactory acceptors = threads(memberId + "-raft-accept");
        ThreadFactory workers = threads(memberId + "-raft-io");
        boolean epoll = Epoll.isAvailable();
        this.accepting = epoll ? new EpollEventLoopGroup(1, acceptors) : new NioEventLoopGroup(1, acceptors);
        this.serving = new GatedEventLoops(
                epoll ? new EpollEventLoopGroup(threads, workers) : new NioEventLoopGroup(threads, workers), gate);
    }

    private static ThreadFactory threads(String role) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, role + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    NettyServerBuilder apply(NettyServerBuilder builder) {
        if (tls != null) {
            builder.sslContext(RaftTls.forServer(tls));
        }
        return builder.bossEventLoopGroup(accepting)
                .workerEventLoopGroup(serving)
                .channelType(Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .addTransportFilter(new Ready(gate))
                .handshakeTimeout(HANDSHAKE.toMillis(), TimeUnit.MILLISECONDS)
                .maxInboundMetadataSize(MAX_METADATA_BYTES)
                .permitKeepAliveTime(1, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true);
    }

    ConnectionGate gate() {
        return gate;
    }

    @Override
    public void close() {
        accepting.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        serving.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** Tells the gate of connections whose handshakes have ended. */
    private static final class Ready extends ServerTransportFilter {
        private final ConnectionGate gate;

        Ready(ConnectionGate gate) {
            this.gate = gate;
        }

        @Override
        public Attributes transportReady(Attributes attributes) {
            SocketAddress remote = attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
            if (remote != null) {
                gate.ready(remote);
            }
            return attributes;
        }
    }
}

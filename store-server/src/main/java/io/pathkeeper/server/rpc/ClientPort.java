package io.pathkeeper.server.rpc;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.IoHandlerFactory;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2SecurityUtil;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolNames;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.JdkSslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.pathkeeper.server.config.ServerConfig;
import io.pathkeeper.server.wire.ClientEdge;
import io.pathkeeper.server.wire.ConnectionGate;
import io.pathkeeper.server.wire.Cuts;
import io.pathkeeper.server.wire.TlsEndpoint;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The port for clients below the calls: TLS, threads for I/O, and what a connection may cost. Life: made, {@link #builder} once,
 * {@link #close} behind the server that was built.
 */
final class ClientPort implements AutoCloseable {
    /** Streams that a client may reset within {@link #RESET_SECONDS}: opening and resetting costs it nothing and the server much. */
    private static final int MAX_RESETS = 20_000;

    private static final int RESET_SECONDS = 30;

    private final ClientEdge edge;
    private final OpenConnections open;
    private final EventLoopGroup accepting;
    private final EventLoopGroup serving;

    ClientPort(ClientEdge edge) {
        this.edge = edge;
        IoHandlerFactory handlers = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
        this.accepting = new MultiThreadIoEventLoopGroup(1, threads("rpc-accept"), handlers);
        this.open = new OpenConnections(edge.cuts());
        this.serving = new GatedEventLoops(threads, threads("rpc-io"), handlers, edge.gate(), open);
    }

    private static ThreadFactory threads(String role) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, role + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** A builder without services. */
    NettyServerBuilder builder(ServerConfig config) {
        ServerConfig.Client client = config.client();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress(
                        client.listen().host(), client.listen().port()))
                .bossEventLoopGroup(accepting)
                .workerEventLoopGroup(serving)
                .channelType(Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .addTransportFilter(new Ready(edge.gate(), open))
                .addStreamTracerFactory(new OversizedMessages(edge.cuts()))
                .handshakeTimeout(config.limits().handshake().toMillis(), TimeUnit.MILLISECONDS)
                .maxInboundMetadataSize(config.limits().headerBytes())
                .maxConcurrentCallsPerConnection(config.limits().streams())
                .maxRstFramesPerWindow(MAX_RESETS, RESET_SECONDS)
                .permitKeepAliveTime(10, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(60, TimeUnit.SECONDS) // finds clients that are gone without a word
                .keepAliveTimeout(20, TimeUnit.SECONDS)
                .maxConnectionIdle(client.maxConnectionIdle().toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionAge(client.maxConnectionAge().toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionAgeGrace(client.maxConnectionAgeGrace().toMillis(), TimeUnit.MILLISECONDS);
        TlsEndpoint tls = edge.tls();
        if (tls != null) {
            builder.sslContext(context(tls));
        }
        return builder;
    }

    /** Counts what is ended here. */
    Cuts cuts() {
        return edge.cuts();
    }

    /** The authorities have changed: ends the connections of those that they do not sign. */
    void judgeAnew() {
        TlsEndpoint tls = edge.tls();
        if (tls != null) {
            open.judgeAnew(tls);
        }
    }

    /** The JDK's TLS: the same everywhere, and it needs no native library in a directory where programs may be run. */
    private static SslContext context(TlsEndpoint tls) {
        return new JdkSslContext(
                tls.server(),
                false,
                Http2SecurityUtil.CIPHERS,
                SupportedCipherSuiteFilter.INSTANCE,
                new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2),
                switch (tls.clientAuth()) {
                    case NONE -> ClientAuth.NONE;
                    case OPTIONAL -> ClientAuth.OPTIONAL;
                    case REQUIRE -> ClientAuth.REQUIRE;
                },
                tls.protocols().toArray(new String[0]),
                false);
    }

    @Override
    public void close() {
        accepting.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        serving.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** Tells the gate of connections whose handshakes have ended. */
    private static final class Ready extends ServerTransportFilter {
        private final ConnectionGate gate;
        private final OpenConnections open;

        Ready(ConnectionGate gate, OpenConnections open) {
            this.gate = gate;
            this.open = open;
        }

        @Override
        public Attributes transportReady(Attributes attributes) {
            SocketAddress remote = attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
            if (remote != null) {
                gate.ready(remote);
                open.ready(remote);
            }
            return attributes;
        }
    }
}

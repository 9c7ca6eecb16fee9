package io.pathkeeper.server.admin;

import io.grpc.netty.shaded.io.netty.bootstrap.ServerBootstrap;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpServerCodec;
import io.grpc.netty.shaded.io.netty.handler.flow.FlowControlHandler;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.grpc.netty.shaded.io.netty.handler.ssl.JdkSslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import io.pathkeeper.server.config.Address;
import io.pathkeeper.server.wire.ConnectionGate;
import io.pathkeeper.server.wire.TlsEndpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP port below the pages: connections, TLS, and what both may cost.
 *
 * <p>Two threads, {@code http-io-N}, shake hands, read and write for all connections and never wait for one of them, so that slow ones keep
 * nobody out. Pages are made on {@value #WORKERS} threads, {@code http-N}; behind them at most {@value #WAITING} requests wait, more are answered
 * with 503. Life: {@link #open}, {@link #close}.
 */
final class HttpPort implements AutoCloseable {
    private static final int IO_THREADS = 2;
    private static final int WORKERS = 4;
    private static final int WAITING = 64;
    private static final int LINE_BYTES = 4 << 10;
    private static final int CHUNK_BYTES = 8 << 10;
    private static final int BACKLOG = 128;

    private final EventLoopGroup threads;
    private final ThreadPoolExecutor workers;
    private final Channel listening;
    private final @Nullable TlsEndpoint tls;
    private final Set<Channel> connections;

    /**
     * What connections may cost.
     *
     * @param gate lets connections in
     * @param handshake time for TLS's
     * @param headerBytes bytes of a request's headers
     * @param request time in which the first request of a connection has to be there whole
     * @param idle time in which a further one has to be there behind the last answer
     * @param answer time in which the other side has to take an answer
     */
    record Limits(
            ConnectionGate gate,
            Duration handshake,
            int headerBytes,
            Duration request,
            Duration idle,
            Duration answer) {}

    private HttpPort(
            EventLoopGroup threads,
            ThreadPoolExecutor workers,
            Channel listening,
            @Nullable TlsEndpoint tls,
            Set<Channel> connections) {
        this.threads = threads;
        this.workers = workers;
        this.listening = listening;
        this.tls = tls;
        this.connections = connections;
    }

    /**
     * Binds and serves.
     *
     * @param tls null: plain HTTP
     * @throws IOException when the address cannot be bound
     */
    static HttpPort open(Address listen, @Nullable TlsEndpoint tls, Limits limits, HttpPages pages, HttpCounts counts)
            throws IOException {
        EventLoopGroup threads =
                new MultiThreadIoEventLoopGroup(IO_THREADS, daemons("http-io"), NioIoHandler.newFactory());
        ThreadPoolExecutor workers = new ThreadPoolExecutor(
                WORKERS, WORKERS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), daemons("http"));
        workers.allowCoreThreadTimeOut(true);
        Set<Channel> connections = ConcurrentHashMap.newKeySet();
        SslContext context = tls == null ? null : context(tls);
        ChannelFuture bound = new ServerBootstrap()
                .group(threads)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Runnable closed = limits.gate().admit(channel.remoteAddress());
                        if (closed == null) {
                            channel.unsafe().closeForcibly();
                            return;
                        }
                        connections.add(channel);
                        channel.closeFuture().addListener(ended -> {
                            connections.remove(channel);
                            closed.run();
                        });
                        if (context != null) {
                            SslHandler shaking = context.newHandler(channel.alloc());
                            shaking.setHandshakeTimeout(limits.handshake().toMillis(), TimeUnit.MILLISECONDS);
                            channel.pipeline().addLast(shaking);
                        }
                        channel.pipeline()
                                .addLast(new HttpServerCodec(LINE_BYTES, limits.headerBytes(), CHUNK_BYTES))
                                .addLast(new FlowControlHandler()) // one request at a time
                                .addLast(new HttpConnection(limits, pages, counts, workers, context != null));
                    }
                })
                .bind(new InetSocketAddress(listen.host(), listen.port()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            Throwable cause = bound.cause();
            throw cause instanceof IOException known
                    ? known
                    : new IOException(listen + " cannot be listened on: " + cause, cause);
        }
        return new HttpPort(threads, workers, bound.channel(), tls, connections);
    }

    private static SslContext context(TlsEndpoint tls) {
        return new JdkSslContext(
                tls.server(),
                false,
                null,
                IdentityCipherSuiteFilter.INSTANCE,
                ApplicationProtocolConfig.DISABLED,
                switch (tls.clientAuth()) {
                    case NONE -> ClientAuth.NONE;
                    case OPTIONAL -> ClientAuth.OPTIONAL;
                    case REQUIRE -> ClientAuth.REQUIRE;
                },
                tls.protocols().toArray(new String[0]),
                false);
    }

    private static ThreadFactory daemons(String role) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, role + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Closes the connections whose certificate the present authorities do not sign. */
    void judgeAnew() {
        TlsEndpoint judge = tls;
        if (judge == null) {
            return;
        }
        for (Channel connection : connections) {
            SslHandler encrypted = connection.pipeline().get(SslHandler.class);
            if (encrypted != null && !judge.trusts(encrypted.engine().getSession())) {
                connection.close();
            }
        }
    }

    /** The port that is served. */
    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        workers.shutdownNow();
    }
}

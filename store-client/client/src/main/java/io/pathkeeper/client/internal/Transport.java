package io.pathkeeper.client.internal;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.pathkeeper.client.Credentials;
import io.pathkeeper.client.TlsOptions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one client and the connections that run on them: one I/O thread, which also runs the pipeline and keeps time, and worker threads for callbacks and
 * name look-ups, at most one for each observation, scan and listing that is busy, which end when idle. All are daemons.
 */
final class Transport {
    private static final AtomicInteger CLIENTS = new AtomicInteger();
    private static final int MAX_INBOUND_BYTES = 8 << 20;
    private static final long CLOSE_MILLIS = 4_000;

    private final String prefix = "pathkeeper-client-" + CLIENTS.incrementAndGet() + "-";
    private final EventLoopGroup io;
    private final ThreadPoolExecutor workers;

    private final @Nullable ClientTls tls;
    private final @Nullable SignIn signIn;

    /** The connections that may not have ended yet. */
    private final Set<ManagedChannel> channels = ConcurrentHashMap.newKeySet();

    /**
     * Starts no thread before it is known that TLS works.
     *
     * @throws IllegalArgumentException when the files for TLS cannot be used
     */
    Transport(@Nullable TlsOptions options, @Nullable Credentials credentials) {
        this.tls = options == null ? null : new ClientTls(options);
        this.io = new MultiThreadIoEventLoopGroup(1, threads("io"), NioIoHandler.newFactory());
        this.workers = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), threads("worker"));
        this.signIn = credentials == null ? null : new SignIn(credentials, workers);
    }

    ThreadFactory threads(String role) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + role + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Opens a connection to one server; it connects when the first call is made. */
    ManagedChannel open(String address) {
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon);
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        NettyChannelBuilder builder =
                NettyChannelBuilder.forAddress(host, Integer.parseInt(address.substring(colon + 1)));
        if (tls == null) {
            builder.usePlaintext();
        } else {
            builder.sslContext(tls.context());
        }
        if (signIn != null) {
            builder.intercept(signIn);
        }
        ManagedChannel channel = builder.eventLoopGroup(io)
                .channelType(NioSocketChannel.class)
                .executor(workers)
                .offloadExecutor(workers)
                .maxInboundMessageSize(MAX_INBOUND_BYTES)
                .keepAliveTime(20, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .disableRetry()
                .build();
        channels.removeIf(ManagedChannel::isTerminated);
        channels.add(channel);
        return channel;
    }

    /** Own threads for callbacks. */
    Executor workers() {
        return workers;
    }

    /**
     * Runs a short task on the I/O thread, which must not block, behind what that thread does now.
     *
     * @return false when the thread has ended, and the task will not be run
     */
    boolean execute(Runnable task) {
        try {
            io.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** The same after a time; null when the thread has ended. */
    @Nullable
    Future<?> scheduleNanos(Runnable task, long delayNanos) {
        try {
            return io.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return null;
        }
    }

    /** Runs a short task later on the I/O thread; it must not block. After {@link #close} it is dropped. */
    void schedule(Runnable task, long delayMillis) {
        if (!io.isShuttingDown()) {
            io.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Ends all connections, then all threads: I/O last, since the others still use it while they end. Waits for that for a moment unless
     * told not to; it goes on by itself then.
     */
    void close(boolean wait) {
        Thread closer = threads("closer").newThread(this::end);
        closer.start();
        if (wait) {
            try {
                closer.join(CLOSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void end() {
        try {
            for (ManagedChannel channel : channels) {
                channel.shutdownNow();
            }
            for (ManagedChannel channel : channels) {
                channel.awaitTermination(CLOSE_MILLIS / 4, TimeUnit.MILLISECONDS);
            }
            workers.shutdown();
            workers.awaitTermination(CLOSE_MILLIS / 4, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            workers.shutdown();
        }
        io.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(CLOSE_MILLIS / 4);
    }
}

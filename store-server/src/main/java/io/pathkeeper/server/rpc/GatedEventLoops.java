package io.pathkeeper.server.rpc;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.DefaultChannelPromise;
import io.grpc.netty.shaded.io.netty.channel.IoHandlerFactory;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.util.concurrent.ImmediateEventExecutor;
import io.pathkeeper.server.wire.ConnectionGate;
import java.util.concurrent.ThreadFactory;

/**
 * The threads that serve accepted connections. Every connection is given to them before anything of it is read, so here those that are too
 * many end: before they cost a TLS engine or a buffer.
 */
final class GatedEventLoops extends MultiThreadIoEventLoopGroup {
    private final ConnectionGate gate;
    private final OpenConnections open;

    GatedEventLoops(
            int threads, ThreadFactory factory, IoHandlerFactory handlers, ConnectionGate gate, OpenConnections open) {
        super(threads, factory, handlers);
        this.gate = gate;
        this.open = open;
    }

    @Override
    public ChannelFuture register(Channel channel) {
        Runnable closed = gate.admit(channel.remoteAddress());
        if (closed == null) {
            channel.unsafe().closeForcibly();
            // A failure would be logged for each of them.
            return new DefaultChannelPromise(channel, ImmediateEventExecutor.INSTANCE).setSuccess();
        }
        channel.closeFuture().addListener(ended -> closed.run());
        open.opened(channel);
        return super.register(channel);
    }
}

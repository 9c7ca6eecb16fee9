package io.pathkeeper.server.raft;

import io.pathkeeper.server.wire.ConnectionGate;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.thirdparty.io.netty.channel.Channel;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelFuture;
import org.apache.ratis.thirdparty.io.netty.channel.ChannelPromise;
import org.apache.ratis.thirdparty.io.netty.channel.DefaultChannelPromise;
import org.apache.ratis.thirdparty.io.netty.channel.EventLoop;
import org.apache.ratis.thirdparty.io.netty.channel.EventLoopGroup;
import org.apache.ratis.thirdparty.io.netty.util.concurrent.AbstractEventExecutorGroup;
import org.apache.ratis.thirdparty.io.netty.util.concurrent.EventExecutor;
import org.apache.ratis.thirdparty.io.netty.util.concurrent.Future;
import org.apache.ratis.thirdparty.io.netty.util.concurrent.ImmediateEventExecutor;

/**
 * The threads that serve accepted connections. Every connection is given to them before anything of it is read, so here those that are too
 * many end.
 */
final class GatedEventLoops extends AbstractEventExecutorGroup implements EventLoopGroup {
    private final EventLoopGroup loops;
    private final ConnectionGate gate;

    GatedEventLoops(EventLoopGroup loops, ConnectionGate gate) {
        this.loops = loops;
        this.gate = gate;
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
        return loops.register(channel);
    }

    @Override
    public ChannelFuture register(ChannelPromise promise) {
        return loops.register(promise);
    }

    @Override
    @Deprecated
    public ChannelFuture register(Channel channel, ChannelPromise promise) {
        return loops.register(channel, promise);
    }

    @Override
    public EventLoop next() {
        return loops.next();
    }

    @Override
    public Iterator<EventExecutor> iterator() {
        return loops.iterator();
    }

    @Override
    public boolean isShuttingDown() {
        return loops.isShuttingDown();
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        return loops.shutdownGracefully(quietPeriod, timeout, unit);
    }

    @Override
    public Future<?> terminationFuture() {
        return loops.terminationFuture();
    }

    @Override
    @Deprecated
    public void shutdown() {
        loops.shutdown();
    }

    @Override
    public boolean isShutdown() {
        return loops.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return loops.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return loops.awaitTermination(timeout, unit);
    }
}

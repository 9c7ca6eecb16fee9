package io.pathkeeper.server.rpc;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import io.pathkeeper.server.wire.Cuts;
import io.pathkeeper.server.wire.TlsEndpoint;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The connections that were let in, by the address of their other side. Any thread. */
final class OpenConnections {
    /** Time for calls under way when a connection may not go on. */
    private static final int GRACE_SECONDS = 5;

    private final Cuts cuts;
    private final Map<SocketAddress, Channel> open = new ConcurrentHashMap<>();

    OpenConnections(Cuts cuts) {
        this.cuts = cuts;
    }

    void opened(Channel channel) {
        SocketAddress remote = channel.remoteAddress();
        if (remote != null) {
            open.put(remote, channel);
            channel.closeFuture().addListener(closed -> open.remove(remote, channel));
        }
    }

    /** The handshakes of a connection have ended; on its thread. */
    void ready(SocketAddress remote) {
        Channel channel = open.get(remote);
        ChannelHandlerContext frames =
                channel == null ? null : channel.pipeline().context(Http2ConnectionHandler.class);
        if (channel == null || frames == null) {
            throw new IllegalStateException("a connection is ready that was never let in, or speaks no HTTP/2");
        }
        channel.pipeline().addBefore(frames.name(), "ending-frames", new EndingFrames(cuts));
    }

    private static void askToGo(Channel channel) {
        EndingFrames frames = channel.pipeline().get(EndingFrames.class);
        if (frames != null) {
            frames.endsFor(Cuts.Connection.AUTHORITY);
        }
        channel.close(); // HTTP/2 lets calls under way end first
        channel.eventLoop().schedule(() -> channel.unsafe().closeForcibly(), GRACE_SECONDS, TimeUnit.SECONDS);
    }

    /** Asks those to go whose certificate the present authorities do not sign, and ends them a little later. */
    void judgeAnew(TlsEndpoint tls) {
        for (Channel channel : open.values()) {
            SslHandler encrypted = channel.pipeline().get(SslHandler.class);
            if (encrypted != null && !tls.trusts(encrypted.engine().getSession())) {
                channel.eventLoop().execute(() -> askToGo(channel));
            }
        }
    }
}

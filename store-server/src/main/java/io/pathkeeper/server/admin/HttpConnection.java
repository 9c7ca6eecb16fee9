package io.pathkeeper.server.admin;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.ChannelFutureListener;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.SimpleChannelInboundHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.ChannelInputShutdownEvent;
import io.grpc.netty.shaded.io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.FullHttpResponse;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpContent;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderNames;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaderValues;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpHeaders;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpMethod;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpObject;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpRequest;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpUtil;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpVersion;
import io.grpc.netty.shaded.io.netty.handler.codec.http.LastHttpContent;
import io.grpc.netty.shaded.io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.grpc.netty.shaded.io.netty.handler.codec.http.TooLongHttpLineException;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.grpc.netty.shaded.io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: requests come one after the other, each is answered before the next one is read. What takes too long, is too large or is no
 * request is answered in one line where that can be, and ends the connection.
 *
 * <p>Owned by the connection's I/O thread. There is always one timer: for the request that is waited for, or for the answer to be taken.
 */
final class HttpConnection extends SimpleChannelInboundHandler<HttpObject> {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

    private static final Duration LINGER = Duration.ofSeconds(1);

    private final HttpPort.Limits limits;
    private final HttpPages pages;
    private final HttpCounts counts;
    private final Executor workers;
    private final boolean encrypted;
    private @Nullable Future<?> timer;
    private HttpMethod method = HttpMethod.GET;
    private String target = "";
    private boolean keepAlive;
    private boolean answering;
    private boolean inputEnded;
    private boolean lingering;

    HttpConnection(HttpPort.Limits limits, HttpPages pages, HttpCounts counts, Executor workers, boolean encrypted) {
        this.limits = limits;
        this.pages = pages;
        this.counts = counts;
        this.workers = workers;
        this.encrypted = encrypted;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        if (!encrypted) {
            ready(context);
        }
        super.channelActive(context);
        context.read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof SslHandshakeCompletionEvent shaken && shaken.isSuccess()) {
            ready(context);
        }
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (!answering || lingering) {
                context.close();
            }
        }
        super.userEventTriggered(context, event);
    }

    private void ready(ChannelHandlerContext context) {
        limits.gate().ready(context.channel().remoteAddress());
        within(context, limits.request(), () -> requestIsLate(context));
    }

    private void within(ChannelHandlerContext context, Duration time, Runnable late) {
        stopTimer();
        timer = context.executor().schedule(late, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void stopTimer() {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
    }

    private void requestIsLate(ChannelHandlerContext context) {
        refuse(context, HttpPages.Page.text(408, "the request took too long\n"));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        if (answering) {
            return; // the rest of what was refused
        }
        if (part instanceof HttpRequest request) {
            begin(context, request);
        }
        if (!answering
                && part instanceof HttpContent content
                && content.content().isReadable()) {
            refuse(context, HttpPages.Page.text(413, "requests have no bodies here\n"));
        }
        if (!answering && part instanceof LastHttpContent) {
            answer(context);
        }
        if (!answering) {
            context.read();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!answering) {
            context.read(); // what was read was no whole part, or belonged to TLS
        }
    }

    private void begin(ChannelHandlerContext context, HttpRequest request) {
        Throwable problem = request.decoderResult().cause();
        keepAlive = HttpUtil.isKeepAlive(request);
        method = request.method();
        target = request.uri();
        if (problem instanceof TooLongHttpLineException) {
            refuse(context, HttpPages.Page.text(414, "the first line of the request is too long\n"));
        } else if (problem instanceof TooLongHttpHeaderException) {
            refuse(
                    context,
                    HttpPages.Page.text(
                            431, "the headers of the request have more than " + limits.headerBytes() + " bytes\n"));
        } else if (problem != null) {
            refuse(context, HttpPages.Page.text(400, "this is no request of HTTP\n"));
        } else if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            refuse(context, HttpPages.Page.text(405, "only GET and HEAD are served here\n"));
        }
    }

    private void answer(ChannelHandlerContext context) {
        answering = true;
        stopTimer();
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? "" : target.substring(mark + 1);
        try {
            workers.execute(() -> {
                HttpPages.Page page = make(path, query);
                context.executor().execute(() -> send(context, page));
            });
        } catch (RejectedExecutionException e) {
            keepAlive = false;
            send(context, HttpPages.Page.text(503, "too many requests wait: try again later\n"));
        }
    }

    private HttpPages.Page make(String path, String query) {
        try {
            return pages.get(path, query);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("an HTTP request failed");
            return HttpPages.Page.text(500, "the server has a defect; its log says more\n");
        }
    }

    private void refuse(ChannelHandlerContext context, HttpPages.Page why) {
        answering = true;
        keepAlive = false;
        send(context, why);
    }

    private void send(ChannelHandlerContext context, HttpPages.Page page) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(page.code()),
                Unpooled.wrappedBuffer(page.text().getBytes(StandardCharsets.UTF_8)));
        HttpHeaders headers = response.headers();
        headers.set(HttpHeaderNames.CONTENT_TYPE, page.type());
        headers.setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        headers.set(HttpHeaderNames.CONNECTION, keepAlive ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
        if (page.code() == HttpResponseStatus.METHOD_NOT_ALLOWED.code()) {
            headers.set(HttpHeaderNames.ALLOW, "GET, HEAD");
        }
        counts.ended(page.code());
        within(context, limits.answer(), () -> {
            counts.ended(HttpCounts.UNTAKEN);
            context.close();
        });
        context.writeAndFlush(response)
                .addListener((ChannelFutureListener) written -> sent(context, written.isSuccess()));
    }

    private void sent(ChannelHandlerContext context, boolean whole) {
        if (!whole) {
            context.close();
        } else if (keepAlive) {
            answering = false;
            within(context, limits.idle(), context::close);
            context.read(); // what waits comes at once
            if (inputEnded && !answering) {
                context.close();
            }
        } else if (inputEnded) {
            context.close();
        } else {
            // What still comes is thrown away: closing now would reset the connection and the answer with it.
            lingering = true;
            within(context, LINGER, context::close);
            context.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        stopTimer();
        super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.atDebug().addKeyValue("reason", String.valueOf(cause.getMessage())).log("an HTTP connection failed");
        context.close();
    }
}

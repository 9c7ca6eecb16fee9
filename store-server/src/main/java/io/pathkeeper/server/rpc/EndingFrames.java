package io.pathkeeper.server.rpc;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelOutboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelPromise;
import io.pathkeeper.server.wire.Cuts;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/**
 * Sees the frames of HTTP/2 that the server sends on one connection and counts those that end it or a call of it: the library does both by itself
 * and tells nobody. Looks at heads of frames (RFC 9113, section 4.1) and copies nothing but GOAWAY and RST_STREAM.
 *
 * <p>Owned by the connection's I/O thread.
 */
final class EndingFrames extends ChannelOutboundHandlerAdapter {
    private static final int HEAD = 9;
    /** As much of a GOAWAY as tells why. */
    private static final int MOST_KEPT = 8 + 64;

    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int GOAWAY = 7;
    private static final int END_STREAM = 1;

    private static final int NO_ERROR = 0;
    private static final int PROTOCOL_ERROR = 1;
    private static final int REFUSED_STREAM = 7;
    private static final int CANCEL = 8;
    private static final int ENHANCE_YOUR_CALM = 11;

    private final Cuts cuts;
    private final Set<Cuts.Connection> told = EnumSet.noneOf(Cuts.Connection.class);
    private final byte[] head = new byte[HEAD];
    private final byte[] kept = new byte[MOST_KEPT];
    private int headLength;
    private int payloadLeft;
    private int keptLength;
    private boolean keeping;
    private int answeredWhole;

    EndingFrames(Cuts cuts) {
        this.cuts = cuts;
    }

    /** The server is about to end the connection for this reason; the GOAWAY of it tells nothing more. On the connection's thread. */
    void endsFor(Cuts.Connection reason) {
        if (told.add(reason)) {
            cuts.connection(reason);
        }
        told.add(Cuts.Connection.SHUTDOWN);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            follow(bytes);
        }
        context.write(message, promise);
    }

    private void follow(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (headLength < HEAD) {
                int part = Math.min(HEAD - headLength, end - at);
                bytes.getBytes(at, head, headLength, part);
                headLength += part;
                at += part;
                if (headLength == HEAD) {
                    begin();
                }
            } else {
                int part = Math.min(payloadLeft, end - at);
                if (keeping) {
                    int kept = Math.min(part, MOST_KEPT - keptLength);
                    bytes.getBytes(at, this.kept, keptLength, kept);
                    keptLength += kept;
                }
                payloadLeft -= part;
                at += part;
            }
            if (headLength == HEAD && payloadLeft == 0) {
                end();
            }
        }
    }

    private void begin() {
        payloadLeft = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
        keeping = head[3] == RST_STREAM || head[3] == GOAWAY;
        keptLength = 0;
    }

    private void end() {
        headLength = 0;
        if (head[3] == HEADERS) {
            answeredWhole = (head[4] & END_STREAM) != 0 ? number(head, 5) : 0;
        } else if (head[3] == GOAWAY && keptLength >= 8) {
            connectionEnds(number(kept, 4), new String(kept, 8, keptLength - 8, StandardCharsets.US_ASCII));
        } else if (head[3] == RST_STREAM && keptLength == 4) {
            callEnds(number(head, 5), number(kept, 0));
        }
    }

    private static int number(byte[] from, int at) {
        return (from[at] & 0xff) << 24 | (from[at + 1] & 0xff) << 16 | (from[at + 2] & 0xff) << 8 | from[at + 3] & 0xff;
    }

    private void connectionEnds(int error, String text) {
        Cuts.Connection reason = switch (error) {
            case NO_ERROR ->
                text.equals("max_age")
                        ? Cuts.Connection.AGE
                        : text.equals("max_idle") ? Cuts.Connection.IDLE : Cuts.Connection.SHUTDOWN;
            case ENHANCE_YOUR_CALM ->
                text.equals("too_many_pings")
                        ? Cuts.Connection.PINGS
                        : text.equals("too_many_rststreams") ? Cuts.Connection.RESETS : Cuts.Connection.FLOOD;
            default -> text.startsWith("Header size exceeded") ? Cuts.Connection.HEADERS : Cuts.Connection.PROTOCOL;
        };
        if (told.add(reason)) { // an end in peace is announced twice
            cuts.connection(reason);
        }
    }

    private void callEnds(int stream, int error) {
        switch (error) {
            case NO_ERROR, CANCEL -> {} // how gRPC ends calls
            case REFUSED_STREAM -> cuts.call(Cuts.Call.STREAMS);
            // the library answers 431 and resets
            case PROTOCOL_ERROR -> cuts.call(stream == answeredWhole ? Cuts.Call.HEADERS : Cuts.Call.PROTOCOL);
            default -> cuts.call(Cuts.Call.PROTOCOL);
        }
    }
}

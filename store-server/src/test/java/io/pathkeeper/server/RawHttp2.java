package io.pathkeeper.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A client of HTTP/2 over TLS that sends any frames, as no library lets one. */
final class RawHttp2 implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int PING = 6;
    static final int CONTINUATION = 9;
    static final int END_HEADERS = 4;
    private static final int SETTINGS = 4;

    private final SSLSocket socket;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();

    RawHttp2(SSLContext context, int port) throws IOException {
        socket = (SSLSocket) context.getSocketFactory().createSocket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
        socket.setSoTimeout(30_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        waiting.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        frame(SETTINGS, 0, 0, new byte[0]);
    }

    /** Adds a frame to what {@link #flush} sends. */
    RawHttp2 frame(int type, int flags, int stream, byte[] payload) {
        waiting.writeBytes(ByteBuffer.allocate(9)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .array());
        waiting.writeBytes(payload);
        return this;
    }

    /** The headers of a gRPC call (HPACK, RFC 7541, all literal), with room for more behind them. */
    static byte[] call(String path, String... more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x83); // :method POST
        out.write(0x87); // :scheme https
        literal(out, ":path", path);
        literal(out, ":authority", "localhost");
        literal(out, "content-type", "application/grpc");
        literal(out, "te", "trailers");
        for (int i = 0; i < more.length; i += 2) {
            literal(out, more[i], more[i + 1]);
        }
        return out.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, String name, String value) {
        out.write(0);
        text(out, name);
        text(out, value);
    }

    private static void text(ByteArrayOutputStream out, String text) {
        int left = text.length();
        if (left < 127) {
            out.write(left);
        } else {
            out.write(127);
            for (left -= 127; left >= 128; left >>= 7) {
                out.write(left & 127 | 128);
            }
            out.write(left);
        }
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    /** Sends what was added; that the server ends the connection meanwhile is no failure. */
    RawHttp2 flush() throws IOException {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(waiting.toByteArray());
            out.flush();
        } catch (SocketException e) {
            if (!String.valueOf(e.getMessage()).matches("(?i).*(reset|broken pipe|closed).*")) {
                throw e;
            }
        }
        waiting.reset();
        return this;
    }

    /** Reads until the server ends the connection. */
    void awaitEnd() throws IOException {
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketException e) {
            if (!String.valueOf(e.getMessage()).matches("(?i).*(reset|broken pipe|closed).*")) {
                throw e;
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

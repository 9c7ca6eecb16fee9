package io.pathkeeper.it.security;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** One TLS handshake with a port that speaks HTTP/2. */
final class Knock {
    private Knock() {}

    /**
     * Shakes hands and waits for the first byte, which the server sends by itself.
     *
     * @return the certificate that the server showed
     * @throws IOException when it was refused, also behind the handshake
     */
    static X509Certificate at(int port, SSLContext context) throws IOException {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
            socket.setSoTimeout(20_000);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            if (socket.getInputStream().read() < 0) {
                throw new IOException("the server closed the connection");
            }
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }
}

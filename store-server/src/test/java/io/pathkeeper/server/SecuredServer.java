package io.pathkeeper.server;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.pathkeeper.server.config.ConfigLoader;
import io.pathkeeper.server.wire.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A whole server with TLS on all three ports, and those who knock there. */
final class SecuredServer implements AutoCloseable {
    final TestAuthority clients = new TestAuthority("clients");
    final TestAuthority servers = new TestAuthority("servers");
    final Path directory;
    final int raftPort = freePort();
    final PathkeeperServer server;

    SecuredServer(Path directory, Map<String, String> settings) throws StartException, IOException {
        this.directory = directory;
        Files.createDirectories(directory);
        clients.server("s1").write(directory, "client");
        clients.write(directory.resolve("client-ca.pem"));
        servers.server("s1").write(directory, "raft");
        servers.write(directory.resolve("raft-ca.pem"));
        ConfigLoader loader = new ConfigLoader()
                .set("data.dir", directory.resolve("data").toString(), "test")
                .set("client.listen", "127.0.0.1:0", "test")
                .set("raft.listen", "127.0.0.1:" + raftPort, "test")
                .set("http.listen", "127.0.0.1:0", "test")
                .set("security.tls_poll", "100ms", "test")
                .set("disk.slow_fsync", "1m", "test")
                .set("client.tls.client_auth", "require", "test");
        for (String purpose : new String[] {"client", "raft"}) {
            loader.set(purpose + ".tls.certificate", file(purpose + ".pem"), "test")
                    .set(purpose + ".tls.key", file(purpose + ".key"), "test")
                    .set(purpose + ".tls.ca", file(purpose + "-ca.pem"), "test");
        }
        settings.forEach((key, value) -> loader.set(key, value, "test"));
        server = PathkeeperServer.start(loader.load());
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(server::isReady);
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A channel of gRPC that shows a certificate, or none. */
    ManagedChannel channel(TestAuthority.@Nullable Identity identity, String... protocols) throws IOException {
        SslContextBuilder builder = GrpcSslContexts.forClient().trustManager(clients.certificate());
        if (identity != null) {
            builder.keyManager(identity.key(), identity.certificate());
        }
        if (protocols.length > 0) {
            builder.protocols(protocols);
        }
        return channel(server.clientPort(), builder);
    }

    /** Such a channel through another port, a relay's for example. */
    ManagedChannel channelTo(int port, TestAuthority.Identity identity) throws IOException {
        return channel(
                port,
                GrpcSslContexts.forClient()
                        .trustManager(clients.certificate())
                        .keyManager(identity.key(), identity.certificate()));
    }

    private static ManagedChannel channel(int port, SslContextBuilder builder) throws IOException {
        return NettyChannelBuilder.forAddress("127.0.0.1", port)
                .sslContext(builder.build())
                .build();
    }

    /** A JDK context that trusts one authority and shows a certificate, or none. */
    static SSLContext context(TestAuthority trusted, TestAuthority.@Nullable Identity identity) {
        try {
            KeyStore trust = KeyStore.getInstance(KeyStore.getDefaultType());
            trust.load(null, null);
            trust.setCertificateEntry("authority", trusted.certificate());
            TrustManagerFactory trusts = TrustManagerFactory.getInstance("PKIX");
            trusts.init(trust);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            KeyStore own = KeyStore.getInstance(KeyStore.getDefaultType());
            own.load(null, null);
            if (identity != null) {
                own.setKeyEntry("own", identity.key(), new char[0], new X509Certificate[] {identity.certificate()});
            }
            keys.init(own, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trusts.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Shakes hands and waits for the first byte that an HTTP/2 server sends by itself.
     *
     * @return the certificate that the server showed
     * @throws IOException when the server refused, also behind the handshake
     */
    static X509Certificate knock(SSLContext context, int port) throws IOException {
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

    Socket plain(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
        socket.setSoTimeout(20_000);
        return socket;
    }

    String get(String path) throws IOException, InterruptedException {
        HttpClient http =
                HttpClient.newBuilder().sslContext(context(clients, null)).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.httpPort() + path))
                .timeout(Duration.ofSeconds(20))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** A meter's value by the beginning of its line. */
    double meter(String line) throws IOException, InterruptedException {
        return get("/metrics")
                .lines()
                .filter(each -> each.startsWith(line + " "))
                .mapToDouble(each -> Double.parseDouble(each.substring(line.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    @Override
    public void close() {
        server.close();
    }
}

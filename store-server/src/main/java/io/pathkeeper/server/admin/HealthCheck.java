package io.pathkeeper.server.admin;

import io.pathkeeper.server.config.Address;
import io.pathkeeper.server.config.ConfigException;
import io.pathkeeper.server.config.ConfigLoader;
import io.pathkeeper.server.config.ServerConfig;
import io.pathkeeper.server.wire.OwnKey;
import io.pathkeeper.server.wire.TlsException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.Optional;
import javax.net.SocketFactory;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A small program that asks a server on this machine whether it is alive or ready, for container engines and service managers. It
 * ends with 0 when the server says yes, 1 when it says no or nothing, 2 when it was called wrongly, and prints one line. It takes
 * little more than a plain socket, because it is started anew every few seconds.
 */
public final class HealthCheck {
    private static final String DEFAULT_LISTEN = "127.0.0.1:7422";
    private static final String NO_CERTIFICATE = "none";
    private static final int TIMEOUT_MILLIS = 3_000;

    private HealthCheck() {}

    /** What came of a check. */
    record Outcome(int code, String line) {}

    /**
     * Where a server is.
     *
     * @param certificate the file with its certificate when it serves HTTP over TLS
     * @param key the file with its key when it asks for certificates, since it is the server's own that is shown then
     */
    private record Target(Address address, Optional<Path> certificate, Optional<Path> key) {
        static Target of(Address address, Optional<Path> certificate, Optional<Path> key, String clientAuth) {
            return new Target(address, certificate, clientAuth.equals(NO_CERTIFICATE) ? Optional.empty() : key);
        }
    }

    /**
     * Runs the check.
     *
     * @param arguments {@code livez} or {@code readyz} (default), then where the server is: {@code HOST:PORT}, or {@code --config
     *     FILE} for the settings that it was started with; without either {@code PATHKEEPER_HTTP_LISTEN} or the default
     */
    public static void main(String[] arguments) {
        Outcome outcome = check(arguments, System.getenv());
        System.out.println(outcome.line());
        System.out.flush();
        Runtime.getRuntime().halt(outcome.code());
    }

    static Outcome check(String[] arguments, Map<String, String> environment) {
        String question = arguments.length > 0 ? arguments[0] : "readyz";
        boolean file = arguments.length == 3 && arguments[1].equals("--config");
        if (!(question.equals("livez") || question.equals("readyz")) || arguments.length > 2 && !file) {
            return new Outcome(2, "use: pathkeeper-health [livez|readyz] [HOST:PORT | --config FILE]");
        }
        Target target;
        try {
            target = file ? configured(arguments[2], environment) : given(arguments, environment);
        } catch (IllegalArgumentException | ConfigException e) {
            return new Outcome(2, "no HTTP address of a server: " + e.getMessage());
        }
        try {
            return ask(target, question);
        } catch (IOException | GeneralSecurityException | TlsException e) {
            return new Outcome(1, "no answer from " + target.address() + ": " + e.getMessage());
        }
    }

    private static Target given(String[] arguments, Map<String, String> environment) {
        String address = arguments.length > 1
                ? arguments[1]
                : environment.getOrDefault("PATHKEEPER_HTTP_LISTEN", DEFAULT_LISTEN);
        return Target.of(
                Address.parse(address),
                file(environment, "PATHKEEPER_CLIENT_TLS_CERTIFICATE"),
                file(environment, "PATHKEEPER_CLIENT_TLS_KEY"),
                environment.getOrDefault("PATHKEEPER_HTTP_CLIENT_AUTH", NO_CERTIFICATE));
    }

    private static Optional<Path> file(Map<String, String> environment, String variable) {
        return Optional.of(environment.getOrDefault(variable, ""))
                .filter(name -> !name.isEmpty())
                .map(Path::of);
    }

    private static Target configured(String file, Map<String, String> environment) {
        ConfigLoader loader = new ConfigLoader();
        loader.file(Path.of(file));
        loader.environment(environment);
        ServerConfig config = loader.load();
        Optional<ServerConfig.TlsPaths> tls = config.security().clientTls();
        return Target.of(
                config.http().listen(),
                tls.map(ServerConfig.TlsPaths::certificate),
                tls.map(ServerConfig.TlsPaths::key),
                config.security().httpClientAuth());
    }

    private static Outcome ask(Target target, String question)
            throws IOException, GeneralSecurityException, TlsException {
        Address address = target.address();
        InetAddress host = InetAddress.getByName(address.host());
        if (host.isAnyLocalAddress()) {
            host = InetAddress.getLoopbackAddress(); // what listens everywhere also listens here
        }
        try (Socket socket = target.certificate().isPresent()
                ? trusting(target.certificate().get(), target.key()).createSocket()
                : new Socket()) {
            socket.connect(new InetSocketAddress(host, address.port()), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            String request = "GET /" + question + "?verbose HTTP/1.0\r\nHost: localhost\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String status = answer.readLine();
            if (status == null || !status.matches("HTTP/1\\.[01] \\d{3}.*")) {
                return new Outcome(1, address + " does not answer as a server of ours");
            }
            if (status.startsWith("200", "HTTP/1.x ".length())) {
                return new Outcome(0, question + ": ok");
            }
            return new Outcome(1, question + ": " + reason(answer, status));
        }
    }

    /** The server shows the certificate that its file holds, whatever name is in it: that is who is asked here. */
    private static SocketFactory trusting(Path file, Optional<Path> key)
            throws IOException, GeneralSecurityException, TlsException {
        KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
        known.load(null, null);
        try (InputStream pem = Files.newInputStream(file)) {
            int number = 0;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                known.setCertificateEntry("c" + number++, each);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(known);
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManager[] own = key.isPresent() ? OwnKey.managers(file, key.get()) : new KeyManager[0];
        context.init(own, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    /** The first thing that is missing, or the status line where the server does not say. */
    private static String reason(BufferedReader answer, String status) throws IOException {
        for (@Nullable String line = answer.readLine(); line != null; line = answer.readLine()) {
            if (line.startsWith("[-] ")) {
                return line.substring("[-] ".length());
            }
        }
        return status;
    }
}

package io.pathkeeper.server.admin;

import io.pathkeeper.server.config.Address;
import io.pathkeeper.server.wire.ConnectionGate;
import io.pathkeeper.server.wire.TlsEndpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server: {@code /metrics}, {@code /livez}, {@code /readyz} and {@code /readyz?verbose}. Reads no request bodies. Connections, headers,
 * handshakes, requests and answers have limits; slow connections hold nothing but themselves.
 */
public final class AdminServer implements AutoCloseable {
    private static final Duration REQUEST = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Supplier<String> metrics;
    private final Readiness readiness;
    private final HttpCounts counts = new HttpCounts();
    private final HttpPort port;

    private AdminServer(Address listen, HttpEdge edge, Supplier<String> metrics, Readiness readiness)
            throws IOException {
        this.metrics = metrics;
        this.readiness = readiness;
        HttpPort.Limits limits =
                new HttpPort.Limits(edge.gate(), edge.handshake(), edge.headerBytes(), REQUEST, IDLE, ANSWER);
        port = HttpPort.open(listen, edge.tls(), limits, this::page, counts);
    }

    /**
     * How those come in who ask.
     *
     * @param tls null: plain HTTP
     * @param gate lets connections in
     * @param handshake time that TLS's has
     * @param headerBytes bytes that the headers of a request may have
     */
    public record HttpEdge(@Nullable TlsEndpoint tls, ConnectionGate gate, Duration handshake, int headerBytes) {}

    /**
     * Binds and serves.
     *
     * @param metrics all meters in the text format of Prometheus
     * @throws IOException when the address cannot be bound
     */
    public static AdminServer start(Address listen, HttpEdge edge, Supplier<String> metrics, Readiness readiness)
            throws IOException {
        return new AdminServer(listen, edge, metrics, readiness);
    }

    /** The port that is served. */
    public int port() {
        return port.port();
    }

    /** How requests can end: the codes of HTTP that are answered, and {@code untaken} for answers that nobody took in time. */
    public Set<String> outcomes() {
        return counts.codes();
    }

    /** How many requests ended so. */
    public long requests(String outcome) {
        return counts.of(outcome);
    }

    /** The authorities have changed: ends the connections of those that they do not sign. */
    public void judgeCertificatesAnew() {
        port.judgeAnew();
    }

    private HttpPages.Page page(String path, String query) {
        return switch (path) {
            case "/metrics" -> new HttpPages.Page(200, PROMETHEUS, metrics.get());
            case "/livez" -> HttpPages.Page.text(200, "ok\n");
            case "/readyz" -> readyz(query);
            default -> HttpPages.Page.text(404, "not found: there are /metrics, /livez and /readyz?verbose\n");
        };
    }

    private HttpPages.Page readyz(String query) {
        boolean ready = readiness.isReady();
        StringBuilder text = new StringBuilder();
        if (query.equals("verbose") || query.startsWith("verbose=")) {
            for (String alarm : readiness.alarms()) {
                text.append("[!] alarm: ").append(alarm).append('\n');
            }
            for (Readiness.Check check : readiness.checks()) {
                text.append(check.ok() ? "[+] " : "[-] ").append(check.name());
                text.append(": ").append(check.detail()).append('\n');
            }
        }
        text.append(ready ? "ready\n" : "not ready\n");
        return HttpPages.Page.text(ready ? 200 : 503, text.toString());
    }

    @Override
    public void close() {
        port.close();
    }
}

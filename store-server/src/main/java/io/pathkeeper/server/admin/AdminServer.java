package io.pathkeeper.server.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.pathkeeper.server.config.Address;
import io.pathkeeper.server.wire.ClientAuth;
import io.pathkeeper.server.wire.TlsEndpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server: {@code /metrics}, {@code /livez}, {@code /readyz} and {@code /readyz?verbose}. Reads no request bodies. Four threads, a short
 * queue and time limits for requests and answers: what is too much is cut off.
 */
public final class AdminServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final int THREADS = 4;
    /** With TLS the handshakes run on these threads, too: slow ones must not keep everybody else out. */
    private static final int TLS_THREADS = 32;

    private static final int QUEUE = 64;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final Supplier<String> metrics;
    private final Readiness readiness;

    private AdminServer(HttpServer server, int most, Supplier<String> metrics, Readiness readiness) {
        this.server = server;
        this.metrics = metrics;
        this.readiness = readiness;
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                most,
                most,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUE),
                task -> {
                    Thread thread = new Thread(task, "http-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.AbortPolicy()); // the connection is closed then
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Binds and serves.
     *
     * @param tls null: plain HTTP
     * @param metrics all meters in the text format of Prometheus
     * @throws IOException when the address cannot be bound
     */
    public static AdminServer start(
            Address listen, @Nullable TlsEndpoint tls, Supplier<String> metrics, Readiness readiness)
            throws IOException {
        limit("sun.net.httpserver.maxReqTime", "10"); // seconds
        limit("sun.net.httpserver.maxRspTime", "30");
        limit("sun.net.httpserver.maxReqHeaders", "100");
        limit("jdk.httpserver.maxConnections", "500");
        InetSocketAddress address = new InetSocketAddress(listen.host(), listen.port());
        HttpServer http = tls == null ? HttpServer.create(address, 64) : secured(address, tls);
        AdminServer admin = new AdminServer(http, tls == null ? THREADS : TLS_THREADS, metrics, readiness);
        http.setExecutor(admin.threads);
        http.createContext("/", admin::handle);
        http.start();
        return admin;
    }

    private static HttpsServer secured(InetSocketAddress address, TlsEndpoint tls) throws IOException {
        HttpsServer server = HttpsServer.create(address, 64);
        server.setHttpsConfigurator(new HttpsConfigurator(tls.server()) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
                wanted.setProtocols(tls.protocols().toArray(new String[0]));
                wanted.setWantClientAuth(tls.clientAuth() == ClientAuth.OPTIONAL);
                if (tls.clientAuth() == ClientAuth.REQUIRE) {
                    wanted.setNeedClientAuth(true);
                }
                parameters.setSSLParameters(wanted);
            }
        });
        return server;
    }

    /** The JDK's server has its limits in properties of the process; what the operator set stays. */
    private static void limit(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** The port that is served. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                answer(exchange, 405, TEXT, "only GET and HEAD are served here\n");
                return;
            }
            String path = String.valueOf(exchange.getRequestURI().getPath());
            switch (path) {
                case "/metrics" -> answer(exchange, 200, PROMETHEUS, metrics.get());
                case "/livez" -> answer(exchange, 200, TEXT, "ok\n");
                case "/readyz" -> readyz(exchange);
                default -> answer(exchange, 404, TEXT, "not found: there are /metrics, /livez and /readyz?verbose\n");
            }
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("reason", e.getMessage()).log("an HTTP answer could not be sent");
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("an HTTP request failed");
        }
    }

    private void readyz(HttpExchange exchange) throws IOException {
        boolean ready = readiness.isReady();
        StringBuilder text = new StringBuilder();
        String query = exchange.getRequestURI().getQuery();
        if (query != null && (query.equals("verbose") || query.startsWith("verbose="))) {
            for (String alarm : readiness.alarms()) {
                text.append("[!] alarm: ").append(alarm).append('\n');
            }
            for (Readiness.Check check : readiness.checks()) {
                text.append(check.ok() ? "[+] " : "[-] ").append(check.name());
                text.append(": ").append(check.detail()).append('\n');
            }
        }
        text.append(ready ? "ready\n" : "not ready\n");
        answer(exchange, ready ? 200 : 503, TEXT, text.toString());
    }

    private static void answer(HttpExchange exchange, int code, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(code, -1);
            return;
        }
        exchange.sendResponseHeaders(code, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

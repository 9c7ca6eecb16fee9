package io.pathkeeper.server.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pathkeeper.server.config.Address;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server: {@code /metrics}, {@code /livez}, {@code /readyz} and {@code /readyz?verbose}. Reads no request bodies. Four threads, a short
 * queue and time limits for requests and answers: what is too much is cut off.
 */
public final class AdminServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
    private static final int THREADS = 4;
    private static final int QUEUE = 64;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final Supplier<String> metrics;
    private final Readiness readiness;

    private AdminServer(HttpServer server, Supplier<String> metrics, Readiness readiness) {
        this.server = server;
        this.metrics = metrics;
        this.readiness = readiness;
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUE),
                task -> {
                    Thread thread = new Thread(task, "http-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.AbortPolicy()); // the connection is closed then
    }

    /**
     * Binds and serves.
     *
     * @param metrics all meters in the text format of Prometheus
     * @throws IOException when the address cannot be bound
     */
    public static AdminServer start(Address listen, Supplier<String> metrics, Readiness readiness) throws IOException {
        limit("sun.net.httpserver.maxReqTime", "10"); // seconds
        limit("sun.net.httpserver.maxRspTime", "30");
        limit("sun.net.httpserver.maxReqHeaders", "100");
        limit("jdk.httpserver.maxConnections", "500");
        HttpServer http = HttpServer.create(new InetSocketAddress(listen.host(), listen.port()), 64);
        AdminServer admin = new AdminServer(http, metrics, readiness);
        http.setExecutor(admin.threads);
        http.createContext("/", admin::handle);
        http.start();
        return admin;
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

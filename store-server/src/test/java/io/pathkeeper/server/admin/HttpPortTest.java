package io.pathkeeper.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.config.Address;
import io.pathkeeper.server.wire.ConnectionGate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients of HTTP can do wrong, slowly or too much of, byte by byte. */
@Timeout(60)
class HttpPortTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final String PLAIN = "GET /page HTTP/1.1\r\nHost: h\r\n\r\n";

    private final HttpCounts counts = new HttpCounts();
    private final ConnectionGate gate = new ConnectionGate(200, 100, LONG, System::nanoTime);
    private HttpPort port;

    private void open(Duration request, Duration idle, Duration answer, HttpPages pages) throws IOException {
        port = HttpPort.open(
                new Address("127.0.0.1", 0),
                null,
                new HttpPort.Limits(gate, LONG, 4 << 10, request, idle, answer),
                pages,
                counts);
    }

    private void open() throws IOException {
        open(LONG, LONG, LONG, (path, query) -> HttpPages.Page.text(200, path + "|" + query + "\n"));
    }

    @AfterEach
    void stop() {
        port.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port.port()), 10_000);
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** Sends, and reads until the server ends the connection. */
    private String talk(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            if (request.endsWith("\r\n\r\n") && !request.equals(PLAIN)) {
                socket.shutdownOutput();
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String closing(String line) {
        return line + "\r\nHost: h\r\nConnection: close\r\n\r\n";
    }

    @Test
    void requestsThatComeTogetherAreAnsweredInOrder() throws Exception {
        open();
        String answers =
                talk(PLAIN.replace("page", "one") + PLAIN.replace("page", "two") + closing("GET /three?q HTTP/1.1"));
        assertThat(answers).containsSubsequence("200 OK", "/one|\n", "200 OK", "/two|\n", "200 OK", "/three|q\n");
        assertThat(counts.of("200")).isEqualTo(3);
    }

    @Test
    void oldClientsAndHeadAreServed() throws Exception {
        open();
        assertThat(talk("GET /page HTTP/1.0\r\n\r\n")).contains(" 200 ").endsWith("/page|\n");
        assertThat(talk(closing("HEAD /page HTTP/1.1")))
                .contains("content-length: 7")
                .endsWith("\r\n\r\n");
    }

    @Test
    void whatIsTooLargeOrNoRequestIsRefusedInOneLine() throws Exception {
        open();
        assertThat(talk("GET /" + "x".repeat(5_000) + " HTTP/1.1\r\n\r\n")).contains(" 414 ");
        assertThat(talk("GET / HTTP/1.1\r\nh: " + "x".repeat(5_000) + "\r\n\r\n"))
                .contains(" 431 ");
        assertThat(talk("GET / HTTP/1.1\r\n" + "h: x\r\n".repeat(2_000) + "\r\n"))
                .contains(" 431 ");
        assertThat(talk("no request\r\n\r\n")).contains(" 400 ");
        assertThat(talk("POST / HTTP/1.1\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000)))
                .contains(" 405 ", "allow: GET, HEAD");
        assertThat(talk("GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\n12345")).contains(" 413 ");
        assertThat(talk("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n"))
                .contains(" 413 ");
        for (String code : List.of("400", "405", "414")) {
            assertThat(counts.of(code)).as(code).isEqualTo(1);
        }
        assertThat(counts.of("431")).isEqualTo(2);
        assertThat(counts.of("413")).isEqualTo(2);
    }

    @Test
    void slowRequestIsToldAndCounted() throws Exception {
        open(SHORT, LONG, LONG, (path, query) -> HttpPages.Page.text(200, "ok\n"));
        assertThat(talk("GET /page HT")).contains(" 408 ");
        assertThat(talk("")).contains(" 408 ");
        assertThat(counts.of("408")).isEqualTo(2);
    }

    @Test
    void connectionThatAsksNothingMoreIsClosed() throws Exception {
        open(LONG, SHORT, LONG, (path, query) -> HttpPages.Page.text(200, "ok\n"));
        assertThat(talk(PLAIN)).endsWith("ok\n");
        Awaitility.await().atMost(LONG).until(() -> gate.open() == 0);
    }

    @Test
    void answerThatNobodyTakesEndsTheConnection() throws Exception {
        String large = "x".repeat(32 << 20);
        open(LONG, LONG, SHORT, (path, query) -> HttpPages.Page.text(200, large));
        try (Socket socket = connect()) {
            socket.getOutputStream().write(PLAIN.getBytes(StandardCharsets.ISO_8859_1));
            Awaitility.await().atMost(LONG).until(() -> gate.open() == 0);
        }
        assertThat(counts.of(HttpCounts.UNTAKEN)).isEqualTo(1);
    }

    @Test
    void slowPagesKeepOthersFromWaitingWithoutEnd() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        open(LONG, LONG, LONG, (path, query) -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return HttpPages.Page.text(200, "ok\n");
        });
        List<Socket> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < 80; i++) { // four are made, 64 wait
                Socket socket = connect();
                waiting.add(socket);
                socket.getOutputStream().write(PLAIN.getBytes(StandardCharsets.ISO_8859_1));
            }
            Awaitility.await().atMost(LONG).until(() -> counts.of("503") == 12);
        } finally {
            go.countDown();
            for (Socket socket : waiting) {
                socket.close();
            }
        }
        assertThat(talk(closing("GET /page HTTP/1.1"))).endsWith("ok\n");
    }

    @Test
    void pageThatFailsIsTheServersFault() throws Exception {
        open(LONG, LONG, LONG, (path, query) -> {
            throw new IllegalStateException("inside");
        });
        assertThat(talk(closing("GET /page HTTP/1.1"))).contains(" 500 ").doesNotContain("inside");
    }
}

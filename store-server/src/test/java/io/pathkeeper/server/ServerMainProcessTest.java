package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process: every way in and out. */
@Timeout(180)
class ServerMainProcessTest {
    @TempDir
    private Path dir;

    private record Ended(int code, String out, String err) {}

    private static ProcessBuilder command(Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx300m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ServerMain.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("PATHKEEPER_"));
        builder.environment().putAll(environment);
        return builder;
    }

    private static Ended run(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Process process = command(environment, arguments).start();
        String out = text(process.getInputStream());
        String err = text(process.getErrorStream());
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), out, err);
    }

    private static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private static void failsInOneLine(Ended ended, int code, String... parts) {
        assertThat(ended.err).contains(parts);
        assertThat(ended.code).isEqualTo(code);
        assertThat(ended.out).isEmpty();
        assertThat(ended.err.lines().filter(line -> line.startsWith("pathkeeper-server: ")))
                .hasSize(1);
        assertThat(ended.err).doesNotContain("\tat ");
    }

    @Test
    void wrongUseEndsWithTwo() throws Exception {
        failsInOneLine(run(Map.of(), "--frobnicate"), 2, "--frobnicate", "--help");
        failsInOneLine(run(Map.of(), "--set", "raft.lisen=x"), 2, "unknown key 'raft.lisen'", "raft.listen");
        failsInOneLine(
                run(Map.of("PATHKEEPER_LIMITS_VALUE_BYTES", "7GiB")), 2, "limits.value_bytes", "7GiB", "1KiB to 1MiB");
    }

    @Test
    void configurationIsPrintedAndReadAgain() throws Exception {
        Ended first = run(
                Map.of("PATHKEEPER_MEMBER_ID", "s9"), "--print-config", "--data", "/x/y", "--set", "log.level=warn");
        Path file = Files.writeString(dir.resolve("c.yaml"), first.out);
        Ended second = run(Map.of(), "--config", file.toString(), "--print-config");

        assertThat(first.code).isZero();
        assertThat(first.out).contains("member:\n  id: s9\n", "data:\n  dir: /x/y\n", "level: warn");
        assertThat(second.out).isEqualTo(first.out);
    }

    @Test
    void portInUseEndsWithThree() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            failsInOneLine(
                    run(Map.of(), "--data", dir.resolve("d").toString(), "--http-listen", address),
                    3,
                    "http.listen",
                    address);
        }
        assertThat(dir.resolve("d")).doesNotExist();
    }

    @Test
    void foreignDirectoryEndsWithFour() throws Exception {
        Files.writeString(dir.resolve("other"), "");

        failsInOneLine(
                run(
                        Map.of(),
                        "--data",
                        dir.toString(),
                        "--client-listen=127.0.0.1:0",
                        "--raft-listen=127.0.0.1:0",
                        "--http-listen=127.0.0.1:0"),
                4,
                "not one of ours");
    }

    @Test
    void servesUntilItIsAskedToStop() throws Exception {
        int http = freePort();
        String[] arguments = {
            "--data", dir.resolve("d").toString(),
            "--client-listen", "127.0.0.1:" + freePort(),
            "--raft-listen", "127.0.0.1:" + freePort(),
            "--http-listen", "127.0.0.1:" + http,
            "--set", "log.format=json"
        };
        Process process = command(Map.of(), arguments).start();
        try (BufferedReader log =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            List<String> lines = new ArrayList<>();
            String line = log.readLine();
            while (line != null && !line.contains("\"serving\"")) {
                lines.add(line);
                line = log.readLine();
            }
            assertThat(line).as("log so far: %s", lines).isNotNull().startsWith("{");
            assertThat(get(http, "/readyz?verbose").statusCode()).isEqualTo(200);
            Ended second = run(
                    Map.of(),
                    "--data",
                    dir.resolve("d").toString(),
                    "--client-listen=127.0.0.1:0",
                    "--raft-listen=127.0.0.1:0",
                    "--http-listen=127.0.0.1:0");
            failsInOneLine(second, 4, "is used by another process");

            assertThat(process.toHandle().destroy()).isTrue(); // SIGTERM, and the log can be read to its end
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(log.lines().toList()).last().asString().contains("stopped");
        } finally {
            process.destroyForcibly();
        }
    }

    private static HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}

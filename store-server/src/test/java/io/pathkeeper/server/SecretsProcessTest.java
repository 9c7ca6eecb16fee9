package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.pathkeeper.server.wire.TestAuthority;
import io.pathkeeper.v1.AuthServiceGrpc;
import io.pathkeeper.v1.AuthenticateRequest;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.CreateSessionRequest;
import io.pathkeeper.v1.CreateTokenRequest;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.SessionServiceGrpc;
import io.pathkeeper.v1.SetUserRequest;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.WhoAmIRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of secret goes through a real server that logs all it can; none of them is in anything that the server tells. */
@Timeout(180)
class SecretsProcessTest {
    private static final String ROOT = "root-SECRET-0123456789abcdef0123456789ab";
    private static final String PASSWORD = "password-SECRET-correct-horse";
    private static final String WRONG_PASSWORD = "password-SECRET-wrong-horse";
    private static final String WRONG_TOKEN = "pkt1.SECRET-of-nobody-0123456789abcdef";
    private static final String VALUE = "value-SECRET-of-a-znode";

    @TempDir
    private Path dir;

    private final Map<String, String> secrets = new LinkedHashMap<>();
    private final Map<String, String> outputs = new LinkedHashMap<>();
    private final List<String> errors = new ArrayList<>();

    /** Which secret is in which output, as it is or encoded. */
    private static List<String> leaks(Map<String, String> secrets, Map<String, String> outputs) {
        List<String> found = new ArrayList<>();
        secrets.forEach((secret, text) -> {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            String packed = Base64.getEncoder().withoutPadding().encodeToString(bytes);
            List<String> forms = List.of(
                    text,
                    packed.substring(0, packed.length() - 2), // the end hangs on what follows
                    HexFormat.of().formatHex(bytes));
            outputs.forEach((output, told) -> {
                if (forms.stream().anyMatch(form -> told.toLowerCase().contains(form.toLowerCase()))) {
                    found.add(secret + " is in " + output);
                }
            });
        });
        return found;
    }

    @Test
    void searchFindsWhatIsPlanted() {
        Map<String, String> planted = Map.of("a secret", PASSWORD);
        for (String told : List.of(
                "x " + PASSWORD + " y",
                Base64.getEncoder().encodeToString((PASSWORD + "more").getBytes(StandardCharsets.UTF_8)),
                HexFormat.of().withUpperCase().formatHex(PASSWORD.getBytes(StandardCharsets.UTF_8)))) {
            assertThat(leaks(planted, Map.of("an output", told))).containsExactly("a secret is in an output");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private static ProcessBuilder server(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx300m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ServerMain.class.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("PATHKEEPER_"));
        return builder.redirectErrorStream(true);
    }

    private static Channel as(Channel channel, String token) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private void refused(Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            errors.add(e.getStatus() + " " + e.getTrailers() + " " + StatusProto.fromThrowable(e));
            return;
        }
        throw new AssertionError("it was not refused");
    }

    @Test
    void noSecretIsInAnythingThatAServerTells() throws Exception {
        TestAuthority authority = new TestAuthority("clients");
        authority.server("s1").write(dir, "server");
        Path token = dir.resolve("root.token");
        Files.createFile(token, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(token, ROOT + "\n");
        int client = freePort();
        int http = freePort();
        List<String> arguments =
                new ArrayList<>(List.of("--data", dir.resolve("data").toString()));
        for (String setting : List.of(
                "client.listen=127.0.0.1:" + client,
                "raft.listen=127.0.0.1:" + freePort(),
                "http.listen=127.0.0.1:" + http,
                "client.tls.certificate=" + dir.resolve("server.pem"),
                "client.tls.key=" + dir.resolve("server.key"),
                "auth.enabled=true",
                "auth.root_token_file=" + token,
                "audit.file=" + dir.resolve("audit.log"),
                "audit.writes=true",
                "log.level=trace")) {
            arguments.addAll(List.of("--set", setting));
        }
        Path log = dir.resolve("server.log");
        Process process = server(arguments).redirectOutput(log.toFile()).start();
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", client)
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(authority.certificate())
                        .build())
                .build();
        try {
            HttpClient https = HttpClient.newBuilder()
                    .sslContext(SecuredServer.context(authority, null))
                    .build();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(90))
                    .ignoreExceptions()
                    .until(() -> get(https, http, "/readyz").equals("ready\n"));
            use(channel);
            outputs.put("metrics", get(https, http, "/metrics"));
            outputs.put("readiness", get(https, http, "/readyz?verbose"));
            outputs.put(
                    "the process list",
                    Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                            + Files.readString(Path.of("/proc", Long.toString(process.pid()), "environ")));
        } finally {
            channel.shutdownNow();
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        outputs.put("errors", String.join("\n", errors));
        outputs.put("the log", Files.readString(log));
        outputs.put("the audit log", Files.readString(dir.resolve("audit.log")));
        arguments.add("--print-config");
        Process printing = server(arguments).start();
        outputs.put("--print-config", new String(printing.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        String key = Files.readString(dir.resolve("server.key")).replaceAll("-----[A-Z ]+-----|\\s", "");
        secrets.put("the private key", key.substring(40, 80));

        assertThat(outputs.get("the audit log")).contains("alice", "AuthService/Authenticate", "StoreService/Create");
        assertThat(outputs.get("the log")).contains(" started ", " serving ");
        assertThat(outputs.get("metrics")).contains("pathkeeper_auth_failures_total 2");
        assertThat(outputs.get("--print-config")).contains("root_token_file: " + token);
        assertThat(outputs.get("errors")).contains("SIGN_IN_FAILED", "TOKEN_INVALID");
        assertThat(outputs.get("the process list")).contains("auth.enabled=true");
        assertThat(secrets).hasSize(10);
        assertThat(leaks(secrets, outputs)).isEmpty();
    }

    private static String get(HttpClient https, int port, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20))
                .build();
        return https.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** Brings each kind of secret to the server, or gets it from there. */
    private void use(ManagedChannel channel) {
        Channel root = as(channel, ROOT);
        var auth = AuthServiceGrpc.newBlockingStub(root).withDeadlineAfter(60, TimeUnit.SECONDS);
        auth.setUser(SetUserRequest.newBuilder()
                .setName("alice")
                .setPassword(PASSWORD)
                .build());
        var open = AuthServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
        var signIn = AuthenticateRequest.newBuilder().setUser("alice");
        secrets.put(
                "a sign-in token",
                open.authenticate(signIn.setPassword(PASSWORD).build()).getToken());
        refused(() -> open.authenticate(signIn.setPassword(WRONG_PASSWORD).build()));
        secrets.put(
                "a static token",
                auth.createToken(CreateTokenRequest.newBuilder()
                                .setPrincipal("alice")
                                .build())
                        .getToken());
        refused(() -> AuthServiceGrpc.newBlockingStub(as(channel, WRONG_TOKEN))
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .whoAmI(WhoAmIRequest.getDefaultInstance()));
        var store = StoreServiceGrpc.newBlockingStub(root).withDeadlineAfter(60, TimeUnit.SECONDS);
        CreateRequest create = CreateRequest.newBuilder()
                .setPath("/told")
                .setData(Payload.newBuilder().setJson('"' + VALUE + '"'))
                .build();
        store.create(create);
        refused(() -> store.create(create));
        ByteString session = SessionServiceGrpc.newBlockingStub(root)
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .createSession(
                        CreateSessionRequest.newBuilder().setTimeoutMs(20_000).build())
                .getSession()
                .getSecret();
        secrets.put("a session's secret", Base64.getEncoder().withoutPadding().encodeToString(session.toByteArray()));
        secrets.put("a session's secret in hexadecimal", HexFormat.of().formatHex(session.toByteArray()));
        secrets.put("the break-glass token", ROOT);
        secrets.put("a password", PASSWORD);
        secrets.put("a wrong password", WRONG_PASSWORD);
        secrets.put("a wrong token", WRONG_TOKEN);
        secrets.put("a value", VALUE);
    }
}

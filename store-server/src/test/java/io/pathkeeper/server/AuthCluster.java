package io.pathkeeper.server;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.pathkeeper.server.config.ConfigLoader;
import io.pathkeeper.v1.AccessRule;
import io.pathkeeper.v1.AuthServiceGrpc;
import io.pathkeeper.v1.Binding;
import io.pathkeeper.v1.CreateTokenRequest;
import io.pathkeeper.v1.Role;
import io.pathkeeper.v1.SetBindingRequest;
import io.pathkeeper.v1.SetRoleRequest;
import io.pathkeeper.v1.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** One server with authentication on, and clients with credentials. */
final class AuthCluster implements AutoCloseable {
    static final String ROOT = "root-token-0123456789abcdef0123456789abcdef";

    final PathkeeperServer server;
    final Path auditFile;
    private final ManagedChannel channel;

    AuthCluster(Path dir, Map<String, String> settings) throws IOException, StartException {
        Path token = dir.resolve("root.token");
        if (!Files.exists(token)) {
            Files.createFile(token, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(token, ROOT + "\n");
        }
        auditFile = dir.resolve("audit.log");
        ConfigLoader loader = new ConfigLoader()
                .set("data.dir", dir.resolve("data").toString(), "test")
                .set("client.listen", "127.0.0.1:0", "test")
                .set("raft.listen", "127.0.0.1:0", "test")
                .set("http.listen", "127.0.0.1:0", "test")
                .set("auth.enabled", "true", "test")
                .set("auth.root_token_file", token.toString(), "test")
                .set("audit.file", auditFile.toString(), "test")
                .set("audit.writes", "true", "test");
        settings.forEach((key, value) -> loader.set(key, value, "test"));
        server = PathkeeperServer.start(loader.load());
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(server::isReady);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.clientPort())
                .usePlaintext()
                .build();
    }

    /** A channel whose calls have a token; empty for none. */
    Channel as(String token) {
        return with(token.isEmpty() ? Map.of() : Map.of("authorization", "Bearer " + token));
    }

    /** A channel whose calls have metadata. */
    Channel with(Map<String, String> metadata) {
        Metadata headers = new Metadata();
        metadata.forEach((key, value) -> headers.put(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER), value));
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    AuthServiceGrpc.AuthServiceBlockingStub root() {
        return AuthServiceGrpc.newBlockingStub(as(ROOT)).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    /** Makes a role and binds it to a principal. */
    void grant(String role, String principal, AccessRule... rules) {
        root().setRole(SetRoleRequest.newBuilder()
                .setRole(Role.newBuilder().setName(role).addAllRules(List.of(rules)))
                .build());
        bind(role, principal);
    }

    void bind(String role, String principal) {
        root().setBinding(SetBindingRequest.newBuilder()
                .setBinding(Binding.newBuilder()
                        .setName(role + "-" + principal)
                        .setRole(role)
                        .addPrincipals(principal))
                .build());
    }

    /** A static token of a principal. */
    String token(String principal) {
        return root().createToken(
                        CreateTokenRequest.newBuilder().setPrincipal(principal).build())
                .getToken();
    }

    static AccessRule allow(String path, Verb... verbs) {
        return AccessRule.newBuilder().setPath(path).addAllVerbs(List.of(verbs)).build();
    }

    static AccessRule deny(String path, Verb... verbs) {
        return allow(path, verbs).toBuilder().setDeny(true).build();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
    }
}

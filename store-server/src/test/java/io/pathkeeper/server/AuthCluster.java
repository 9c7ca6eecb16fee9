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
import io.pathkeeper.v1.AuthenticateRequest;
import io.pathkeeper.v1.Binding;
import io.pathkeeper.v1.CreateTokenRequest;
import io.pathkeeper.v1.DeleteBindingRequest;
import io.pathkeeper.v1.DeleteNamespaceRequest;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.DeleteRoleRequest;
import io.pathkeeper.v1.DeleteTokenRequest;
import io.pathkeeper.v1.DeleteUserRequest;
import io.pathkeeper.v1.GroupNames;
import io.pathkeeper.v1.ListBindingsRequest;
import io.pathkeeper.v1.ListChildrenRequest;
import io.pathkeeper.v1.ListNamespacesRequest;
import io.pathkeeper.v1.ListRolesRequest;
import io.pathkeeper.v1.ListTokensRequest;
import io.pathkeeper.v1.ListUsersRequest;
import io.pathkeeper.v1.Role;
import io.pathkeeper.v1.SetBindingRequest;
import io.pathkeeper.v1.SetRoleRequest;
import io.pathkeeper.v1.SetUserRequest;
import io.pathkeeper.v1.StoreServiceGrpc;
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

    /** Who stays an administrator between tests that share a server. */
    static final String KEEPER = "keeper";

    static final String KEEPER_BINDING = "admin-" + KEEPER;

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
                .set("auth.password_iterations", "1000", "test")
                .set("raft.election_timeout_min", "50ms", "test")
                .set("raft.election_timeout_max", "100ms", "test")
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

    void unbind(String binding) {
        root().deleteBinding(DeleteBindingRequest.newBuilder().setName(binding).build());
    }

    /** Makes a user. */
    void user(String name, String password, String... groups) {
        root().setUser(SetUserRequest.newBuilder()
                .setName(name)
                .setPassword(password)
                .setGroups(GroupNames.newBuilder().addAllNames(List.of(groups)))
                .build());
    }

    /** Exchanges a password for a token. */
    String signIn(String user, String password) {
        return AuthServiceGrpc.newBlockingStub(as(""))
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .authenticate(AuthenticateRequest.newBuilder()
                        .setUser(user)
                        .setPassword(password)
                        .build())
                .getToken();
    }

    /** A static token of a principal. */
    String token(String principal) {
        return root().createToken(
                        CreateTokenRequest.newBuilder().setPrincipal(principal).build())
                .getToken();
    }

    /** Takes away every record and every znode, so that the next test begins as on a new server; one administrator has to stay. */
    void clear() {
        bind("admin", KEEPER);
        AuthServiceGrpc.AuthServiceBlockingStub root = root();
        root.listBindings(ListBindingsRequest.getDefaultInstance()).getBindingsList().stream()
                .filter(binding -> !binding.getName().equals(KEEPER_BINDING))
                .forEach(binding -> root.deleteBinding(DeleteBindingRequest.newBuilder()
                        .setName(binding.getName())
                        .build()));
        root.listRoles(ListRolesRequest.getDefaultInstance())
                .getRolesList()
                .forEach(role -> root.deleteRole(
                        DeleteRoleRequest.newBuilder().setName(role.getName()).build()));
        root.listTokens(ListTokensRequest.getDefaultInstance())
                .getTokensList()
                .forEach(token -> root.deleteToken(
                        DeleteTokenRequest.newBuilder().setId(token.getId()).build()));
        root.listUsers(ListUsersRequest.getDefaultInstance())
                .getUsersList()
                .forEach(user -> root.deleteUser(
                        DeleteUserRequest.newBuilder().setName(user.getName()).build()));
        root.listNamespaces(ListNamespacesRequest.getDefaultInstance())
                .getNamespacesList()
                .forEach(namespace -> root.deleteNamespace(DeleteNamespaceRequest.newBuilder()
                        .setName(namespace.getName())
                        .build()));
        StoreServiceGrpc.StoreServiceBlockingStub store = StoreServiceGrpc.newBlockingStub(as(ROOT));
        store.listChildren(ListChildrenRequest.newBuilder().setPath("/").build()).getChildrenList().stream()
                .filter(child -> !child.getName().startsWith("_sys"))
                .forEach(child -> store.delete(DeleteRequest.newBuilder()
                        .setPath("/" + child.getName())
                        .setRecursive(true)
                        .build()));
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

package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import io.pathkeeper.server.wire.TestAuthority;
import io.pathkeeper.v1.AuthServiceGrpc;
import io.pathkeeper.v1.AuthServiceGrpc.AuthServiceBlockingStub;
import io.pathkeeper.v1.Binding;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.CreateTokenRequest;
import io.pathkeeper.v1.CredentialKind;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.Role;
import io.pathkeeper.v1.SetBindingRequest;
import io.pathkeeper.v1.SetRoleRequest;
import io.pathkeeper.v1.SetUserRequest;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.Verb;
import io.pathkeeper.v1.WhoAmIRequest;
import io.pathkeeper.v1.WhoAmIResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who calls, by the certificate of a real connection, on a server where a certificate may be shown and need not be. */
@Timeout(180)
class CertificateIdentityTest {
    private static final String ROOT = "root-token-0123456789abcdef0123456789abcdef";

    @TempDir
    private static Path dir;

    private static SecuredServer server;
    private static final List<ManagedChannel> OPEN = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        Path token = dir.resolve("root.token");
        Files.createFile(token, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(token, ROOT);
        server = new SecuredServer(
                dir.resolve("server"),
                Map.of(
                        "client.tls.client_auth", "optional",
                        "auth.enabled", "true",
                        "auth.root_token_file", token.toString(),
                        "auth.password_iterations", "1000",
                        "auth.certificate_principal", "san"));
        AuthServiceBlockingStub root = auth(null, ROOT);
        root.setRole(SetRoleRequest.newBuilder()
                .setRole(Role.newBuilder()
                        .setName("app")
                        .addRules(AuthCluster.allow("/app", Verb.VERB_READ, Verb.VERB_CREATE)))
                .build());
        root.setBinding(SetBindingRequest.newBuilder()
                .setBinding(Binding.newBuilder().setName("app").setRole("app").addPrincipals("app.example"))
                .build());
        StoreServiceGrpc.newBlockingStub(channel(null, ROOT))
                .create(CreateRequest.newBuilder().setPath("/app").build());
    }

    @AfterAll
    static void stop() {
        OPEN.forEach(ManagedChannel::shutdownNow);
        server.close();
    }

    /** A channel with a certificate that names this, or none, and with a token, or none. */
    private static Channel channel(@Nullable String name, @Nullable String token) throws IOException {
        ManagedChannel channel = server.channel(name == null ? null : server.clients.client("subject", name));
        OPEN.add(channel);
        Metadata headers = new Metadata();
        if (token != null) {
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        }
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static AuthServiceBlockingStub auth(@Nullable String name, @Nullable String token) throws IOException {
        return AuthServiceGrpc.newBlockingStub(channel(name, token)).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private static WhoAmIResponse who(AuthServiceBlockingStub stub) {
        return stub.whoAmI(WhoAmIRequest.getDefaultInstance());
    }

    private static GetRequest get() {
        return GetRequest.newBuilder().setPath("/app").build();
    }

    @Test
    void aCertificateAloneSaysWhoCalls() throws Exception {
        WhoAmIResponse who = who(auth("app.example", null));

        assertThat(who.getPrincipal()).isEqualTo("app.example");
        assertThat(who.getKind()).isEqualTo(CredentialKind.CREDENTIAL_KIND_CERTIFICATE);
        assertThat(who.getRolesList()).containsExactly("app");
        assertThat(StoreServiceGrpc.newBlockingStub(channel("app.example", null))
                        .get(get())
                        .getPath())
                .isEqualTo("/app");
    }

    @Test
    void anotherNameHasItsOwnRightsAlone() throws Exception {
        for (String other : List.of("other.example", "app.example.org", "App.example", "*.example")) {
            assertThat(who(auth(other, null)).getPrincipal()).isEqualTo(other);
            Channel channel = channel(other, null);
            assertThat(Reasons.of(
                            () -> StoreServiceGrpc.newBlockingStub(channel).get(get())))
                    .as(other)
                    .isEqualTo("DENIED");
        }
    }

    @Test
    void aTokenGoesBeforeACertificateAndABadOneIsNotForgiven() throws Exception {
        String token = auth(null, ROOT)
                .createToken(CreateTokenRequest.newBuilder().setPrincipal("bob").build())
                .getToken();

        WhoAmIResponse who = who(auth("app.example", token));
        assertThat(who.getPrincipal()).isEqualTo("bob");
        assertThat(who.getKind()).isEqualTo(CredentialKind.CREDENTIAL_KIND_TOKEN);
        AuthServiceBlockingStub bad = auth("app.example", "pkt1.no.such");
        assertThat(Reasons.of(() -> who(bad))).isEqualTo("TOKEN_INVALID");
    }

    @Test
    void withoutACertificateATokenIsNeeded() throws Exception {
        AuthServiceBlockingStub nobody = auth(null, null);
        assertThat(Reasons.of(() -> who(nobody))).isEqualTo("CREDENTIAL_MISSING");
        assertThat(who(auth(null, ROOT)).getKind()).isEqualTo(CredentialKind.CREDENTIAL_KIND_ROOT);
        assertThat(HealthGrpc.newBlockingStub(channel(null, null))
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatusValue())
                .isPositive();
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefusedThoughNoneIsNeeded() throws Exception {
        ManagedChannel foreign = server.channel(
                new TestAuthority("clients").client("subject", "app.example")); // of the same name, with another key
        OPEN.add(foreign);
        StatusRuntimeException error = Assertions.catchThrowableOfType(
                StatusRuntimeException.class,
                () -> who(AuthServiceGrpc.newBlockingStub(foreign).withDeadlineAfter(30, TimeUnit.SECONDS)));
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void aUserWhoIsDisabledIsRefusedWithItsCertificate() throws Exception {
        AuthServiceBlockingStub carol = auth("carol.example", null);
        assertThat(who(carol).getPrincipal()).isEqualTo("carol.example");
        auth(null, ROOT)
                .setUser(SetUserRequest.newBuilder()
                        .setName("carol.example")
                        .setDisabled(true)
                        .build());

        assertThat(Reasons.of(() -> who(carol)))
                .as("the connection is the same")
                .isEqualTo("TOKEN_INVALID");
    }
}

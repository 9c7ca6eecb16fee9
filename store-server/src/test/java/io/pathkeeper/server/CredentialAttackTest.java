package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.v1.AuthServiceGrpc;
import io.pathkeeper.v1.AuthenticateRequest;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.CredentialKind;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.ListAlarmsRequest;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import io.pathkeeper.v1.PipelineOperation;
import io.pathkeeper.v1.PipelineRequest;
import io.pathkeeper.v1.PipelineResponse;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.SetUserRequest;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.TransactOperation;
import io.pathkeeper.v1.TransactRequest;
import io.pathkeeper.v1.WhoAmIRequest;
import io.pathkeeper.v1.WhoAmIResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Forged and foreign credentials, and whether the audit log has every write and no secret. */
@Timeout(180)
class CredentialAttackTest {
    @TempDir
    private Path dir;

    private static WhoAmIResponse who(AuthCluster cluster, String token) {
        return AuthServiceGrpc.newBlockingStub(cluster.as(token))
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .whoAmI(WhoAmIRequest.getDefaultInstance());
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("https://issuer.example")
                .audience("pathkeeper")
                .subject("alice")
                .claim("groups", List.of("ops"))
                .expirationTime(new Date(System.currentTimeMillis() + 600_000));
    }

    private static String signed(RSAKey key, JWTClaimsSet claims) throws Exception {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
        jwt.sign(new RSASSASigner(key));
        return jwt.serialize();
    }

    @Test
    void onlyJwtsOfTheIssuerForThisServiceCount() throws Exception {
        RSAKey key = new RSAKeyGenerator(2048).keyID("k1").generate();
        RSAKey foreign = new RSAKeyGenerator(2048).keyID("k1").generate();
        Path jwks = dir.resolve("jwks.json");
        Files.writeString(jwks, new JWKSet(key.toPublicJWK()).toString());
        try (AuthCluster cluster = new AuthCluster(
                dir,
                Map.of(
                        "auth.jwks_file", jwks.toString(),
                        "auth.jwt_issuer", "https://issuer.example",
                        "auth.jwt_audience", "pathkeeper",
                        "auth.jwt_groups_claim", "groups"))) {
            WhoAmIResponse alice = who(cluster, signed(key, claims().build()));
            assertThat(alice.getPrincipal()).isEqualTo("alice");
            assertThat(alice.getKind()).isEqualTo(CredentialKind.CREDENTIAL_KIND_JWT);
            assertThat(alice.getGroupsList()).containsExactly("ops");

            // the public key as a shared secret: what a verifier does that believes the header
            SignedJWT swapped = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(), claims().build());
            swapped.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
            String good = signed(key, claims().build());
            Map<String, String> forged = Map.of(
                    "no signature", new PlainJWT(claims().build()).serialize(),
                    "signature cut off", good.substring(0, good.lastIndexOf('.') + 1),
                    "swapped algorithm", swapped.serialize(),
                    "foreign key", signed(foreign, claims().build()),
                    "wrong issuer",
                            signed(key, claims().issuer("https://evil.example").build()),
                    "wrong audience", signed(key, claims().audience("other").build()),
                    "no end", signed(key, claims().expirationTime(null).build()),
                    "subject with a path",
                            signed(key, claims().subject("../admin").build()));
            forged.forEach((what, token) ->
                    assertThat(Reasons.of(() -> who(cluster, token))).as(what).isEqualTo("TOKEN_INVALID"));
            String late = signed(
                    key,
                    claims().expirationTime(new Date(System.currentTimeMillis() - 120_000))
                            .build());
            assertThat(Reasons.of(() -> who(cluster, late))).isEqualTo("TOKEN_EXPIRED");

            // another set of keys counts without a restart; rubbish keeps the last one
            Files.writeString(jwks, new JWKSet(foreign.toPublicJWK()).toString() + " ");
            String next = signed(foreign, claims().build());
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> assertThat(who(cluster, next).getPrincipal()).isEqualTo("alice"));
            assertThat(Reasons.of(() -> who(cluster, good))).isEqualTo("TOKEN_INVALID");
            Files.writeString(jwks, "rubbish");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(alarms(cluster)).contains("AUTH_RELOAD_FAILED auth.jwks_file"));
            assertThat(who(cluster, next).getPrincipal()).isEqualTo("alice");
            Files.writeString(jwks, new JWKSet(foreign.toPublicJWK()).toString());
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () -> assertThat(alarms(cluster)).doesNotContain("AUTH_RELOAD_FAILED auth.jwks_file"));
        }
    }

    private static List<String> alarms(AuthCluster cluster) {
        return MaintenanceServiceGrpc.newBlockingStub(cluster.as(AuthCluster.ROOT))
                .listAlarms(ListAlarmsRequest.getDefaultInstance())
                .getAlarmsList()
                .stream()
                .map(alarm -> alarm.getType() + " " + alarm.getSubject())
                .toList();
    }

    @Test
    void tokensOfAnotherClusterAreRefused() throws Exception {
        Path other = Files.createDirectory(dir.resolve("other"));
        String signedIn;
        String made;
        try (AuthCluster cluster = new AuthCluster(other, Map.of())) {
            cluster.root()
                    .setUser(SetUserRequest.newBuilder()
                            .setName("alice")
                            .setPassword("correct horse")
                            .build());
            signedIn = AuthServiceGrpc.newBlockingStub(cluster.as(""))
                    .authenticate(AuthenticateRequest.newBuilder()
                            .setUser("alice")
                            .setPassword("correct horse")
                            .build())
                    .getToken();
            made = cluster.token("alice");
            assertThat(who(cluster, signedIn).getPrincipal()).isEqualTo("alice");
        }
        try (AuthCluster cluster = new AuthCluster(dir, Map.of())) {
            cluster.root().setUser(SetUserRequest.newBuilder().setName("alice").build());
            assertThat(Reasons.of(() -> who(cluster, signedIn))).isEqualTo("TOKEN_INVALID");
            assertThat(Reasons.of(() -> who(cluster, made))).isEqualTo("TOKEN_INVALID");
        }
    }

    @Test
    void everyWriteIsInTheAuditLogOnceAndNoSecretIs() throws Exception {
        try (AuthCluster cluster = new AuthCluster(dir, Map.of())) {
            var store = StoreServiceGrpc.newBlockingStub(cluster.as(AuthCluster.ROOT));
            CreateRequest create = CreateRequest.newBuilder()
                    .setPath("/audited")
                    .setData(io.pathkeeper.v1.Payload.newBuilder().setJson("\"a secret value\""))
                    .build();
            long revision = store.create(create).getRevision();
            store.set(SetRequest.newBuilder().setPath("/audited").build());
            store.transact(TransactRequest.newBuilder()
                    .addThen(TransactOperation.newBuilder()
                            .setSet(SetRequest.newBuilder().setPath("/audited")))
                    .build());
            pipelined(cluster, create.toBuilder().setPath("/piped").build());
            store.delete(DeleteRequest.newBuilder().setPath("/audited").build());
            cluster.root()
                    .setUser(SetUserRequest.newBuilder()
                            .setName("alice")
                            .setPassword("correct horse")
                            .build());
            String token = AuthServiceGrpc.newBlockingStub(cluster.as(""))
                    .authenticate(AuthenticateRequest.newBuilder()
                            .setUser("alice")
                            .setPassword("correct horse")
                            .build())
                    .getToken();
            assertThat(Reasons.of(() -> StoreServiceGrpc.newBlockingStub(cluster.as(token))
                            .create(create.toBuilder().setPath("/denied").build())))
                    .isEqualTo("DENIED");

            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> Files.readString(cluster.auditFile).contains("/denied"));
            String log = Files.readString(cluster.auditFile);
            assertThat(lines(log, "StoreService/Create\"")).hasSize(2);
            assertThat(lines(log, "StoreService/Create\"").get(0))
                    .contains("\"principal\":\"root\"", "\"credential\":\"root\"", "\"path\":\"/audited\"")
                    .contains("\"revision\":" + revision, "\"outcome\":\"OK\"", "\"peer\":\"127.0.0.1:");
            assertThat(lines(log, "StoreService/Create\"").get(1))
                    .contains("\"principal\":\"alice\"", "\"outcome\":\"PERMISSION_DENIED\"", "\"reason\":\"DENIED\"");
            assertThat(lines(log, "StoreService/Set\"")).hasSize(1);
            assertThat(lines(log, "StoreService/Transact\"")).hasSize(1);
            assertThat(lines(log, "StoreService/Delete\"")).hasSize(1);
            assertThat(lines(log, "StoreService/Pipeline/create\"")).hasSize(1);
            assertThat(lines(log, "AuthService/SetUser\"")).hasSize(1);
            assertThat(lines(log, "AuthService/Authenticate\"")).hasSize(1);
            assertThat(log)
                    .doesNotContain("secret value")
                    .doesNotContain("correct horse")
                    .doesNotContain(token)
                    .doesNotContain(AuthCluster.ROOT);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cluster.auditFile)))
                    .isEqualTo("rw-------");
        }
    }

    private static List<String> lines(String log, String what) {
        return log.lines().filter(line -> line.contains(what)).toList();
    }

    private static void pipelined(AuthCluster cluster, CreateRequest create) throws Exception {
        CompletableFuture<PipelineResponse> answer = new CompletableFuture<>();
        StreamObserver<PipelineRequest> requests = StoreServiceGrpc.newStub(cluster.as(AuthCluster.ROOT))
                .pipeline(new StreamObserver<>() {
                    @Override
                    public void onNext(PipelineResponse response) {
                        answer.complete(response);
                    }

                    @Override
                    public void onError(Throwable error) {
                        answer.completeExceptionally(error);
                    }

                    @Override
                    public void onCompleted() {}
                });
        requests.onNext(PipelineRequest.newBuilder()
                .addOperations(PipelineOperation.newBuilder().setCreate(create))
                .build());
        assertThat(answer.get(20, TimeUnit.SECONDS).getResults(0).hasCreate()).isTrue();
        requests.onCompleted();
    }
}

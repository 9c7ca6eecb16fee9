package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.pathkeeper.server.config.ConfigLoader;
import io.pathkeeper.v1.AuthServiceGrpc;
import io.pathkeeper.v1.AuthenticateRequest;
import io.pathkeeper.v1.Consistency;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveServiceGrpc;
import io.pathkeeper.v1.ObserveTarget;
import io.pathkeeper.v1.ReadOptions;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.WhoAmIRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that has started without data and does not reach the others: it does not pretend to know what the store has not. */
@Timeout(120)
class StartingServerTest {
    private static final String ROOT = "root-token-0123456789abcdef0123456789abcdef";

    @TempDir
    private Path dir;

    private PathkeeperServer server;
    private ManagedChannel channel;

    @BeforeEach
    void startOneOfThree() throws IOException, StartException {
        Path token = Files.createFile(
                dir.resolve("root.token"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(token, ROOT + "\n");
        server = PathkeeperServer.start(new ConfigLoader()
                .set("data.dir", dir.resolve("data").toString(), "test")
                .set("member.id", "s1", "test")
                // nobody listens at these ports
                .set(
                        "cluster.members",
                        "s1=127.0.0.1:1/127.0.0.1:2,s2=127.0.0.1:3/127.0.0.1:4,s3=127.0.0.1:5/127.0.0.1:6",
                        "test")
                .set("client.listen", "127.0.0.1:0", "test")
                .set("raft.listen", "127.0.0.1:0", "test")
                .set("http.listen", "127.0.0.1:0", "test")
                .set("auth.enabled", "true", "test")
                .set("auth.root_token_file", token.toString(), "test")
                .set("raft.election_timeout_min", "50ms", "test")
                .set("raft.election_timeout_max", "100ms", "test")
                .load());
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.clientPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    private Channel with(Map<String, String> metadata) {
        Metadata headers = new Metadata();
        metadata.forEach((key, value) -> headers.put(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER), value));
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private Channel root() {
        return with(Map.of("authorization", "Bearer " + ROOT));
    }

    @Test
    void refusesNoCredentialForRecordsThatItDoesNotHave() {
        for (String token : new String[] {"pkt1.abc.def", "pks1.abc.def", "of no kind"}) {
            ErrorInfo why =
                    Reasons.info(() -> AuthServiceGrpc.newBlockingStub(with(Map.of("authorization", "Bearer " + token)))
                            .withDeadlineAfter(20, TimeUnit.SECONDS)
                            .whoAmI(WhoAmIRequest.getDefaultInstance()));
            assertThat(why.getReason()).as(token).isEqualTo("CATCHING_UP");
            assertThat(why.getMetadataMap()).containsEntry("outcome", "NOT_APPLIED");
        }
        assertThat(Reasons.of(() -> AuthServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .authenticate(AuthenticateRequest.newBuilder()
                                .setUser("alice")
                                .setPassword("correct horse")
                                .build())))
                .isEqualTo("CATCHING_UP");
    }

    @Test
    void knowsWhatItNeedsNoRecordsFor() {
        assertThat(Reasons.of(() -> AuthServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .whoAmI(WhoAmIRequest.getDefaultInstance())))
                .isEqualTo("CREDENTIAL_MISSING");
        assertThat(AuthServiceGrpc.newBlockingStub(root())
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .whoAmI(WhoAmIRequest.getDefaultInstance())
                        .getPrincipal())
                .isEqualTo("root");
    }

    @Test
    void doesNotSayThatANamespaceIsNotThere() {
        Channel within = with(Map.of("authorization", "Bearer " + ROOT, "pathkeeper-namespace", "team"));
        assertThat(Reasons.of(() -> local(within))).isEqualTo("CATCHING_UP");
    }

    @Test
    void showsNoEmptyTree() {
        assertThat(Reasons.of(() -> local(root()))).isIn("NO_LEADER", "NO_QUORUM");
        assertThat(Reasons.of(() -> ObserveServiceGrpc.newBlockingStub(root())
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .observe(ObserveRequest.newBuilder()
                                .addTargets(ObserveTarget.newBuilder().setPath("/"))
                                .build())
                        .next()))
                .isIn("NO_LEADER", "NO_QUORUM");
    }

    private static void local(Channel channel) {
        StoreServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .get(GetRequest.newBuilder()
                        .setPath("/a")
                        .setOptions(ReadOptions.newBuilder().setConsistency(Consistency.CONSISTENCY_LOCAL))
                        .build());
    }
}

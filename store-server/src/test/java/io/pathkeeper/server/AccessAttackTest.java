package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.DeleteTokenRequest;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.GetResponse;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveServiceGrpc;
import io.pathkeeper.v1.ObserveTarget;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.PipelineOperation;
import io.pathkeeper.v1.PipelineRequest;
import io.pathkeeper.v1.PipelineResponse;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.Verb;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways around the rules: other spellings of a path that is denied, and streams that outlive their token. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessAttackTest {
    private static final String TREASURE = "the treasure";

    private AuthCluster cluster;
    private Channel mallory;

    @BeforeAll
    void start(@TempDir Path dir) throws Exception {
        cluster = new AuthCluster(dir, Map.of());
        var store = StoreServiceGrpc.newBlockingStub(cluster.as(AuthCluster.ROOT));
        for (String path : List.of("/open/secret/inside", "/secret", "/open/plain")) {
            store.create(CreateRequest.newBuilder()
                    .setPath(path)
                    .setCreateParents(true)
                    .setData(Payload.newBuilder().setJson('"' + TREASURE + '"'))
                    .build());
        }
        Verb[] all = {Verb.VERB_READ, Verb.VERB_OBSERVE, Verb.VERB_CREATE, Verb.VERB_WRITE, Verb.VERB_DELETE};
        cluster.grant("m", "mallory", AuthCluster.allow("/open", all), AuthCluster.deny("/open/secret", all));
        mallory = cluster.as(cluster.token("mallory"));
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    private static GetResponse get(Channel channel, String path) {
        return StoreServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .get(GetRequest.newBuilder().setPath(path).build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/secret",
                "/open/secret",
                "/open/secret/inside",
                "/open/../secret",
                "/open/plain/../secret/inside",
                "/open/./secret/inside",
                "/./secret",
                "//secret",
                "/open//secret/inside",
                "/open/secret/",
                "/open/secret//inside",
                "open/secret/inside",
                "\\open\\secret\\inside",
                "/open\\secret\\inside",
                "/open/%73ecret/inside",
                "/open%2fsecret%2finside",
                "/open/%2e%2e/secret",
                "/open/..%2fsecret",
                "/open/%252e%252e/secret",
                "/OPEN/SECRET/inside",
                "/open/SECRET/inside",
                "/open/\uff53ecret/inside", // full-width s
                "/open/\u0455ecret/inside", // Cyrillic s
                "/open/s\u200becret/inside", // zero-width space
                "/open/secret\u0301/inside", // combining accent
                "/open/\u202esecret/inside", // right to left
                "/open\u2215secret\u2215inside", // division slash
                "/open/\u2025/secret", // two dot leader
                "/open/secret\u0000/inside",
                "/open/secret /inside",
                " /open/secret/inside",
                "/open/secret;x=1/inside",
                "/open/secret?/inside",
                "/open/secret#/inside",
                "/open/sec*/inside",
                "/open/${principal}/../secret",
            })
    void noSpellingOfADeniedPathReachesIt(String path) {
        try {
            assertThat(get(mallory, path).getData().toString()).doesNotContain(TREASURE);
        } catch (StatusRuntimeException e) {
            assertThat(Reasons.of(StatusProto.fromThrowable(e))).isIn("DENIED", "PATH_INVALID", "NODE_NOT_FOUND");
        }
        assertThat(Reasons.of(() -> StoreServiceGrpc.newBlockingStub(mallory)
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .create(CreateRequest.newBuilder()
                                .setPath(path + "/planted/deep")
                                .build())))
                .isIn("DENIED", "PATH_INVALID", "PARENT_NOT_FOUND");
    }

    @Test
    void pathThatIsAllowedIsReached() {
        assertThat(get(mallory, "/open/plain").getData().toString()).contains(TREASURE);
    }

    private void takeBack(String token) {
        cluster.root()
                .deleteToken(DeleteTokenRequest.newBuilder()
                        .setId(token.split("\\.")[1])
                        .build());
    }

    @Test
    void observationEndsWithItsToken() throws Exception {
        String token = cluster.token("mallory");
        End<ObserveResponse> end = new End<>();
        ObserveServiceGrpc.newStub(cluster.as(token))
                .observe(
                        ObserveRequest.newBuilder()
                                .addTargets(ObserveTarget.newBuilder().setPath("/open/plain"))
                                .build(),
                        end);
        end.first.get(20, TimeUnit.SECONDS);

        takeBack(token);

        assertThat(end.reason.get(20, TimeUnit.SECONDS)).isEqualTo("TOKEN_INVALID");
    }

    @Test
    void pipelineEndsWithItsToken() throws Exception {
        String token = cluster.token("mallory");
        End<PipelineResponse> end = new End<>();
        StreamObserver<PipelineRequest> requests =
                StoreServiceGrpc.newStub(cluster.as(token)).pipeline(end);
        requests.onNext(PipelineRequest.newBuilder()
                .addOperations(PipelineOperation.newBuilder()
                        .setGet(GetRequest.newBuilder().setPath("/open/plain")))
                .build());
        end.first.get(20, TimeUnit.SECONDS);

        takeBack(token);

        assertThat(end.reason.get(20, TimeUnit.SECONDS)).isEqualTo("TOKEN_INVALID");
    }

    private static final class End<T> implements StreamObserver<T> {
        final CompletableFuture<T> first = new CompletableFuture<>();
        final CompletableFuture<String> reason = new CompletableFuture<>();

        @Override
        public void onNext(T answer) {
            first.complete(answer);
        }

        @Override
        public void onError(Throwable error) {
            reason.complete(Reasons.of(StatusProto.fromThrowable(error)));
        }

        @Override
        public void onCompleted() {
            reason.complete("completed");
        }
    }
}

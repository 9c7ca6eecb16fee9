package io.pathkeeper.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.client.Credentials;
import io.pathkeeper.v1.AuthServiceGrpc;
import io.pathkeeper.v1.AuthenticateRequest;
import io.pathkeeper.v1.AuthenticateResponse;
import io.pathkeeper.v1.WhoAmIRequest;
import io.pathkeeper.v1.WhoAmIResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client sends to say who it is, against a server that writes it down. */
@Timeout(60)
class SignInTest {
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final AtomicInteger signIns = new AtomicInteger();
    private final AtomicReference<String> refused = new AtomicReference<>("");
    private volatile long lifeMillis = 600_000;
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .addService(new AuthServiceGrpc.AuthServiceImplBase() {
                    @Override
                    public void authenticate(AuthenticateRequest r, StreamObserver<AuthenticateResponse> observer) {
                        if (!r.getPassword().equals("correct horse")) {
                            observer.onError(Status.UNAUTHENTICATED.asRuntimeException());
                            return;
                        }
                        observer.onNext(AuthenticateResponse.newBuilder()
                                .setToken("token-" + signIns.incrementAndGet())
                                .setRemainingMs(lifeMillis)
                                .build());
                        observer.onCompleted();
                    }

                    @Override
                    public void whoAmI(WhoAmIRequest r, StreamObserver<WhoAmIResponse> observer) {
                        if (seen.get(seen.size() - 1).equals(refused.get())) {
                            observer.onError(Status.UNAUTHENTICATED.asRuntimeException());
                            return;
                        }
                        observer.onNext(WhoAmIResponse.getDefaultInstance());
                        observer.onCompleted();
                    }
                })
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, R> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
                        seen.add(header(headers, "authorization") + header(headers, "pathkeeper-namespace"));
                        return next.startCall(call, headers);
                    }
                })
                .build()
                .start();
    }

    private static String header(Metadata headers, String name) {
        String value = headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
        return value == null ? "" : value;
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    private void who(Credentials credentials, int times) {
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .intercept(new SignIn(credentials, ForkJoinPool.commonPool()))
                .build();
        for (int i = 0; i < times; i++) {
            AuthServiceGrpc.newBlockingStub(channel).whoAmI(WhoAmIRequest.getDefaultInstance());
        }
    }

    @Test
    void aTokenIsOnEveryCall() {
        who(Credentials.token(" abc\n").inNamespace("/ns"), 2);

        assertThat(seen).containsExactly("Bearer abc/ns", "Bearer abc/ns");
    }

    @Test
    void aTokenThatChangesIsAskedForAnew() {
        AtomicInteger number = new AtomicInteger();
        who(Credentials.token(() -> "t" + number.incrementAndGet()), 2);

        assertThat(seen).containsExactly("Bearer t1", "Bearer t2");
    }

    @Test
    void aPasswordIsExchangedOnce() {
        who(Credentials.password("alice", "correct horse"), 3);

        assertThat(seen).containsExactly("", "Bearer token-1", "Bearer token-1", "Bearer token-1");
    }

    @Test
    void aCallThatRunsOnTheThreadOfItsConnectionSignsInElsewhere() throws Exception {
        lifeMillis = 0; // each call signs in
        who(
                Credentials.password("alice", "correct horse"),
                1); // the connection is there: its thread makes what follows
        for (int i = 0; i < 2; i++) {
            AuthServiceGrpc.newFutureStub(channel)
                    .withExecutor(Runnable::run)
                    .whoAmI(WhoAmIRequest.getDefaultInstance())
                    .get(5, TimeUnit.SECONDS);
        }

        assertThat(seen).endsWith("", "Bearer token-2", "", "Bearer token-3");
    }

    @Test
    void aTokenIsRenewedBeforeItEnds() {
        lifeMillis = 0;
        who(Credentials.password("alice", "correct horse"), 2);

        assertThat(seen).containsExactly("", "Bearer token-1", "", "Bearer token-2");
    }

    @Test
    void aTokenThatIsRefusedIsReplacedForTheNextCall() {
        who(Credentials.password("alice", "correct horse"), 1);
        refused.set("Bearer token-1");
        assertThatThrownBy(() -> AuthServiceGrpc.newBlockingStub(channel).whoAmI(WhoAmIRequest.getDefaultInstance()))
                .isInstanceOf(StatusRuntimeException.class);
        AuthServiceGrpc.newBlockingStub(channel).whoAmI(WhoAmIRequest.getDefaultInstance());

        assertThat(seen).endsWith("Bearer token-1", "", "Bearer token-2");
    }

    @Test
    void aTokenThatWasGoodOnceEndsTheCallAsIfTheServerWereAway() {
        who(Credentials.password("alice", "correct horse"), 1);
        refused.set("Bearer token-1");

        assertThatThrownBy(() -> AuthServiceGrpc.newBlockingStub(channel).whoAmI(WhoAmIRequest.getDefaultInstance()))
                .isInstanceOfSatisfying(StatusRuntimeException.class, e -> {
                    Errors.WireError error = Errors.of(e.getStatus(), e.getTrailers());
                    assertThat(error.unavailable()).isTrue();
                    assertThat(error.unreachable()).isFalse();
                });
    }

    @Test
    void aTokenThatWasNeverGoodEndsTheCallForGood() {
        refused.set("Bearer token-1");

        assertThatThrownBy(() -> who(Credentials.password("alice", "correct horse"), 1))
                .hasMessageContaining("UNAUTHENTICATED");
    }

    @Test
    void aTokenThatCannotBeRenewedEndsTheCallForGood() {
        who(Credentials.token("abc"), 1);
        refused.set("Bearer abc");

        assertThatThrownBy(() -> AuthServiceGrpc.newBlockingStub(channel).whoAmI(WhoAmIRequest.getDefaultInstance()))
                .hasMessageContaining("UNAUTHENTICATED");
    }

    @Test
    void aPasswordThatWasRefusedIsNotTriedAgainForEveryCall() {
        assertThatThrownBy(() -> who(Credentials.password("alice", "wrong horse"), 1))
                .hasMessageContaining("UNAUTHENTICATED");
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(
                            () -> AuthServiceGrpc.newBlockingStub(channel).whoAmI(WhoAmIRequest.getDefaultInstance()))
                    .hasMessageContaining("UNAUTHENTICATED");
        }

        assertThat(seen.size()).isLessThan(5);
    }

    @Test
    void aWrongPasswordFailsTheCallWithoutShowingIt() {
        assertThatThrownBy(() -> who(Credentials.password("alice", "wrong horse"), 1))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("UNAUTHENTICATED")
                .hasMessageNotContaining("horse");
        assertThat(Credentials.password("alice", "wrong horse").toString()).doesNotContain("horse");
    }

    @Test
    void rubbishIsNoToken() {
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).build();

        assertThatThrownBy(() -> Credentials.token("a b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Credentials.token("")).isInstanceOf(IllegalArgumentException.class);
    }
}

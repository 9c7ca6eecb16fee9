package io.pathkeeper.it.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pathkeeper.client.Credentials;
import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.access.AccessRule;
import io.pathkeeper.client.access.Binding;
import io.pathkeeper.client.access.CredentialKind;
import io.pathkeeper.client.access.NewToken;
import io.pathkeeper.client.access.Role;
import io.pathkeeper.client.access.UserChange;
import io.pathkeeper.client.access.Verb;
import io.pathkeeper.client.error.AccessDeniedException;
import io.pathkeeper.client.error.NodeNotFoundException;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.model.SetOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.observe.Observation;
import io.pathkeeper.client.observe.ObserveFrame;
import io.pathkeeper.client.observe.ObserveListener;
import io.pathkeeper.client.observe.ObserveRequest;
import io.pathkeeper.client.session.SessionOptions;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.process.FreePorts;
import io.pathkeeper.server.PathkeeperServer;
import io.pathkeeper.server.StartException;
import io.pathkeeper.server.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a program gets that may not: its reason, at once, and nothing of it when its credentials can be renewed. One server. */
@Timeout(120)
class CredentialsIT {
    private static final String ROOT_TOKEN = "0123456789abcdef0123456789abcdef";
    private static final String PASSWORD = "correct horse battery";
    /** Far more than a refusal takes, far less than the time limit of a call. */
    private static final Duration AT_ONCE = Duration.ofSeconds(15);

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private static Path directory;

    private static PathkeeperServer server;
    private static String address;
    private static PathkeeperClient root;

    private final List<PathkeeperClient> clients = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException, StartException {
        Path token = Files.createFile(
                directory.resolve("root.token"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(token, ROOT_TOKEN);
        List<Integer> ports = FreePorts.find(3);
        address = "127.0.0.1:" + ports.get(0);
        ConfigLoader loader = new ConfigLoader();
        Map.of(
                        "data.dir",
                        directory.resolve("data").toString(),
                        "member.id",
                        "s1",
                        "cluster.id",
                        "credentials",
                        "cluster.members",
                        "s1=127.0.0.1:" + ports.get(1) + "/" + address,
                        "client.listen",
                        address,
                        "raft.listen",
                        "127.0.0.1:" + ports.get(1),
                        "http.listen",
                        "127.0.0.1:" + ports.get(2),
                        "auth.enabled",
                        "true",
                        "auth.root_token_file",
                        token.toString())
                .forEach((key, value) -> loader.set(key, value, "test"));
        server = PathkeeperServer.start(loader.load());
        Await.until("the server is ready", LIMIT, server::isReady);
        root = connect(Credentials.token(ROOT_TOKEN));
        root.access()
                .setRole(new Role(
                        "app",
                        List.of(AccessRule.allow(
                                "/app", Verb.READ, Verb.OBSERVE, Verb.CREATE, Verb.WRITE, Verb.DELETE))))
                .join();
        root.store().create("/app", Value.of(0));
    }

    @AfterAll
    static void stop() {
        root.close();
        server.close();
    }

    @AfterEach
    void closeClients() {
        clients.forEach(PathkeeperClient::close);
    }

    private static PathkeeperClient connect(Credentials credentials) {
        return PathkeeperClient.builder()
                .servers(address)
                .credentials(credentials)
                .requestTimeout(LIMIT)
                .build();
    }

    private PathkeeperClient client(Credentials credentials) {
        PathkeeperClient client = connect(credentials);
        clients.add(client);
        return client;
    }

    private static void user(String name) {
        root.access().setUser(name, UserChange.none().password(PASSWORD)).join();
        root.access()
                .setBinding(new Binding("app-" + name, "app", List.of(name), List.of()))
                .join();
    }

    /** Does what must be refused, and returns with what. */
    private static <E extends PathkeeperException> E refused(Class<E> type, Runnable call) {
        long begun = System.nanoTime();
        E error = catchThrowableOfType(type, () -> {
            try {
                call.run();
            } catch (CompletionException e) {
                throw e.getCause();
            }
        });
        assertThat(error).isNotNull();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(AT_ONCE);
        assertThat(error.outcome()).isEqualTo(Outcome.NOT_APPLIED);
        return error;
    }

    private static String reason(Runnable call) {
        return refused(AccessDeniedException.class, call).reason();
    }

    @Test
    void aCallWithoutACredentialFailsAtOnceEachTime() {
        PathkeeperClient client = client(Credentials.none());

        for (int i = 0; i < 3; i++) {
            assertThat(reason(() -> client.store().create("/app/none", Value.NULL)))
                    .isEqualTo(Reason.CREDENTIAL_MISSING);
        }
        assertThat(reason(() -> client.access().whoAmI().join())).isEqualTo(Reason.CREDENTIAL_MISSING);
        assertThat(reason(() -> client.sessions().open(SessionOptions.defaults())))
                .isEqualTo(Reason.CREDENTIAL_MISSING);
    }

    @Test
    void aWrongTokenIsSaidToBeWrong() {
        PathkeeperClient client = client(Credentials.token("pkt1.wrong.token"));

        assertThat(reason(() -> client.store().get("/app"))).isEqualTo(Reason.TOKEN_INVALID);
    }

    @Test
    void aWrongPasswordIsSaidToBeWrongAndNotTriedAgainForEveryCall() {
        PathkeeperClient client = client(Credentials.password("nobody", PASSWORD));

        // more calls than sign-ins may fail from one address within a minute
        for (int i = 0; i < 30; i++) {
            assertThat(reason(() -> client.access().whoAmI().join())).isEqualTo(Reason.SIGN_IN_FAILED);
        }
        assertThat(reason(() -> client.store().get("/app"))).isEqualTo(Reason.SIGN_IN_FAILED);
    }

    @Test
    void aNamespaceThatIsMissingIsNamed() {
        PathkeeperClient client = client(Credentials.token(ROOT_TOKEN).inNamespace("nowhere"));

        NodeNotFoundException error =
                refused(NodeNotFoundException.class, () -> client.store().get("/"));

        assertThat(error.reason()).isEqualTo(Reason.NAMESPACE_NOT_FOUND);
        assertThat(error.metadata()).containsEntry("namespace", "nowhere");
    }

    @Test
    void aTokenThatWasTakenBackEndsWhatGoesOn() throws Exception {
        NewToken token =
                root.access().createToken("someone", Duration.ofHours(1), "").join();
        root.access()
                .setBinding(new Binding("someone", "app", List.of("someone"), List.of()))
                .join();
        PathkeeperClient client = client(Credentials.token(token.secret()));
        client.store().get("/app");
        Ended ended = observe(client, "/app");

        root.access().deleteToken(token.info().id()).join();

        assertThat(ended.reason()).isEqualTo(Reason.TOKEN_INVALID);
        assertThat(reason(() -> client.access().whoAmI().join())).isEqualTo(Reason.TOKEN_INVALID);
        PathkeeperClient other = client(Credentials.token(token.secret()));
        assertThat(reason(() -> other.store().get("/app"))).isEqualTo(Reason.TOKEN_INVALID);
    }

    @Test
    void observersEndWithTheRightThatWentAndNeverBeginWithoutOne() throws Exception {
        user("bob");
        PathkeeperClient client = client(Credentials.password("bob", PASSWORD));
        Ended ended = observe(client, "/app");

        root.access().deleteBinding("app-bob").join();

        assertThat(ended.reason()).isEqualTo(Reason.DENIED);
        CompletableFuture<Void> never =
                client.observe(ObserveRequest.subtree("/app"), events -> {}).ended();
        assertThat(reason(never::join)).isEqualTo(Reason.DENIED);
        assertThat(reason(() -> client.store().get("/app"))).isEqualTo(Reason.DENIED);
    }

    @Test
    void aSignInThatCountsNoMoreIsMadeAgainUnseen() throws Exception {
        user("carol");
        PathkeeperClient client = client(Credentials.password("carol", PASSWORD));
        client.store().set("/app/carol", Value.of(1), SetOptions.defaults().allowMissing(true));
        CompletableFuture<Long> seen = new CompletableFuture<>();
        Observation observation = client.observe(
                ObserveRequest.node("/app/carol"),
                events -> seen.complete(events.events().get(0).value().asLong()));
        // the same password anew: all tokens that it was exchanged for end
        root.access().setUser("carol", UserChange.none().password(PASSWORD)).join();

        client.store().set("/app/carol", Value.of(2));

        assertThat(client.access().whoAmI().join().kind()).isEqualTo(CredentialKind.PASSWORD);
        assertThat(seen.get(60, TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(observation.ended()).isNotDone();
        client.sessions().open(SessionOptions.defaults()).close();
    }

    @Test
    void aPasswordThatWasChangedElsewhereIsSaidToBeWrong() {
        user("dora");
        PathkeeperClient client = client(Credentials.password("dora", PASSWORD));
        client.store().get("/app");

        root.access()
                .setUser("dora", UserChange.none().password("another " + PASSWORD))
                .join();

        assertThat(reason(() -> client.access().whoAmI().join())).isEqualTo(Reason.SIGN_IN_FAILED);
    }

    private static Ended observe(PathkeeperClient client, String path) throws Exception {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        Observation observation = client.observe(ObserveRequest.node(path), new ObserveListener() {
            @Override
            public void onEvents(ObserveFrame.Events events) {}

            @Override
            public void onCreated(ObserveFrame.Created created) {
                begun.complete(null);
            }
        });
        begun.get(60, TimeUnit.SECONDS);
        return new Ended(observation.ended());
    }

    private record Ended(CompletableFuture<Void> future) {
        String reason() {
            return CredentialsIT.reason(future::join);
        }
    }
}

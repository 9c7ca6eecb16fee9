package io.pathkeeper.it.scenario;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.session.PathkeeperSession;
import io.pathkeeper.client.session.SessionOptions;
import io.pathkeeper.it.cluster.ClusterKind;
import io.pathkeeper.it.cluster.ClusterOptions;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two programs with a client and a session each, on real servers whose leader is killed in the middle. */
abstract class RecipeScenarios extends ClusterScenarios {
    static final Duration LONG = Duration.ofSeconds(90);

    /** Long enough that no session is suspended while a killed server starts again on a loaded machine. */
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private @Nullable Program one;
    private @Nullable Program two;

    /** A client, a session, and a thread that waits in its name. */
    record Program(PathkeeperClient client, PathkeeperSession session, ExecutorService thread) {
        <T> CompletableFuture<T> inBackground(Callable<T> call) {
            return CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return call.call();
                        } catch (Exception e) {
                            throw new CompletionException(e);
                        }
                    },
                    thread);
        }

        void close() {
            thread.shutdownNow();
            session.close();
            client.close();
        }
    }

    RecipeScenarios() {
        super(ClusterKind.PROCESSES, ClusterOptions.three());
    }

    @BeforeEach
    void begin() {
        startAll();
        one = program("one");
        two = program("two");
    }

    @AfterEach
    void end() {
        one().close();
        two().close();
    }

    Program one() {
        return java.util.Objects.requireNonNull(one);
    }

    Program two() {
        return java.util.Objects.requireNonNull(two);
    }

    private Program program(String identity) {
        PathkeeperClient client = cluster().client();
        PathkeeperSession session = client.sessions()
                .open(SessionOptions.defaults().timeout(TIMEOUT).identity(identity));
        return new Program(client, session, Executors.newCachedThreadPool());
    }

    /** Kills the leader and waits until another one has taken over; the killed one starts again. */
    void loseLeader() {
        cluster().killAndRestart(cluster().awaitLeader());
        cluster().awaitReady();
    }

    static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join();
    }
}

package io.pathkeeper.client.recipe;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.memory.MemoryCluster;
import io.pathkeeper.client.memory.MemoryServer;
import io.pathkeeper.client.session.PathkeeperSession;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;

/** A cluster in memory with one client that has two sessions. */
abstract class MemoryFixture {
    final MemoryCluster cluster = new MemoryCluster();
    final MemoryServer server = new MemoryServer(cluster);
    final PathkeeperClient client =
            PathkeeperClient.builder().servers(server.address()).build();
    final PathkeeperSession session = client.sessions().open();
    final PathkeeperSession other = client.sessions().open();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        client.close();
        server.close();
        threads.shutdownNow();
    }

    <R> CompletableFuture<R> elsewhere(Supplier<R> work) {
        return CompletableFuture.supplyAsync(work, threads);
    }

    static <R> R get(CompletableFuture<R> future) {
        return future.orTimeout(60, TimeUnit.SECONDS).join();
    }
}

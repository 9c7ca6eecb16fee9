package io.pathkeeper.client;

import static io.pathkeeper.client.PipelineTest.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pathkeeper.client.error.ClientClosedException;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.model.ScanChunk;
import io.pathkeeper.client.model.SetResult;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.client.observe.Observation;
import io.pathkeeper.client.observe.ObserveRequest;
import io.pathkeeper.client.wire.FakeServer;
import io.pathkeeper.client.wire.FakeStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of a client: nothing waits for ever, nothing is left, and what is not known is said. */
@Timeout(180)
class CloseTest {
    private final FakeStore tree = new FakeStore();
    private final FakeServer server = new FakeServer("a", tree);

    @AfterEach
    void stopServer() {
        server.close();
    }

    private static List<String> clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("pathkeeper-client-"))
                .toList();
    }

    @Test
    void leavesNoThread() {
        await().until(() -> clientThreads().isEmpty());
        PathkeeperClient client =
                PathkeeperClient.builder().servers(server.address()).build();
        client.store().set("/a", Value.of(1));
        Observation observation = client.observe(ObserveRequest.subtree("/"), events -> {});
        await().until(() -> server.observe.streams.size() == 1);
        client.store().memberStatus();
        assertThat(clientThreads()).isNotEmpty();
        client.close();
        assertThat(observation.ended()).isCompleted();
        await().until(() -> clientThreads().isEmpty());
        client.close();
    }

    @Test
    void leavesNoThreadWhenNoServerWasEverThere() {
        server.close();
        PathkeeperClient client =
                PathkeeperClient.builder().servers(server.address()).build();
        CompletableFuture<SetResult> set = client.async().set("/a", Value.of(1));
        Observation observation = client.observe(ObserveRequest.subtree("/"), events -> {});
        client.close();
        assertThat(failureOf(set).outcome()).isEqualTo(Outcome.NOT_APPLIED);
        observation.ended().orTimeout(60, TimeUnit.SECONDS).join();
        await().until(() -> clientThreads().isEmpty());
    }

    @Test
    void unansweredCallsFailWithTheirHonestOutcome() {
        server.holdAnswers();
        PathkeeperClient client =
                PathkeeperClient.builder().servers(server.address()).build();
        CompletableFuture<SetResult> sent = client.async().set("/a", Value.of(1));
        CompletableFuture<Znode> read = client.async().get("/a");
        await().until(() -> server.operations().size() == 2);
        client.close();
        assertThat(failureOf(sent)).isInstanceOf(ClientClosedException.class);
        assertThat(failureOf(sent).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(failureOf(read).outcome()).isEqualTo(Outcome.NOT_APPLIED);
        assertThat(failureOf(client.async().set("/a", Value.of(2)))).isInstanceOf(ClientClosedException.class);
        assertThat(failureOf(client.async().clusterInfo())).isInstanceOf(ClientClosedException.class);
    }

    @Test
    void scanEndsWithTheClient() {
        server.observe.scanLength = 100_000;
        PathkeeperClient client =
                PathkeeperClient.builder().servers(server.address()).build();
        client.store().set("/a", Value.of(new byte[10_000]));
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        client.async().scanSubtree("/a").subscribe(new Flow.Subscriber<ScanChunk>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(3);
            }

            @Override
            public void onNext(ScanChunk chunk) {}

            @Override
            public void onError(Throwable error) {
                end.complete(error);
            }

            @Override
            public void onComplete() {
                end.complete(new AssertionError("the scan is not complete"));
            }
        });
        await().until(() -> server.observe.scanParts.get() > 3);
        client.close();
        assertThat(end.orTimeout(60, TimeUnit.SECONDS).join()).isInstanceOf(ClientClosedException.class);
    }

    @Test
    void clientMayBeClosedByACallback() {
        PathkeeperClient client =
                PathkeeperClient.builder().servers(server.address()).build();
        client.async().set("/a", Value.of(1)).thenRun(client::close).join();
        await().until(() -> clientThreads().isEmpty());
    }
}

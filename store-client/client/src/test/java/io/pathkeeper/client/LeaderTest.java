package io.pathkeeper.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pathkeeper.client.model.SetResult;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.wire.FakeServer;
import io.pathkeeper.client.wire.FakeStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pipeline goes to the leader, keeps its order on the way, and lives with addresses that do not answer. */
@Timeout(180)
class LeaderTest {
    private final FakeStore tree = new FakeStore();
    private final FakeServer a = new FakeServer("a", tree);
    private final FakeServer b = new FakeServer("b", tree);

    @BeforeEach
    void bLeads() {
        a.leaderId = "b";
        b.leaderId = "b";
        a.tellMembers(a, b);
        b.tellMembers(a, b);
    }

    @AfterEach
    void stopServers() {
        a.close();
        b.close();
    }

    private PathkeeperClientBuilder startingAtA() {
        return PathkeeperClient.builder().servers(a.address()).requestTimeout(Duration.ofSeconds(60));
    }

    @Test
    void movesToTheLeaderThatItLearns() {
        try (PathkeeperClient client = startingAtA().build()) {
            await().until(() -> b.openStreams() == 1 && a.openStreams() == 0);
            client.store().set("/a", Value.of(1));
            assertThat(b.operations()).hasSize(1);
        }
    }

    @Test
    void findsTheLeaderBeforeTheFirstOperationIsSent() {
        try (PathkeeperClient client = startingAtA().build()) {
            client.store().set("/a", Value.of(1));
            assertThat(a.operations()).isEmpty();
            assertThat(b.operations()).hasSize(1);
        }
    }

    @Test
    void moveKeepsTheOrderAndWaitsForWhatIsUnderWay() {
        a.leaderId = "a";
        try (PathkeeperClient client = startingAtA().build()) {
            client.store().set("/a", Value.of(0));
            a.leaderId = "b";
            List<CompletableFuture<SetResult>> sets = new ArrayList<>();
            for (int i = 1; i <= 20_000 && (i < 2_000 || b.operations().isEmpty()); i++) {
                sets.add(client.async().set("/a", Value.of(i)));
                if (i % 500 == 0) {
                    sets.get(i - 200).join();
                }
            }
            CompletableFuture.allOf(sets.toArray(CompletableFuture[]::new)).join();
            await().until(() -> b.openStreams() == 1);
            client.store().set("/a", Value.of(sets.size() + 1));
            List<String> expected = new ArrayList<>();
            for (int i = 0; i <= sets.size() + 1; i++) {
                expected.add("/a=" + i);
            }
            assertThat(tree.applied()).isEqualTo(expected);
            assertThat(tree.repeats()).as("nothing was sent twice").isZero();
            assertThat(b.operations()).isNotEmpty();
        }
    }

    @Test
    void newOperationsWaitUntilTheOldServerHasAnswered() {
        a.leaderId = "a";
        try (PathkeeperClient client = startingAtA().build()) {
            client.store().set("/a", Value.of(0));
            a.holdAnswers();
            CompletableFuture<SetResult> underWay = client.async().set("/a", Value.of(1));
            await().until(() -> a.heldAnswers() == 1);
            a.leaderId = "b";
            a.releaseAnswers();
            underWay.join();
            client.store().set("/a", Value.of(2));
            await().until(() -> b.openStreams() == 1 && a.openStreams() == 0);
            client.store().set("/a", Value.of(3));
            assertThat(tree.applied()).containsExactly("/a=0", "/a=1", "/a=2", "/a=3");
        }
    }

    @Test
    void staysWhereItIsWhenNotAskedToMove() {
        try (PathkeeperClient client = startingAtA().preferLeader(false).build()) {
            client.store().set("/a", Value.of(1));
            client.store().set("/a", Value.of(2));
            assertThat(a.operations()).hasSize(2);
            assertThat(b.opened).hasValue(0);
        }
    }

    @Test
    void staysWhereItIsWhenTheLeadersAddressDoesNotAnswer() {
        FakeServer gone = new FakeServer("gone", tree);
        gone.close();
        a.leaderId = "gone";
        a.tellMember("gone", gone.address());
        try (PathkeeperClient client = startingAtA().build()) {
            for (int i = 1; i <= 50; i++) {
                client.store().set("/a", Value.of(i));
            }
            assertThat(a.operations()).hasSize(50);
            assertThat(a.opened).hasValue(1);
        }
    }

    @Test
    void goesOnWithTheOtherServerWhenOneDies() {
        try (PathkeeperClient client =
                PathkeeperClient.builder().servers(b.address(), a.address()).build()) {
            client.store().set("/a", Value.of(1));
            a.leaderId = "a";
            b.close();
            client.store().set("/a", Value.of(2));
            assertThat(a.operations()).isNotEmpty();
            assertThat(tree.applied()).containsExactly("/a=1", "/a=2");
        }
    }

    @Test
    void comesBackWhenTheOnlyServerIsStartedAgain() {
        int port = Integer.parseInt(a.address().substring(a.address().indexOf(':') + 1));
        a.leaderId = "a";
        a.tellMembers(a);
        try (PathkeeperClient client = startingAtA().build()) {
            client.store().set("/a", Value.of(1));
            a.close();
            CompletableFuture<SetResult> waiting = client.async().set("/a", Value.of(2));
            try (FakeServer again = new FakeServer("a", tree, port)) {
                waiting.join();
                assertThat(again.operations()).isNotEmpty();
                assertThat(tree.applied()).containsExactly("/a=1", "/a=2");
            }
        }
    }
}

package io.pathkeeper.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.cluster.Members;
import io.pathkeeper.client.model.Member;
import io.pathkeeper.client.wire.FakeServer;
import io.pathkeeper.client.wire.FakeStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server whose connections stand and that answers nothing, as one that is paused, does not cost a question all of its time. */
@Timeout(60)
class SilentServerTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(6);

    private final FakeStore tree = new FakeStore();
    private final FakeServer a = new FakeServer("a", tree);
    private final FakeServer b = new FakeServer("b", tree);

    @BeforeEach
    void oneLeader() {
        for (FakeServer server : List.of(a, b)) {
            server.leaderId = "b";
            server.tellMembers(a, b);
        }
    }

    @AfterEach
    void stopServers() {
        a.close();
        b.close();
    }

    private PathkeeperClient both() {
        return PathkeeperClient.builder()
                .servers(a.address(), b.address())
                .requestTimeout(TIMEOUT)
                .build();
    }

    private static void answeredInTime(CompletableFuture<?> question) {
        assertThat(question).succeedsWithin(TIMEOUT);
    }

    @Test
    void nextServerIsAskedWhenTheFirstIsSilent() {
        try (PathkeeperClient client = both()) {
            a.silent = true;
            answeredInTime(client.async().clusterInfo());
            answeredInTime(client.async().listMembers());
            a.silent = false;
            b.silent = true;
            answeredInTime(client.async().clusterInfo());
        }
    }

    /** The server that is asked waits for others itself, up to an election timeout, which may be longer than a third of the call's time. */
    @Test
    void questionForWhichTheServerWaitsIsNotCutOff() {
        try (PathkeeperClient client = both()) {
            a.alarmMillis = 3_000;
            b.alarmMillis = 3_000;
            answeredInTime(client.async().listAlarms());
        }
    }

    @Test
    void membersAreToldByAFollowerWhenTheLeaderIsSilent() {
        try (PathkeeperClient client = both()) {
            b.silent = true;
            Members members = client.members();
            CompletableFuture<List<Member>> list = members.list();
            assertThat(list).succeedsWithin(TIMEOUT);
            assertThat(list.join()).extracting(Member::memberId).containsExactly("a", "b");
        }
    }
}

package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.ClusterKind;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.PinnedServer;
import io.pathkeeper.v1.Consistency;
import io.pathkeeper.v1.GetMemberStatusResponse;
import io.pathkeeper.v1.ReadOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers that were away, or come with nothing, get what they miss; what they have then is what all have. */
abstract class CatchUpScenarios extends ClusterScenarios {
    /** Name of a file of the log: the index of its first entry. */
    private static final Pattern LOG_FILE = Pattern.compile("log_(?:inprogress_)?(\\d+)(?:-\\d+)?");

    private static final int LARGE_BYTES = 64 << 10;

    CatchUpScenarios(ClusterKind kind) {
        super(kind, ClusterOptions.threeWithFrequentSnapshots());
    }

    @BeforeEach
    void startWhatIsStopped() {
        startAll();
    }

    @Test
    void aServerThatFellBehindTheLogIsCaughtUpByASnapshot() {
        try (PathkeeperClient client = cluster().client()) {
            client.store().create("/behind", Value.NULL);
            String away = followers().get(0);
            long appliedWhenLost;
            try (PinnedServer server = cluster().pin(away)) {
                appliedWhenLost = server.status().getAppliedIndex();
            }
            cluster().kill(away);
            Await.until("the others have thrown that part of the log away", Cluster.PATIENCE, () -> {
                writeLarge(client, "/behind", 40);
                return cluster().running().stream()
                        .allMatch(member -> oldestLogIndex(member).orElse(0) > appliedWhenLost + 1);
            });
            client.store().create("/behind/last", Value.of("here"));

            cluster().start(away);
            cluster().awaitReady(away);

            assertSameState(away);
            assertLocalValue(away, "/behind/last", "here");
        }
    }

    @Test
    void aServerThatLostItsDataGetsAllOfIt() {
        try (PathkeeperClient client = cluster().client()) {
            client.store().create("/empty", Value.NULL);
            writeLarge(client, "/empty", 20);
            String away = followers().get(0);
            cluster().kill(away);
            cluster().wipe(away);
            client.store().create("/empty/last", Value.of("here"));

            cluster().start(away);
            cluster().awaitReady(away);

            assertSameState(away);
            assertLocalValue(away, "/empty/last", "here");
        }
    }

    @Test
    void allServersAreTheSameAfterARestartFromTheirSnapshots() {
        try (PathkeeperClient client = cluster().client()) {
            client.store().create("/restart", Value.NULL);
            for (int i = 0; i < 600; i++) {
                client.store().create("/restart/n" + i, Value.of(i));
            }
            for (String member : cluster().members()) {
                try (PinnedServer server = cluster().pin(member)) {
                    Await.until(
                            member + " has a snapshot",
                            Cluster.PATIENCE,
                            () -> server.status().getSnapshotIndex() > 0);
                }
            }
            long revision = client.store().set("/restart", Value.of("end")).revision();
            cluster().members().forEach(cluster()::kill);
            cluster().members().forEach(cluster()::start);
            cluster().awaitReady();

            cluster().members().forEach(this::assertSameState);
            assertThat(client.store().get("/restart").stat().modifiedRevision()).isEqualTo(revision);
            assertThat(client.store().get("/restart").stat().childCount()).isEqualTo(600);
        }
    }

    private List<String> followers() {
        String leader = cluster().awaitLeader();
        return cluster().members().stream()
                .filter(member -> !member.equals(leader))
                .toList();
    }

    /** Writes so many values that cannot be compressed, which fill a file of the log soon. */
    private static void writeLarge(PathkeeperClient client, String path, int count) {
        byte[] bytes = new byte[LARGE_BYTES];
        Random random = new Random(7);
        for (int i = 0; i < count; i++) {
            random.nextBytes(bytes);
            client.store().set(path, Value.of(bytes));
        }
    }

    /** Compares a server with the leader at the same revision: the digests of their trees are equal. */
    private void assertSameState(String member) {
        try (PinnedServer server = cluster().pin(member);
                PinnedServer leader = cluster().pin(cluster().awaitLeader())) {
            Await.until(member + " and the leader are at one revision", Cluster.PATIENCE, () -> {
                GetMemberStatusResponse mine = server.status();
                GetMemberStatusResponse theirs = leader.status();
                if (mine.getHeader().getRevision() != theirs.getHeader().getRevision()) {
                    return false;
                }
                assertThat(mine.getDigest()).isEqualTo(theirs.getDigest());
                assertThat(mine.getZnodeCount()).isEqualTo(theirs.getZnodeCount());
                return true;
            });
        }
    }

    private void assertLocalValue(String member, String path, String value) {
        try (PinnedServer server = cluster().pin(member)) {
            ReadOptions.Builder local = ReadOptions.newBuilder().setConsistency(Consistency.CONSISTENCY_LOCAL);
            assertThat(server.store()
                            .get(Requests.get(path, local))
                            .getData()
                            .getValue()
                            .getStringValue())
                    .isEqualTo(value);
        }
    }

    private OptionalLong oldestLogIndex(String member) {
        try (Stream<Path> files = Files.walk(cluster().dataDirectory(member))) {
            return files.map(file -> LOG_FILE.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
                    .min();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.pathkeeper.server;

import static io.pathkeeper.server.RestoreTest.channel;
import static io.pathkeeper.server.RestoreTest.create;
import static io.pathkeeper.server.RestoreTest.paths;
import static io.pathkeeper.server.RestoreTest.reason;
import static io.pathkeeper.server.RestoreTest.run;
import static io.pathkeeper.server.RestoreTest.start;
import static io.pathkeeper.server.RestoreTest.tryLock;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.pathkeeper.server.RestoreTest.Ended;
import io.pathkeeper.server.config.ConfigLoader;
import io.pathkeeper.v1.CreateSessionRequest;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.SessionServiceGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one server has on its disk becomes the beginning of a cluster of its own. */
@Timeout(120)
class ForceNewClusterTest {
    @TempDir
    private Path directory;

    private Path data = Path.of("");
    private SessionKey session = SessionKey.getDefaultInstance();
    private long revision;

    @BeforeEach
    void leaveAStoppedServer() throws Exception {
        data = directory.resolve("data");
        try (PathkeeperServer server = start("old", data)) {
            ManagedChannel channel = channel(server);
            create(channel, "/config", "v1");
            session = SessionServiceGrpc.newBlockingStub(channel)
                    .createSession(CreateSessionRequest.newBuilder()
                            .setTimeoutMs(60_000)
                            .build())
                    .getSession();
            tryLock(channel, session);
            create(channel, "/last", "v2");
            revision = server.node().view().revision();
            channel.shutdownNow();
        }
    }

    @AfterAll
    static void configureTheLogAgain() {
        Logging.configure(new ConfigLoader().load().log());
    }

    private Ended force(Object... more) {
        Object[] base = {"force-new-cluster", "--data", data};
        Object[] all = Arrays.copyOf(base, base.length + more.length);
        System.arraycopy(more, 0, all, base.length, more.length);
        return run(all);
    }

    /** All files but the lock, with what is in them. */
    private Map<String, Integer> content() throws IOException {
        Map<String, Integer> content = new TreeMap<>();
        try (var files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                content.put(data.relativize(file).toString(), Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        content.keySet().removeIf(name -> name.endsWith(".lock"));
        return content;
    }

    @Test
    void tellsWhatMayBeLostAndChangesNothingUntilItIsConfirmed() throws Exception {
        Map<String, Integer> before = content();

        Ended asked = force("--cluster-id", "rescue");

        assertThat(asked.code()).isEqualTo(2);
        assertThat(asked.err())
                .contains("nothing was changed", "--accept-data-loss")
                .hasLineCount(1);
        assertThat(asked.out())
                .contains("member s1 of cluster old", "newest state: revision " + revision + ", 3 znodes, 1 sessions")
                .contains("newest snapshot none", "may be lost: every write behind entry");
        assertThat(content()).isEqualTo(before);
    }

    @Test
    void theNewClusterHasTheNewestStateAndTheOldFilesAreKept() throws Exception {
        Ended made = force("--cluster-id", "rescue", "--accept-data-loss");

        assertThat(made.err()).isEmpty();
        assertThat(made.code()).isZero();
        assertThat(made.out()).contains("made cluster rescue of member s1: 3 znodes");
        try (PathkeeperServer server = start("rescue", data)) {
            ManagedChannel channel = channel(server);
            assertThat(paths(channel)).containsExactlyInAnyOrder("/", "/config", "/last");
            assertThat(reason(() -> tryLock(channel, session))).isEqualTo("SESSION_EXPIRED");
            assertThat(create(channel, "/more", "v3")).isGreaterThan(revision + 1_000_000);
            channel.shutdownNow();
        }
        Path kept;
        try (var files = Files.list(data)) {
            kept = files.filter(file -> file.getFileName().toString().startsWith("replaced-"))
                    .findFirst()
                    .orElseThrow();
        }
        try (PathkeeperServer old = start("old", kept)) {
            ManagedChannel channel = channel(old);
            assertThat(paths(channel)).containsExactlyInAnyOrder("/", "/config", "/last");
            assertThat(old.node().sessions().count()).isEqualTo(1);
            channel.shutdownNow();
        }
    }

    @Test
    void nothingIsChangedWhenItIsRefused() throws Exception {
        Map<String, Integer> before = content();
        RestoreTest.refused(force("--cluster-id", "old", "--accept-data-loss"), 2, "give it another name");
        RestoreTest.refused(
                run("force-new-cluster", "--data", directory, "--cluster-id", "x", "--accept-data-loss"),
                4,
                "not one of ours");
        assertThat(content()).isEqualTo(before);
        try (PathkeeperServer server = start("old", data)) {
            RestoreTest.refused(force("--cluster-id", "rescue", "--accept-data-loss"), 4, "used by another process");
            assertThat(server.isReady()).isTrue();
        }
    }

    @Test
    void aDamagedLogIsToldAndLeftAlone() throws Exception {
        Path log;
        try (var files = Files.walk(data)) {
            log = files.filter(file -> file.getFileName().toString().startsWith("log_"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(log);
        bytes[60] ^= 1;
        Files.write(log, bytes);
        Map<String, Integer> before = content();

        RestoreTest.refused(force("--cluster-id", "rescue", "--accept-data-loss"), 5, "cannot be read behind entry");

        assertThat(content()).isEqualTo(before);
    }
}

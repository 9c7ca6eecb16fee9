package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.ProcessCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an operator types, {@code pathctl member}, {@code quota}, {@code log}, {@code status}, {@code top} and {@code check}, at a server that grew to three. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorCommandsProcessIT {
    private static final ClusterOptions OPTIONS = new ClusterOptions("operator", 4, Map.of());

    private final ProcessCluster cluster = ProcessCluster.create("operator", OPTIONS);

    @BeforeAll
    void growToThree() {
        MembershipProcessIT.start(cluster, "s1", false);
        cluster.awaitReady("s1");
        for (String member : List.of("s2", "s3")) {
            MembershipProcessIT.start(cluster, member, true);
            assertThat(add(member)).isEqualTo(new Pathctl.Ended(0, "added " + member + " as a voter\n", ""));
        }
    }

    @AfterAll
    void close() {
        cluster.close();
    }

    private Pathctl.Ended pathctl(String... words) {
        List<String> line = new ArrayList<>(List.of("--servers", cluster.clientAddress("s1"), "--timeout", "60s"));
        line.addAll(List.of(words));
        return Pathctl.run(line);
    }

    private Pathctl.Ended add(String member, String... options) {
        List<String> words = new ArrayList<>(List.of(
                "member",
                "add",
                member,
                "--raft",
                cluster.raftAddress(member),
                "--client",
                cluster.clientAddress(member)));
        words.addAll(List.of(options));
        return pathctl(words.toArray(String[]::new));
    }

    /** The rows of a table below its head, with the columns in single spaces. */
    private static List<String> rows(Pathctl.Ended ended) {
        assertThat(ended.code()).as(ended.err()).isZero();
        return ended.out()
                .lines()
                .skip(1)
                .map(line -> line.trim().replaceAll(" +", " "))
                .toList();
    }

    /** The members with role, vote and priority. */
    private List<String> members() {
        return rows(pathctl("member", "list")).stream()
                .map(line -> line.split(" "))
                .map(column -> String.join(" ", column[0], column[3], column[4], column[5]))
                .toList();
    }

    private void awaitMembers(String... wanted) {
        Await.until(
                "the members are " + List.of(wanted),
                Duration.ofSeconds(60),
                () -> members().equals(List.of(wanted)));
    }

    private void leads(String member) {
        assertThat(pathctl("member", "transfer", member)).isEqualTo(new Pathctl.Ended(0, member + " leads\n", ""));
    }

    @Test
    void membersComeChangeTheirPartAndGo() throws Exception {
        leads("s1");
        awaitMembers("s1 leader yes 0", "s2 follower yes 0", "s3 follower yes 0");
        leads("s2");
        awaitMembers("s1 follower yes 0", "s2 leader yes 0", "s3 follower yes 0");

        MembershipProcessIT.start(cluster, "s4", true);
        assertThat(add("s4", "--listener").out()).isEqualTo("added s4 as a listener\n");
        awaitMembers("s1 follower yes 0", "s2 leader yes 0", "s3 follower yes 0", "s4 listener no 0");
        assertThat(pathctl("member", "promote", "s4").out()).isEqualTo("s4 is a voter\n");
        assertThat(pathctl("member", "demote", "s4").out()).isEqualTo("s4 is a listener\n");
        assertThat(pathctl("member", "priority", "s3", "7").out()).isEqualTo("s3 has priority 7\n");
        awaitMembers("s1 follower yes 0", "s2 follower yes 0", "s3 leader yes 7", "s4 listener no 0");
        assertThat(pathctl("member", "priority", "s3", "0").code()).isZero();

        assertThat(pathctl("member", "remove", "s4")).isEqualTo(new Pathctl.Ended(0, "removed s4\n", ""));
        assertThat(cluster.process("s4").awaitExit(Duration.ofSeconds(60))).isEqualTo(8);
        awaitMembers("s1 follower yes 0", "s2 follower yes 0", "s3 leader yes 0");
    }

    @Test
    void whatCannotBeChangedIsSaidAndNothingChanges() {
        List<String> before = rows(pathctl("member", "list", "--output", "table")).stream()
                .map(line -> line.split(" ")[0])
                .toList();
        assertThat(add("s2").code()).as("what is so already").isZero();
        Pathctl.Ended twice = pathctl("member", "add", "s2", "--raft", "127.0.0.1:1", "--client", "127.0.0.1:2");
        assertThat(twice.code()).isEqualTo(4);
        assertThat(twice.err()).contains("s2");
        Pathctl.Ended unknown = pathctl("member", "remove", "s9");
        assertThat(unknown.code()).isEqualTo(3);
        assertThat(unknown.err()).contains("s9");
        Pathctl.Ended nowhere =
                pathctl("member", "add", "s9", "--raft", "nobody.invalid:7421", "--client", "127.0.0.1:1");
        assertThat(nowhere.code()).isEqualTo(6);
        assertThat(nowhere.err()).contains("nobody.invalid");
        Pathctl.Ended silent = pathctl("member", "add", "s9", "--raft", "127.0.0.1:1", "--client", "127.0.0.1:2");
        assertThat(silent.code()).isEqualTo(6);
        assertThat(silent.err()).contains("127.0.0.1:1");
        assertThat(rows(pathctl("member", "list")))
                .extracting(line -> line.split(" ")[0])
                .isEqualTo(before);
    }

    @Test
    void aQuotaIsMadeHeldShownAndRemoved() {
        assertThat(pathctl("create", "/app", "--null").code()).isZero();
        assertThat(pathctl("quota", "set", "apps", "/app", "--znodes", "2").out())
                .isEqualTo("made quota apps of /app\n");
        assertThat(pathctl("create", "/app/one", "--null").code()).isZero();
        Pathctl.Ended beyond = pathctl("create", "/app/two", "--null");
        assertThat(beyond.code()).isEqualTo(6);
        assertThat(beyond.err()).contains("apps").contains("2");
        assertThat(rows(pathctl("quota", "list"))).singleElement().asString().startsWith("apps /app 2/2 ");
        Pathctl.Ended below = pathctl("quota", "set", "apps", "/app", "--znodes", "1");
        assertThat(below.code()).isEqualTo(6);
        assertThat(rows(pathctl("quota", "get", "apps")))
                .singleElement()
                .asString()
                .startsWith("apps /app 2/2 ");
        assertThat(pathctl("quota", "rm", "apps").code()).isZero();
        assertThat(pathctl("create", "/app/two", "--null").code()).isZero();
        assertThat(pathctl("quota", "get", "apps").code()).isEqualTo(3);
    }

    @Test
    void aLogLevelIsSetOnOneServerOrOnAllAndGoesBack() {
        String logger = "io.pathkeeper.server.expiry";
        assertThat(rows(pathctl("log", "set", logger, "debug")))
                .extracting(line -> line.substring(0, line.lastIndexOf(' ')))
                .containsExactly("s1 " + logger + " DEBUG", "s2 " + logger + " DEBUG", "s3 " + logger + " DEBUG");
        assertThat(pathctl("log", "reset", logger).out()).isEqualTo("no level is set\n");
        assertThat(rows(pathctl("log", "set", logger, "trace", "--for", "2s", "--member", "s2")))
                .singleElement()
                .asString()
                .startsWith("s2 " + logger + " TRACE ");
        Await.until(
                "the level goes back by itself",
                Duration.ofSeconds(60),
                () -> pathctl("log", "list").out().equals("no level is set\n"));
        assertThat(pathctl("log", "set", logger, "loud").code()).isEqualTo(2);
        assertThat(pathctl("log", "set", logger, "debug", "--member", "s9").code())
                .isEqualTo(2);
    }

    @Test
    void allServersAreLookedAt() {
        assertThat(rows(pathctl("status")))
                .extracting(line -> line.split(" ")[0])
                .contains("s1", "s2", "s3");
        Pathctl.Ended top = pathctl("top", "--count", "1", "--interval", "500ms");
        assertThat(top.code()).isZero();
        assertThat(top.out()).startsWith("revision ");
        assertThat(top.out()
                        .lines()
                        .filter(line -> line.matches("s[123] +(leader|follower) +yes .*"))
                        .count())
                .isEqualTo(3);
        assertThat(top.out()).contains("METHOD"); // its own questions at least
        Pathctl.Ended json = pathctl("top", "--count", "1", "--interval", "500ms", "--output", "json");
        assertThat(json.code()).isZero();
        assertThat(json.out())
                .startsWith("{")
                .contains("\"s1\"")
                .contains("\"s2\"")
                .contains("\"s3\"");
    }

    @Test
    void aClusterAndADiskAreJudged(@TempDir Path directory) {
        Pathctl.Ended good = pathctl("check", "perf", "--seconds", "1s", "--min-rate", "1", "--max-p99", "60s");
        assertThat(good.out()).endsWith("passed\n");
        assertThat(good.code()).isZero();
        Pathctl.Ended bad = pathctl("check", "perf", "--seconds", "1s", "--min-rate", "100000000", "--max-p99", "60s");
        assertThat(bad.out()).containsPattern("calls_per_second .* FAILED").endsWith("FAILED\n");
        assertThat(bad.code()).isEqualTo(5);
        assertThat(pathctl("ls", "/").out()).as("it leaves nothing").doesNotContain("check-perf");

        String where = directory.toString();
        Pathctl.Ended disk =
                pathctl("check", "disk", where, "--seconds", "1s", "--max-p99", "60s", "--max", "60s", "-o", "json");
        assertThat(disk.out()).contains("\"passed\":true").contains("\"p99_ms\":");
        assertThat(disk.code()).isZero();
        assertThat(directory).isEmptyDirectory();
        Pathctl.Ended missing = pathctl("check", "disk", where + "/none");
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err()).contains(where + "/none is no directory");
    }
}

package io.pathkeeper.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ConfigLoaderTest {
    @TempDir
    private Path dir;

    private Path file(String text) throws IOException {
        return Files.writeString(dir.resolve("pathkeeper.yaml"), text);
    }

    private static void refuses(ConfigLoader loader, String... parts) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(loader::load)
                .satisfies(e -> assertThat(e.getMessage()).contains(parts).doesNotContain("\n"));
    }

    @Test
    void loadsDefaultsAlone() {
        ServerConfig config = new ConfigLoader().load();

        assertThat(config.cluster().members()).isEmpty();
        assertThat(config.clientAddress()).isEqualTo(new Address("127.0.0.1", 7420));
        assertThat(config.raftAddress()).isEqualTo(new Address("127.0.0.1", 7421));
        assertThat(config.http().listen()).isEqualTo(new Address("127.0.0.1", 7422));
    }

    @Test
    void flagsGoBeforeEnvironmentBeforeFile() throws IOException {
        Path file = file(
                "raft:\n  election_timeout_min: 1s\n  election_timeout_max: 4s\nmember:\n  id: a\nlog.level: warn\n");

        ServerConfig config = new ConfigLoader()
                .set("member.id", "c", "--member-id")
                .environment(Map.of("PATHKEEPER_MEMBER_ID", "b", "PATHKEEPER_RAFT_ELECTION_TIMEOUT_MIN", "2s"))
                .file(file)
                .load();

        assertThat(config.cluster().memberId()).isEqualTo("c");
        assertThat(config.raft().electionTimeoutMin()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.raft().electionTimeoutMax()).isEqualTo(Duration.ofSeconds(4));
        assertThat(config.log().level()).isEqualTo("warn");
    }

    @Test
    void readsMembersFromAListInTheFile() throws IOException {
        Path file = file("cluster:\n  members:\n    - s1=h1:1/h1:2\n    - s2=[::1]:3/h2:4\nmember: {id: s2}\n");

        ServerConfig config = new ConfigLoader().file(file).load();

        assertThat(config.raftAddress()).isEqualTo(new Address("::1", 3));
        assertThat(config.clientAddress()).hasToString("h2:4");
    }

    @Test
    void advertisedAddressGoesBeforeTheMembers() {
        ServerConfig config = new ConfigLoader()
                .set("cluster.members", "s1=a:1/b:2", "--members")
                .set("client.advertise", "public:9", "--set")
                .load();

        assertThat(config.clientAddress()).hasToString("public:9");
    }

    @Test
    void printedConfigurationLoadsAgainToTheSame() throws IOException {
        ServerConfig config = new ConfigLoader()
                .set("cluster.members", "s1=a:1/b:2,s2=[fe80::1]:3/d:4", "--members")
                .set("data.dir", "it's a: strange # place", "--data")
                .set("raft.batch_bytes", "123457", "--set")
                .set("client.default_deadline", "1500ms", "--set")
                .load();

        ServerConfig again =
                new ConfigLoader().file(file(ConfigPrinter.print(config))).load();

        assertThat(again).isEqualTo(config);
    }

    @Test
    void suggestsTheNearestKeyForAnUnknownOne() throws IOException {
        Path file = file("raft:\n  election_timout_min: 1s\n");

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new ConfigLoader().file(file))
                .withMessageContaining("unknown key 'raft.election_timout_min'")
                .withMessageContaining("did you mean 'raft.election_timeout_min'?");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new ConfigLoader().set("frobnicate", "1", "--set"))
                .withMessageContaining("unknown key 'frobnicate' (--set)")
                .withMessageContaining("--print-config");
    }

    @Test
    void refusesAMisspeltVariableButNotThoseOfAPlatform() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new ConfigLoader().environment(Map.of("PATHKEEPER_DATA_DIRR", "x")))
                .withMessageContaining("did you mean 'PATHKEEPER_DATA_DIR'?");

        ServerConfig config = new ConfigLoader()
                .environment(Map.of(
                        "PATHKEEPER_CLIENT_SERVICE_HOST", "10.0.0.1",
                        "PATHKEEPER_CLIENT_PORT", "tcp://10.0.0.1:7420",
                        "PATHKEEPER_CLIENT_PORT_7420_TCP_ADDR", "10.0.0.1",
                        "PATHKEEPER_JAVA_OPTS", "-Xmx1g",
                        "HOME", "/"))
                .load();
        assertThat(config).isEqualTo(new ConfigLoader().load());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cluster.id|a b",
                "cluster.id|''",
                "member.id|.x",
                "client.listen|7420",
                "client.listen|host:65536",
                "client.listen|host:",
                "client.listen|::1:7420",
                "raft.election_timeout_min|1",
                "raft.election_timeout_min|-1s",
                "raft.election_timeout_min|10ms",
                "raft.election_timeout_min|99999999999999999s",
                "limits.value_bytes|2MiB",
                "limits.value_bytes|1XB",
                "limits.in_flight_writes|999",
                "limits.in_flight_writes|1e6",
                "limits.queued_bytes|999999999999999GiB",
                "client.reflection|yes",
                "log.level|loud",
                "log.format|xml",
                "raft.snapshot_entries|''",
            })
    void refusesAValueWithKeyValueRangeAndSource(String key, String value) {
        String shown = value.isEmpty() ? "''" : value;
        refuses(new ConfigLoader().set(key, value, "--set"), key, shown, "allowed is", "(--set)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s1",
                "s1=",
                "s1=h:1",
                "s1=h:1/h",
                "s1=h:1/h:2,",
                "=h:1/h:2",
                "s1=h:0/h:2",
                "s1=h:1/h:2,s1=h:3/h:4",
                "s1=h:1/h:1"
            })
    void refusesBadMembers(String members) {
        refuses(new ConfigLoader().set("cluster.members", members, "--members"), "cluster.members", "(--members)");
    }

    @Test
    void refusesWhatDoesNotFitTogether() {
        refuses(
                new ConfigLoader().set("cluster.members", "s2=h:1/h:2", "--members"),
                "member.id is 's1'",
                "cluster.members does not name",
                "[s2]");
        refuses(
                new ConfigLoader().set("raft.election_timeout_max", "600ms", "--set"),
                "raft.election_timeout_max is '600ms'",
                "'500ms'");
        refuses(
                new ConfigLoader().set("limits.request_bytes", "1MiB", "--set"),
                "limits.request_bytes is '1MiB'",
                "limits.value_bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "raft: [1, 2]",
                "- a\n- b\n",
                "just text",
                "a: b: c",
                "raft:\n\tlisten: x",
                "log: {level: info, level: warn}",
                "data.dir: {x: y}",
                "data:\n  dir: [a]\n",
                "log.level: info\nlog:\n  level: warn\n",
                "x: &a [*a]",
                "a: !!java.io.File [x]\n"
            })
    void refusesABadFileInOneLine(String text) throws IOException {
        Path file = file(text);

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new ConfigLoader().file(file))
                .satisfies(e ->
                        assertThat(e.getMessage()).contains(file.toString()).doesNotContain("\n"));
    }

    @Test
    void refusesAMissingAndAHugeFile() throws IOException {
        Path huge = file("# " + "x".repeat(1 << 20) + "\n");

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new ConfigLoader().file(dir.resolve("none.yaml")))
                .withMessageContaining("no such file");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new ConfigLoader().file(huge))
                .withMessageContaining("larger than 1MiB");
    }

    @Test
    void anEmptyFileChangesNothing() throws IOException {
        assertThat(new ConfigLoader().file(file("")).load()).isEqualTo(new ConfigLoader().load());
        assertThat(new ConfigLoader().file(file("# only a comment\nraft:\n")).load())
                .isEqualTo(new ConfigLoader().load());
    }
}

package io.pathkeeper.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys, defaults and ranges are a promise to everybody who has a configuration file. */
@Timeout(30)
class ConfigContractTest {
    private static final Path PAGE = Path.of("docs", "configuration.md");
    private static final String MARK = "| Key | Default | Allowed | Meaning |";

    @Test
    void keysDefaultsAndRangesAreAsPublished() {
        String keys = ConfigKeys.all().stream()
                .map(k -> k.name() + " = " + k.fallback() + " [" + k.range() + "]")
                .collect(Collectors.joining("\n"));

        assertThat(keys).isEqualTo("""
                cluster.id = pathkeeper [1 to 64 letters, digits, '.', '_' or '-', a letter or digit first]
                cluster.members =  [empty or id=host:raftport/host:clientport, separated by commas, 1 to 9 of them]
                cluster.join = false [true or false]
                member.id = s1 [1 to 32 letters, digits, '.', '_' or '-', a letter or digit first]
                data.dir = data [a path]
                disk.reserve_bytes = 64MiB [1MiB to 16GiB]
                disk.minimum_bytes = 128MiB [1MiB to 1024GiB]
                disk.slow_fsync = 500ms [1ms to 1m]
                client.listen = 127.0.0.1:7420 [host:port with a port of 0 to 65535]
                client.advertise =  [empty or host:port with a port of 0 to 65535]
                client.default_deadline = 10s [100ms to 10m]
                client.reflection = true [true or false]
                client.max_connection_age = 30m [10s to 7d]
                client.max_connection_age_grace = 5m [1s to 1d]
                client.max_connection_idle = 15m [1s to 7d]
                client.tls.certificate =  [empty or a path]
                client.tls.key =  [empty or a path]
                client.tls.ca =  [empty or a path]
                client.tls.client_auth = none [none, optional, require]
                client.tls.min_version = 1.2 [1.2, 1.3]
                raft.listen = 127.0.0.1:7421 [host:port with a port of 0 to 65535]
                raft.election_timeout_min = 500ms [50ms to 1m]
                raft.election_timeout_max = 750ms [100ms to 2m]
                raft.snapshot_entries = 50000 [100 to 10000000]
                raft.snapshot_bytes = 256MiB [1MiB to 16GiB]
                raft.segment_bytes = 16MiB [8MiB to 256MiB]
                raft.preservation_entries = 5000 [0 to 10000000]
                raft.in_flight_entries = 8 [1 to 64]
                raft.batch_commands = 8192 [1 to 65536]
                raft.batch_bytes = 1MiB [16KiB to 3MiB]
                raft.tls.certificate =  [empty or a path]
                raft.tls.key =  [empty or a path]
                raft.tls.ca =  [empty or a path]
                http.listen = 127.0.0.1:7422 [host:port with a port of 0 to 65535]
                http.connections = 500 [10 to 100000]
                http.connections_per_address = 100 [1 to 100000]
                http.client_auth = none [none, optional, require]
                security.allow_insecure = false [true or false]
                security.tls_poll = 10s [100ms to 1h]
                limits.value_bytes = 1MiB [1KiB to 1MiB]
                limits.request_bytes = 2MiB [64KiB to 2MiB]
                limits.max_nodes = 5000000 [100 to 100000000]
                limits.max_data_bytes = 0 [0 to 1024GiB]
                limits.in_flight_writes = 65536 [1000 to 1000000]
                limits.queued_bytes = 64MiB [4MiB to 1GiB]
                limits.streams = 10000 [100 to 1000000]
                limits.observations = 10000 [1 to 1000000]
                limits.pipeline_operations = 8192 [1 to 65536]
                limits.pipeline_bytes = 16MiB [4MiB to 256MiB]
                limits.pinned_views = 1000 [1 to 100000]
                limits.scans = 100 [1 to 10000]
                limits.waiting_calls = 10000 [1 to 1000000]
                limits.connections = 10000 [10 to 1000000]
                limits.connections_per_address = 5000 [1 to 1000000]
                limits.handshake = 10s [100ms to 2m]
                limits.header_bytes = 16KiB [4KiB to 64KiB]
                limits.requests_per_second = 0 [0 to 10000000]
                limits.requests_burst = 1000 [1 to 10000000]
                history.age = 10m [1s to 7d]
                history.revisions = 100000 [100 to 100000000]
                history.bytes = 64MiB [1MiB to 16GiB]
                log.level = info [error, warn, info, debug, trace]
                log.format = text [text, json]
                log.slow_request = 200ms [1ms to 1h]
                tracing.endpoint =  [0 to 1024 characters]
                tracing.per_million = 0 [0 to 1000000]
                auth.enabled = false [true or false]
                auth.root_token_file =  [empty or a path]
                auth.sign_in_life = 1h [10s to 1d]
                auth.password_iterations = 210000 [1000 to 10000000]
                auth.certificate_principal = none [none, subject, common_name, san]
                auth.jwks_file =  [empty or a path]
                auth.jwt_issuer =  [0 to 1024 characters]
                auth.jwt_audience =  [0 to 1024 characters]
                auth.jwt_groups_claim =  [0 to 128 characters]
                audit.file =  [empty or a path]
                audit.writes = false [true or false]
                audit.file_bytes = 64MiB [64KiB to 4GiB]
                audit.files = 10 [1 to 1000]""");
    }

    @Test
    void everyKeyIsPrintedAndHasItsOwnVariable() {
        assertThat(ConfigPrinter.values(new ConfigLoader().load()).keySet())
                .containsExactlyElementsOf(
                        ConfigKeys.all().stream().map(ConfigKey::name).toList());
        assertThat(ConfigKeys.all().stream().map(ConfigKey::environmentName))
                .doesNotHaveDuplicates()
                .contains("PATHKEEPER_DATA_DIR", "PATHKEEPER_CLIENT_LISTEN", "PATHKEEPER_LIMITS_VALUE_BYTES");
    }

    @Test
    void defaultsPrintAsTheyAreWritten() {
        assertThat(ConfigPrinter.values(new ConfigLoader().load()).values())
                .containsExactlyElementsOf(
                        ConfigKeys.all().stream().map(ConfigKey::fallback).toList());
    }

    /** On a difference: replace the table in the page by the one that this test shows. */
    @Test
    void thePageDescribesEveryKey() throws IOException {
        String page = Files.readString(PAGE);
        String table = MARK + "\n| --- | --- | --- | --- |\n"
                + ConfigKeys.all().stream()
                        .map(k -> "| `" + k.name() + "` | "
                                + (k.fallback().isEmpty() ? "empty" : "`" + k.fallback() + "`") + " | " + k.range()
                                + " | " + k.description() + " |\n")
                        .collect(Collectors.joining());

        assertThat(page).contains(table);
    }
}

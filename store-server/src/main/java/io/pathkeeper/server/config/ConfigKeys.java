package io.pathkeeper.server.config;

import io.pathkeeper.server.config.ConfigKey.Form;
import java.util.List;

/** All keys, in the order in which they are printed. The names, defaults and ranges are part of the public interface. */
public final class ConfigKeys {
    static final ConfigKey CLUSTER_ID = ConfigKey.text(
            "cluster.id", Form.NAME, "pathkeeper", 1, 64, "Name of the cluster; all its servers have the same.");
    static final ConfigKey CLUSTER_MEMBERS = ConfigKey.text(
            "cluster.members",
            Form.MEMBERS,
            "",
            0,
            4096,
            "All servers at the first start, this one too; empty: this server alone. Behind the first start the log has the members.");
    static final ConfigKey CLUSTER_JOIN = ConfigKey.toggle(
            "cluster.join", false, "At its first start the server waits to be added to a cluster that exists.");
    static final ConfigKey MEMBER_ID =
            ConfigKey.text("member.id", Form.NAME, "s1", 1, 32, "Name of this server in the cluster.");
    static final ConfigKey DATA_DIR =
            ConfigKey.text("data.dir", Form.FILE, "data", 1, 4096, "Directory of everything that is kept.");

    static final ConfigKey DISK_RESERVE = ConfigKey.size(
            "disk.reserve_bytes",
            "64MiB",
            "1MiB",
            "16GiB",
            "Space that a file in data.dir keeps for the log of a disk that runs full; a little above two files of the log at least.");
    static final ConfigKey DISK_MINIMUM = ConfigKey.size(
            "disk.minimum_bytes",
            "128MiB",
            "1MiB",
            "1024GiB",
            "With less space left on the disk of data.dir it is low (alarm NOSPACE); low on a majority: writes that let the store grow are refused.");

    static final ConfigKey DISK_SLOW = ConfigKey.duration(
            "disk.slow_fsync",
            "500ms",
            "1ms",
            "1m",
            "When above one in 20 fsyncs of a minute takes longer, the disk is slow (alarm SLOW_DISK).");

    static final ConfigKey CLIENT_LISTEN = ConfigKey.text(
            "client.listen", Form.ADDRESS, "127.0.0.1:7420", 1, 280, "Address on which clients are served (gRPC).");
    static final ConfigKey CLIENT_ADVERTISE = ConfigKey.text(
            "client.advertise",
            Form.ADDRESS,
            "",
            0,
            280,
            "Address that clients are told; empty: the one in cluster.members, or the one listened on.");
    static final ConfigKey CLIENT_DEADLINE = ConfigKey.duration(
            "client.default_deadline", "10s", "100ms", "10m", "Time for a call that came without a deadline.");
    static final ConfigKey CLIENT_REFLECTION =
            ConfigKey.toggle("client.reflection", true, "Serves gRPC reflection, so that tools need no .proto files.");
    static final ConfigKey CLIENT_MAX_AGE = ConfigKey.duration(
            "client.max_connection_age",
            "30m",
            "10s",
            "7d",
            "Age at which a connection is asked to come again, give or take a tenth, so that clients spread out.");
    static final ConfigKey CLIENT_AGE_GRACE = ConfigKey.duration(
            "client.max_connection_age_grace", "5m", "1s", "1d", "Time that calls of such a connection still have.");

    static final ConfigKey CLIENT_MAX_IDLE = ConfigKey.duration(
            "client.max_connection_idle",
            "15m",
            "1s",
            "7d",
            "A connection without any call for so long is closed; clients come again by themselves.");
    static final ConfigKey CLIENT_TLS_CERTIFICATE = ConfigKey.text(
            "client.tls.certificate",
            Form.FILE,
            "",
            0,
            4096,
            "Certificate for clients and HTTP (PEM, intermediate ones behind it); empty: no TLS.");
    static final ConfigKey CLIENT_TLS_KEY = ConfigKey.text(
            "client.tls.key", Form.FILE, "", 0, 4096, "Private key of client.tls.certificate (PEM, not encrypted).");
    static final ConfigKey CLIENT_TLS_CA = ConfigKey.text(
            "client.tls.ca", Form.FILE, "", 0, 4096, "Authorities that clients' certificates must be signed by (PEM).");
    static final ConfigKey CLIENT_TLS_AUTH = ConfigKey.choice(
            "client.tls.client_auth",
            "none",
            List.of("none", "optional", "require"),
            "Whether clients have to show a certificate; the last two need client.tls.ca.");
    static final ConfigKey CLIENT_TLS_MIN = ConfigKey.choice(
            "client.tls.min_version", "1.2", List.of("1.2", "1.3"), "Oldest version of TLS for clients and HTTP.");

    static final ConfigKey RAFT_LISTEN = ConfigKey.text(
            "raft.listen", Form.ADDRESS, "127.0.0.1:7421", 1, 280, "Address on which the other servers are served.");
    static final ConfigKey RAFT_ELECTION_MIN = ConfigKey.duration(
            "raft.election_timeout_min",
            "500ms",
            "50ms",
            "1m",
            "A follower that hears nothing from its leader for a random time from this on stands for election; when the leader's process has ended, one of them does so at once.");
    static final ConfigKey RAFT_ELECTION_MAX =
            ConfigKey.duration("raft.election_timeout_max", "750ms", "100ms", "2m", "Up to this time.");
    static final ConfigKey RAFT_SNAPSHOT_ENTRIES = ConfigKey.count(
            "raft.snapshot_entries", "50000", 100, 10_000_000, "A snapshot is written after so many log entries.");
    static final ConfigKey RAFT_SNAPSHOT_BYTES = ConfigKey.size(
            "raft.snapshot_bytes",
            "256MiB",
            "1MiB",
            "16GiB",
            "Or after so many bytes of log entries, sooner for a store that is smaller: after as many as it has itself, 32 MiB at least.");
    static final ConfigKey RAFT_SEGMENT_BYTES =
            ConfigKey.size("raft.segment_bytes", "16MiB", "8MiB", "256MiB", "Size of a file of the log.");
    static final ConfigKey RAFT_PRESERVATION = ConfigKey.count(
            "raft.preservation_entries",
            "5000",
            0,
            10_000_000,
            "Log entries kept behind a snapshot, so that a server that was away catches up from the log.");
    static final ConfigKey RAFT_IN_FLIGHT = ConfigKey.count(
            "raft.in_flight_entries",
            "8",
            1,
            64,
            "Log entries that the leader has on their way at a time. While one is, the next one gathers, for 10 ms at most.");
    static final ConfigKey RAFT_BATCH_COMMANDS =
            ConfigKey.count("raft.batch_commands", "8192", 1, 65_536, "Commands in one log entry at most.");
    static final ConfigKey RAFT_BATCH_BYTES = ConfigKey.size(
            "raft.batch_bytes", "1MiB", "16KiB", "3MiB", "Bytes in one log entry at most, one large command aside.");

    static final ConfigKey RAFT_TLS_CERTIFICATE = ConfigKey.text(
            "raft.tls.certificate",
            Form.FILE,
            "",
            0,
            4096,
            "Certificate that servers show each other (PEM; good for server and client use); empty: no TLS between servers.");
    static final ConfigKey RAFT_TLS_KEY = ConfigKey.text(
            "raft.tls.key", Form.FILE, "", 0, 4096, "Private key of raft.tls.certificate (PEM, not encrypted).");
    static final ConfigKey RAFT_TLS_CA = ConfigKey.text(
            "raft.tls.ca",
            Form.FILE,
            "",
            0,
            4096,
            "Authorities of the servers' certificates (PEM); best ones that sign nothing else.");

    static final ConfigKey HTTP_LISTEN = ConfigKey.text(
            "http.listen", Form.ADDRESS, "127.0.0.1:7422", 1, 280, "Address of metrics and health (HTTP).");

    static final ConfigKey HTTP_CONNECTIONS =
            ConfigKey.count("http.connections", "500", 10, 100_000, "Connections of HTTP at a time on this server.");
    static final ConfigKey HTTP_PER_ADDRESS = ConfigKey.count(
            "http.connections_per_address", "100", 1, 100_000, "Connections of HTTP at a time from one address.");
    static final ConfigKey HTTP_CLIENT_AUTH = ConfigKey.choice(
            "http.client_auth",
            "none",
            List.of("none", "optional", "require"),
            "As client.tls.client_auth, for HTTP, where probes and collectors of metrics often have no certificate.");

    static final ConfigKey SECURITY_INSECURE = ConfigKey.toggle(
            "security.allow_insecure",
            false,
            "Lets the server listen beyond loopback without TLS, or for clients that it does not know; else that is refused.");
    static final ConfigKey SECURITY_POLL = ConfigKey.duration(
            "security.tls_poll", "10s", "100ms", "1h", "Interval at which the TLS files are looked at for changes.");

    static final ConfigKey LIMITS_VALUE = ConfigKey.size(
            "limits.value_bytes", "1MiB", "1KiB", "1MiB", "Bytes of an encoded value that a write may carry.");
    static final ConfigKey LIMITS_REQUEST =
            ConfigKey.size("limits.request_bytes", "2MiB", "64KiB", "2MiB", "Bytes of a request message.");
    static final ConfigKey LIMITS_ZNODES = ConfigKey.count(
            "limits.max_nodes",
            "5000000",
            100,
            100_000_000,
            "Znodes of the whole store: above 85 % an alarm (MEMORY), above 95 % writes that add are refused; the same on all servers.");
    static final ConfigKey LIMITS_DATA_BYTES = ConfigKey.size(
            "limits.max_data_bytes",
            "0",
            "0",
            "1024GiB",
            "Bytes of all values, likewise; 0: half of the largest heap that the server may have.");
    static final ConfigKey LIMITS_WRITES = ConfigKey.count(
            "limits.in_flight_writes", "65536", 1_000, 1_000_000, "Writes waiting for their answer on this server.");
    static final ConfigKey LIMITS_QUEUED = ConfigKey.size(
            "limits.queued_bytes", "64MiB", "4MiB", "1GiB", "Bytes of the writes waiting for their answer.");
    static final ConfigKey LIMITS_STREAMS =
            ConfigKey.count("limits.streams", "10000", 100, 1_000_000, "Calls at a time on one connection.");
    static final ConfigKey LIMITS_OBSERVATIONS =
            ConfigKey.count("limits.observations", "10000", 1, 1_000_000, "Observations at a time on this server.");
    static final ConfigKey LIMITS_PIPELINE_OPERATIONS = ConfigKey.count(
            "limits.pipeline_operations", "8192", 1, 65_536, "Operations of one pipeline that wait for their answer.");
    static final ConfigKey LIMITS_PIPELINE_BYTES = ConfigKey.size(
            "limits.pipeline_bytes",
            "16MiB",
            "4MiB",
            "256MiB",
            "Bytes of one pipeline's waiting operations and answers.");
    static final ConfigKey LIMITS_PINS = ConfigKey.count(
            "limits.pinned_views",
            "1000",
            1,
            100_000,
            "Old revisions kept for the pages of listings, at most five minutes.");
    static final ConfigKey LIMITS_SCANS =
            ConfigKey.count("limits.scans", "100", 1, 10_000, "Scans of subtrees at a time on this server.");
    static final ConfigKey LIMITS_WAITING_CALLS = ConfigKey.count(
            "limits.waiting_calls",
            "10000",
            1,
            1_000_000,
            "Calls at a time on this server that wait for a lock, stand for election or observe one.");

    static final ConfigKey LIMITS_CONNECTIONS = ConfigKey.count(
            "limits.connections", "10000", 10, 1_000_000, "Connections of clients at a time on this server.");
    static final ConfigKey LIMITS_PER_ADDRESS = ConfigKey.count(
            "limits.connections_per_address", "5000", 1, 1_000_000, "Connections at a time from one address.");
    static final ConfigKey LIMITS_HANDSHAKE = ConfigKey.duration(
            "limits.handshake",
            "10s",
            "100ms",
            "2m",
            "Time that a new connection has for the handshakes of TLS and HTTP/2.");
    static final ConfigKey LIMITS_HEADERS =
            ConfigKey.size("limits.header_bytes", "16KiB", "4KiB", "64KiB", "Bytes of the headers of a call.");

    static final ConfigKey LIMITS_RATE = ConfigKey.count(
            "limits.requests_per_second",
            "0",
            0,
            10_000_000,
            "Calls and operations of pipelines a second of one principal, or of one address where nobody says who calls; 0: no limit.");
    static final ConfigKey LIMITS_BURST = ConfigKey.count(
            "limits.requests_burst",
            "1000",
            1,
            10_000_000,
            "So many may come at once before limits.requests_per_second counts.");

    static final ConfigKey HISTORY_AGE = ConfigKey.duration(
            "history.age", "10m", "1s", "7d", "Changes are kept at least so long for observers that come back.");
    static final ConfigKey HISTORY_REVISIONS = ConfigKey.count(
            "history.revisions", "100000", 100, 100_000_000, "So many revisions are kept whatever their age.");
    static final ConfigKey HISTORY_BYTES = ConfigKey.size(
            "history.bytes", "64MiB", "1MiB", "16GiB", "Bytes of the kept changes; goes before age and number.");

    static final ConfigKey LOG_LEVEL = ConfigKey.choice(
            "log.level", "info", List.of("error", "warn", "info", "debug", "trace"), "Least level that is logged.");
    static final ConfigKey LOG_FORMAT =
            ConfigKey.choice("log.format", "text", List.of("text", "json"), "Form of the log lines.");

    static final ConfigKey LOG_SLOW_REQUEST = ConfigKey.duration(
            "log.slow_request",
            "200ms",
            "1ms",
            "1h",
            "A request that takes longer is counted and logged with what took the time.");

    static final ConfigKey TRACING_ENDPOINT = ConfigKey.text(
            "tracing.endpoint",
            Form.TEXT,
            "",
            0,
            1024,
            "Where spans go, OTLP over HTTP, such as http://collector:4318/v1/traces; empty: no call is traced.");
    static final ConfigKey TRACING_PER_MILLION = ConfigKey.count(
            "tracing.per_million",
            "0",
            0,
            1_000_000,
            "So many of a million calls whose client sends no traceparent begin a trace; those of clients that trace are traced anyway.");

    static final ConfigKey AUTH_ENABLED = ConfigKey.toggle(
            "auth.enabled",
            false,
            "Whether every call needs a credential and is checked against roles; the same on all servers.");
    static final ConfigKey AUTH_ROOT_TOKEN = ConfigKey.text(
            "auth.root_token_file",
            Form.FILE,
            "",
            0,
            4096,
            "File, mode 0600, with a token that may do everything on this server, whatever the roles say; empty: none.");
    static final ConfigKey AUTH_TOKEN_LIFE = ConfigKey.duration(
            "auth.sign_in_life", "1h", "10s", "1d", "How long the token counts that a password is exchanged for.");
    static final ConfigKey AUTH_PASSWORD_ITERATIONS = ConfigKey.count(
            "auth.password_iterations",
            "210000",
            1_000,
            10_000_000,
            "Rounds of PBKDF2 (HMAC-SHA-512) of new passwords; fewer than the default are for tests.");
    static final ConfigKey AUTH_CERTIFICATE = ConfigKey.choice(
            "auth.certificate_principal",
            "none",
            List.of("none", "subject", "common_name", "san"),
            "What of a client's certificate names the principal of calls without a token.");
    static final ConfigKey AUTH_JWKS = ConfigKey.text(
            "auth.jwks_file",
            Form.FILE,
            "",
            0,
            4096,
            "File with the public keys (JWKS) of the issuer of JWTs; empty: no JWTs.");
    static final ConfigKey AUTH_JWT_ISSUER =
            ConfigKey.text("auth.jwt_issuer", Form.TEXT, "", 0, 1024, "Issuer (iss) that JWTs must have.");
    static final ConfigKey AUTH_JWT_AUDIENCE =
            ConfigKey.text("auth.jwt_audience", Form.TEXT, "", 0, 1024, "Audience (aud) that JWTs must have.");
    static final ConfigKey AUTH_JWT_GROUPS = ConfigKey.text(
            "auth.jwt_groups_claim", Form.TEXT, "", 0, 128, "Claim with the groups of the principal; empty: none.");

    static final ConfigKey AUDIT_FILE = ConfigKey.text(
            "audit.file", Form.FILE, "", 0, 4096, "File of the audit log, JSON lines; empty: none is written.");
    static final ConfigKey AUDIT_WRITES =
            ConfigKey.toggle("audit.writes", false, "Whether writes of the store stand in the audit log, too.");
    static final ConfigKey AUDIT_FILE_BYTES = ConfigKey.size(
            "audit.file_bytes", "64MiB", "64KiB", "4GiB", "Size at which the file is put aside and a new one begun.");
    static final ConfigKey AUDIT_FILES =
            ConfigKey.count("audit.files", "10", 1, 1_000, "So many files that were put aside are kept.");

    private static final List<ConfigKey> ALL = List.of(
            CLUSTER_ID,
            CLUSTER_MEMBERS,
            CLUSTER_JOIN,
            MEMBER_ID,
            DATA_DIR,
            DISK_RESERVE,
            DISK_MINIMUM,
            DISK_SLOW,
            CLIENT_LISTEN,
            CLIENT_ADVERTISE,
            CLIENT_DEADLINE,
            CLIENT_REFLECTION,
            CLIENT_MAX_AGE,
            CLIENT_AGE_GRACE,
            CLIENT_MAX_IDLE,
            CLIENT_TLS_CERTIFICATE,
            CLIENT_TLS_KEY,
            CLIENT_TLS_CA,
            CLIENT_TLS_AUTH,
            CLIENT_TLS_MIN,
            RAFT_LISTEN,
            RAFT_ELECTION_MIN,
            RAFT_ELECTION_MAX,
            RAFT_SNAPSHOT_ENTRIES,
            RAFT_SNAPSHOT_BYTES,
            RAFT_SEGMENT_BYTES,
            RAFT_PRESERVATION,
            RAFT_IN_FLIGHT,
            RAFT_BATCH_COMMANDS,
            RAFT_BATCH_BYTES,
            RAFT_TLS_CERTIFICATE,
            RAFT_TLS_KEY,
            RAFT_TLS_CA,
            HTTP_LISTEN,
            HTTP_CONNECTIONS,
            HTTP_PER_ADDRESS,
            HTTP_CLIENT_AUTH,
            SECURITY_INSECURE,
            SECURITY_POLL,
            LIMITS_VALUE,
            LIMITS_REQUEST,
            LIMITS_ZNODES,
            LIMITS_DATA_BYTES,
            LIMITS_WRITES,
            LIMITS_QUEUED,
            LIMITS_STREAMS,
            LIMITS_OBSERVATIONS,
            LIMITS_PIPELINE_OPERATIONS,
            LIMITS_PIPELINE_BYTES,
            LIMITS_PINS,
            LIMITS_SCANS,
            LIMITS_WAITING_CALLS,
            LIMITS_CONNECTIONS,
            LIMITS_PER_ADDRESS,
            LIMITS_HANDSHAKE,
            LIMITS_HEADERS,
            LIMITS_RATE,
            LIMITS_BURST,
            HISTORY_AGE,
            HISTORY_REVISIONS,
            HISTORY_BYTES,
            LOG_LEVEL,
            LOG_FORMAT,
            LOG_SLOW_REQUEST,
            TRACING_ENDPOINT,
            TRACING_PER_MILLION,
            AUTH_ENABLED,
            AUTH_ROOT_TOKEN,
            AUTH_TOKEN_LIFE,
            AUTH_PASSWORD_ITERATIONS,
            AUTH_CERTIFICATE,
            AUTH_JWKS,
            AUTH_JWT_ISSUER,
            AUTH_JWT_AUDIENCE,
            AUTH_JWT_GROUPS,
            AUDIT_FILE,
            AUDIT_WRITES,
            AUDIT_FILE_BYTES,
            AUDIT_FILES);

    private ConfigKeys() {}

    /** All keys in the order in which they are printed. */
    public static List<ConfigKey> all() {
        return ALL;
    }
}

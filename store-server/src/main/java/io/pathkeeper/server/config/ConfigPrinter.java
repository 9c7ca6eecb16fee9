package io.pathkeeper.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes a configuration as YAML that {@link ConfigLoader#file} reads back to the same configuration. */
public final class ConfigPrinter {
    private ConfigPrinter() {}

    /** The YAML text, every key with its value. */
    public static String print(ServerConfig config) {
        StringBuilder out = new StringBuilder();
        String section = "";
        for (Map.Entry<String, String> entry : values(config).entrySet()) {
            int dot = entry.getKey().indexOf('.');
            String head = entry.getKey().substring(0, dot);
            if (!head.equals(section)) {
                section = head;
                out.append(section).append(":\n");
            }
            out.append("  ").append(entry.getKey().substring(dot + 1)).append(": ");
            out.append(quote(entry.getValue())).append('\n');
        }
        return out.toString();
    }

    /** Every key with its value as text, in the order of {@link ConfigKeys#all}. */
    static Map<String, String> values(ServerConfig c) {
        Map<ConfigKey, String> v = new LinkedHashMap<>();
        v.put(ConfigKeys.CLUSTER_ID, c.cluster().id());
        String members =
                c.cluster().members().stream().map(MemberAddress::toString).collect(Collectors.joining(","));
        v.put(ConfigKeys.CLUSTER_MEMBERS, members);
        v.put(ConfigKeys.CLUSTER_JOIN, Boolean.toString(c.cluster().join()));
        v.put(ConfigKeys.MEMBER_ID, c.cluster().memberId());
        v.put(ConfigKeys.DATA_DIR, c.data().dir().toString());
        v.put(ConfigKeys.DISK_RESERVE, Units.formatSize(c.data().reserveBytes()));
        v.put(ConfigKeys.DISK_MINIMUM, Units.formatSize(c.data().minimumBytes()));
        v.put(ConfigKeys.DISK_SLOW, time(c.data().slowSync()));
        v.put(ConfigKeys.CLIENT_LISTEN, c.client().listen().toString());
        v.put(
                ConfigKeys.CLIENT_ADVERTISE,
                c.client().advertise().map(Address::toString).orElse(""));
        v.put(ConfigKeys.CLIENT_DEADLINE, time(c.client().defaultDeadline()));
        v.put(ConfigKeys.CLIENT_REFLECTION, Boolean.toString(c.client().reflection()));
        v.put(ConfigKeys.CLIENT_MAX_AGE, time(c.client().maxConnectionAge()));
        v.put(ConfigKeys.CLIENT_AGE_GRACE, time(c.client().maxConnectionAgeGrace()));
        v.put(ConfigKeys.CLIENT_MAX_IDLE, time(c.client().maxConnectionIdle()));
        ServerConfig.Security security = c.security();
        put(
                v,
                security.clientTls(),
                ConfigKeys.CLIENT_TLS_CERTIFICATE,
                ConfigKeys.CLIENT_TLS_KEY,
                ConfigKeys.CLIENT_TLS_CA);
        v.put(ConfigKeys.CLIENT_TLS_AUTH, security.clientAuth());
        v.put(ConfigKeys.CLIENT_TLS_MIN, security.minVersion());
        ServerConfig.Raft raft = c.raft();
        v.put(ConfigKeys.RAFT_LISTEN, raft.listen().toString());
        v.put(ConfigKeys.RAFT_ELECTION_MIN, time(raft.electionTimeoutMin()));
        v.put(ConfigKeys.RAFT_ELECTION_MAX, time(raft.electionTimeoutMax()));
        v.put(ConfigKeys.RAFT_SNAPSHOT_ENTRIES, Integer.toString(raft.snapshotEntries()));
        v.put(ConfigKeys.RAFT_SNAPSHOT_BYTES, Units.formatSize(raft.snapshotBytes()));
        v.put(ConfigKeys.RAFT_SEGMENT_BYTES, Units.formatSize(raft.segmentBytes()));
        v.put(ConfigKeys.RAFT_PRESERVATION, Integer.toString(raft.preservationEntries()));
        v.put(ConfigKeys.RAFT_IN_FLIGHT, Integer.toString(raft.inFlightEntries()));
        v.put(ConfigKeys.RAFT_BATCH_COMMANDS, Integer.toString(raft.batchCommands()));
        v.put(ConfigKeys.RAFT_BATCH_BYTES, Units.formatSize(raft.batchBytes()));
        put(v, security.raftTls(), ConfigKeys.RAFT_TLS_CERTIFICATE, ConfigKeys.RAFT_TLS_KEY, ConfigKeys.RAFT_TLS_CA);
        v.put(ConfigKeys.HTTP_LISTEN, c.http().listen().toString());
        v.put(ConfigKeys.HTTP_CONNECTIONS, Integer.toString(c.http().connections()));
        v.put(ConfigKeys.HTTP_PER_ADDRESS, Integer.toString(c.http().connectionsPerAddress()));
        v.put(ConfigKeys.HTTP_CLIENT_AUTH, security.httpClientAuth());
        v.put(ConfigKeys.SECURITY_INSECURE, Boolean.toString(security.allowInsecure()));
        v.put(ConfigKeys.SECURITY_POLL, time(security.tlsPoll()));
        ServerConfig.Limits limits = c.limits();
        v.put(ConfigKeys.LIMITS_VALUE, Units.formatSize(limits.valueBytes()));
        v.put(ConfigKeys.LIMITS_REQUEST, Units.formatSize(limits.requestBytes()));
        v.put(ConfigKeys.LIMITS_ZNODES, Integer.toString(limits.znodes()));
        v.put(ConfigKeys.LIMITS_DATA_BYTES, Units.formatSize(limits.dataBytes()));
        v.put(ConfigKeys.LIMITS_WRITES, Integer.toString(limits.inFlightWrites()));
        v.put(ConfigKeys.LIMITS_QUEUED, Units.formatSize(limits.queuedBytes()));
        v.put(ConfigKeys.LIMITS_STREAMS, Integer.toString(limits.streams()));
        v.put(ConfigKeys.LIMITS_OBSERVATIONS, Integer.toString(limits.observations()));
        v.put(ConfigKeys.LIMITS_PIPELINE_OPERATIONS, Integer.toString(limits.pipelineOperations()));
        v.put(ConfigKeys.LIMITS_PIPELINE_BYTES, Units.formatSize(limits.pipelineBytes()));
        v.put(ConfigKeys.LIMITS_PINS, Integer.toString(limits.pinnedViews()));
        v.put(ConfigKeys.LIMITS_SCANS, Integer.toString(limits.scans()));
        v.put(ConfigKeys.LIMITS_WAITING_CALLS, Integer.toString(limits.waitingCalls()));
        v.put(ConfigKeys.LIMITS_CONNECTIONS, Integer.toString(limits.connections()));
        v.put(ConfigKeys.LIMITS_PER_ADDRESS, Integer.toString(limits.connectionsPerAddress()));
        v.put(ConfigKeys.LIMITS_HANDSHAKE, time(limits.handshake()));
        v.put(ConfigKeys.LIMITS_HEADERS, Units.formatSize(limits.headerBytes()));
        v.put(ConfigKeys.LIMITS_RATE, Integer.toString(limits.rate().perSecond()));
        v.put(ConfigKeys.LIMITS_BURST, Integer.toString(limits.rate().burst()));
        v.put(ConfigKeys.HISTORY_AGE, time(c.history().age()));
        v.put(ConfigKeys.HISTORY_REVISIONS, Integer.toString(c.history().revisions()));
        v.put(ConfigKeys.HISTORY_BYTES, Units.formatSize(c.history().bytes()));
        v.put(ConfigKeys.LOG_LEVEL, c.log().level());
        v.put(ConfigKeys.LOG_FORMAT, c.log().format());
        v.put(ConfigKeys.LOG_SLOW_REQUEST, time(c.log().slowRequest()));
        v.put(ConfigKeys.TRACING_ENDPOINT, c.tracing().endpoint());
        v.put(ConfigKeys.TRACING_PER_MILLION, Integer.toString(c.tracing().perMillion()));
        ServerConfig.Auth auth = c.auth();
        v.put(ConfigKeys.AUTH_ENABLED, Boolean.toString(auth.enabled()));
        v.put(ConfigKeys.AUTH_ROOT_TOKEN, file(auth.rootTokenFile()));
        v.put(ConfigKeys.AUTH_TOKEN_LIFE, time(auth.signInLife()));
        v.put(ConfigKeys.AUTH_PASSWORD_ITERATIONS, Integer.toString(auth.passwordIterations()));
        v.put(ConfigKeys.AUTH_CERTIFICATE, auth.certificate());
        v.put(ConfigKeys.AUTH_JWKS, file(auth.jwksFile()));
        v.put(ConfigKeys.AUTH_JWT_ISSUER, auth.jwtIssuer());
        v.put(ConfigKeys.AUTH_JWT_AUDIENCE, auth.jwtAudience());
        v.put(ConfigKeys.AUTH_JWT_GROUPS, auth.jwtGroupsClaim());
        v.put(ConfigKeys.AUDIT_FILE, file(c.audit().file()));
        v.put(ConfigKeys.AUDIT_WRITES, Boolean.toString(c.audit().writes()));
        v.put(ConfigKeys.AUDIT_FILE_BYTES, Units.formatSize(c.audit().fileBytes()));
        v.put(ConfigKeys.AUDIT_FILES, Integer.toString(c.audit().files()));
        Map<String, String> named = new LinkedHashMap<>();
        v.forEach((key, value) -> named.put(key.name(), value));
        return named;
    }

    /** Paths only: nothing of what is in the files. */
    private static void put(
            Map<ConfigKey, String> values,
            Optional<ServerConfig.TlsPaths> tls,
            ConfigKey certificate,
            ConfigKey key,
            ConfigKey authorities) {
        values.put(certificate, tls.map(t -> t.certificate().toString()).orElse(""));
        values.put(key, tls.map(t -> t.key().toString()).orElse(""));
        values.put(
                authorities,
                tls.flatMap(ServerConfig.TlsPaths::authorities)
                        .map(Path::toString)
                        .orElse(""));
    }

    private static String file(@Nullable Path file) {
        return file == null ? "" : file.toString();
    }

    private static String time(Duration time) {
        return Units.formatMillis(time.toMillis());
    }

    private static String quote(String text) {
        boolean plain = text.matches("[A-Za-z0-9./][A-Za-z0-9._/:-]*") && !text.endsWith(":");
        return plain ? text : "'" + text.replace("'", "''") + "'";
    }
}

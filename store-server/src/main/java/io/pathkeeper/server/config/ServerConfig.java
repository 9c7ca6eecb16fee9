package io.pathkeeper.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration of a server. Every record checks itself; what concerns two of them is checked here.
 *
 * @throws ConfigException from every constructor, with one line that names key, value and allowed range
 */
public record ServerConfig(
        Cluster cluster,
        Data data,
        Client client,
        Raft raft,
        Http http,
        Security security,
        Limits limits,
        History history,
        Log log,
        Tracing tracing,
        Auth auth,
        Audit audit) {

    /** Checks that this server is a member and that addresses and limits fit together. */
    public ServerConfig {
        boolean alone = cluster.members().isEmpty();
        if (!alone && cluster.self().isEmpty()) {
            throw new ConfigException(
                    "member.id is '" + cluster.memberId() + "', which cluster.members does not name: it has "
                            + cluster.members().stream().map(MemberAddress::id).toList());
        }
        if (limits.requestBytes() < limits.valueBytes() + 16_384) {
            throw new ConfigException("limits.request_bytes is '" + Units.formatSize(limits.requestBytes())
                    + "': it must be at least 16KiB above limits.value_bytes, which is '"
                    + Units.formatSize(limits.valueBytes()) + "'");
        }
    }

    /** The same with another address for clients. */
    public ServerConfig withClientListen(Address listen) {
        return new ServerConfig(
                cluster,
                data,
                client.withListen(listen),
                raft,
                http,
                security,
                limits,
                history,
                log,
                tracing,
                auth,
                audit);
    }

    /** Address that clients are told: the advertised one, else the one among the members, else the one listened on. */
    public Address clientAddress() {
        return client.advertise()
                .or(() -> cluster.self().map(MemberAddress::client))
                .orElse(client.listen());
    }

    /** Address that the other servers use: the one among the members, else the one listened on. */
    public Address raftAddress() {
        return cluster.self().map(MemberAddress::raft).orElse(raft.listen());
    }

    /**
     * Who belongs to a new cluster, and which of them this is.
     *
     * @param id name of the cluster
     * @param memberId name of this server
     * @param members all servers at the first start; empty: this one alone
     * @param join whether this server waits to be added instead of beginning a cluster
     */
    public record Cluster(String id, String memberId, List<MemberAddress> members, boolean join) {
        /** Checks the names. */
        public Cluster {
            ConfigKeys.CLUSTER_ID.check(id);
            ConfigKeys.MEMBER_ID.check(memberId);
            members = List.copyOf(members);
        }

        /** This server among the members; empty when it is alone. */
        public Optional<MemberAddress> self() {
            return members.stream().filter(m -> m.id().equals(memberId)).findFirst();
        }
    }

    /**
     * Where data is kept.
     *
     * @param dir directory of everything
     * @param reserveBytes space that is kept there for the log of a disk that runs full
     * @param minimumBytes with less space left it is low
     * @param slowSync an fsync that takes longer is slow
     */
    public record Data(Path dir, long reserveBytes, long minimumBytes, Duration slowSync) {
        /** Checks path and numbers. */
        public Data {
            ConfigKeys.DATA_DIR.check(dir.toString());
            ConfigKeys.DISK_RESERVE.check(reserveBytes);
            ConfigKeys.DISK_MINIMUM.check(minimumBytes);
            ConfigKeys.DISK_SLOW.check(slowSync);
        }
    }

    /** How clients are served. */
    public record Client(
            Address listen,
            Optional<Address> advertise,
            Duration defaultDeadline,
            boolean reflection,
            Duration maxConnectionAge,
            Duration maxConnectionAgeGrace,
            Duration maxConnectionIdle) {
        /** Checks the times. */
        public Client {
            ConfigKeys.CLIENT_DEADLINE.check(defaultDeadline);
            ConfigKeys.CLIENT_MAX_AGE.check(maxConnectionAge);
            ConfigKeys.CLIENT_AGE_GRACE.check(maxConnectionAgeGrace);
            ConfigKeys.CLIENT_MAX_IDLE.check(maxConnectionIdle);
        }

        /** The same on another address. */
        public Client withListen(Address other) {
            return new Client(
                    other,
                    advertise,
                    defaultDeadline,
                    reflection,
                    maxConnectionAge,
                    maxConnectionAgeGrace,
                    maxConnectionIdle);
        }
    }

    /** How Raft works. */
    public record Raft(
            Address listen,
            Duration electionTimeoutMin,
            Duration electionTimeoutMax,
            int snapshotEntries,
            long snapshotBytes,
            long segmentBytes,
            int preservationEntries,
            int inFlightEntries,
            int batchCommands,
            int batchBytes) {
        /** Checks the numbers, and that the greatest election timeout is well above the least. */
        public Raft {
            ConfigKeys.RAFT_ELECTION_MIN.check(electionTimeoutMin);
            ConfigKeys.RAFT_ELECTION_MAX.check(electionTimeoutMax);
            ConfigKeys.RAFT_SNAPSHOT_ENTRIES.check(snapshotEntries);
            ConfigKeys.RAFT_SNAPSHOT_BYTES.check(snapshotBytes);
            ConfigKeys.RAFT_SEGMENT_BYTES.check(segmentBytes);
            ConfigKeys.RAFT_PRESERVATION.check(preservationEntries);
            ConfigKeys.RAFT_IN_FLIGHT.check(inFlightEntries);
            ConfigKeys.RAFT_BATCH_COMMANDS.check(batchCommands);
            ConfigKeys.RAFT_BATCH_BYTES.check(batchBytes);
            if (electionTimeoutMax.toMillis() * 2 < electionTimeoutMin.toMillis() * 3) {
                throw new ConfigException("raft.election_timeout_max is '"
                        + Units.formatMillis(electionTimeoutMax.toMillis())
                        + "': it must be at least one and a half times raft.election_timeout_min, which is '"
                        + Units.formatMillis(electionTimeoutMin.toMillis()) + "'");
            }
        }
    }

    /** Where metrics and health are served. */
    public record Http(Address listen, int connections, int connectionsPerAddress) {
        /** Checks the numbers. */
        public Http {
            ConfigKeys.HTTP_CONNECTIONS.check(connections);
            ConfigKeys.HTTP_PER_ADDRESS.check(connectionsPerAddress);
        }
    }

    /**
     * What protects the connections.
     *
     * @param clientTls for clients and HTTP
     * @param raftTls between the servers
     * @param clientAuth whether clients have to show a certificate: none, optional or require
     * @param httpClientAuth likewise for HTTP
     * @param minVersion oldest TLS for clients and HTTP, 1.2 or 1.3; between servers it is always 1.3
     * @param allowInsecure whether the server may listen beyond loopback without TLS
     * @param tlsPoll how often the files are looked at
     */
    public record Security(
            Optional<TlsPaths> clientTls,
            Optional<TlsPaths> raftTls,
            String clientAuth,
            String httpClientAuth,
            String minVersion,
            boolean allowInsecure,
            Duration tlsPoll) {
        /** Checks that what needs something else has it. */
        public Security {
            ConfigKeys.CLIENT_TLS_AUTH.check(clientAuth);
            ConfigKeys.HTTP_CLIENT_AUTH.check(httpClientAuth);
            ConfigKeys.CLIENT_TLS_MIN.check(minVersion);
            ConfigKeys.SECURITY_POLL.check(tlsPoll);
            checkAuthorities(ConfigKeys.CLIENT_TLS_AUTH, clientAuth, clientTls);
            checkAuthorities(ConfigKeys.HTTP_CLIENT_AUTH, httpClientAuth, clientTls);
            if (raftTls.isPresent() && raftTls.get().authorities().isEmpty()) {
                throw new ConfigException(
                        "raft.tls.ca is empty: servers check each other's certificates, so it is needed with"
                                + " raft.tls.certificate");
            }
        }

        private static void checkAuthorities(ConfigKey key, String value, Optional<TlsPaths> tls) {
            if (!value.equals("none") && tls.flatMap(TlsPaths::authorities).isEmpty()) {
                throw new ConfigException(key.name() + " is '" + value
                        + "': it needs client.tls.certificate, client.tls.key and client.tls.ca");
            }
        }
    }

    /** PEM files of one identity. */
    public record TlsPaths(Path certificate, Path key, Optional<Path> authorities) {}

    /** What a request, a connection and the whole server may use. */
    public record Limits(
            int valueBytes,
            int requestBytes,
            int znodes,
            long dataBytes,
            int inFlightWrites,
            long queuedBytes,
            int streams,
            int observations,
            int pipelineOperations,
            int pipelineBytes,
            int pinnedViews,
            int scans,
            int waitingCalls,
            int connections,
            int connectionsPerAddress,
            Duration handshake,
            int headerBytes,
            Rate rate) {
        /** Checks the numbers. */
        public Limits {
            ConfigKeys.LIMITS_VALUE.check(valueBytes);
            ConfigKeys.LIMITS_REQUEST.check(requestBytes);
            ConfigKeys.LIMITS_ZNODES.check(znodes);
            ConfigKeys.LIMITS_DATA_BYTES.check(dataBytes);
            ConfigKeys.LIMITS_WRITES.check(inFlightWrites);
            ConfigKeys.LIMITS_QUEUED.check(queuedBytes);
            ConfigKeys.LIMITS_STREAMS.check(streams);
            ConfigKeys.LIMITS_OBSERVATIONS.check(observations);
            ConfigKeys.LIMITS_PIPELINE_OPERATIONS.check(pipelineOperations);
            ConfigKeys.LIMITS_PIPELINE_BYTES.check(pipelineBytes);
            ConfigKeys.LIMITS_PINS.check(pinnedViews);
            ConfigKeys.LIMITS_SCANS.check(scans);
            ConfigKeys.LIMITS_WAITING_CALLS.check(waitingCalls);
            ConfigKeys.LIMITS_CONNECTIONS.check(connections);
            ConfigKeys.LIMITS_PER_ADDRESS.check(connectionsPerAddress);
            ConfigKeys.LIMITS_HANDSHAKE.check(handshake);
            ConfigKeys.LIMITS_HEADERS.check(headerBytes);
        }
    }

    /**
     * How often one principal may call.
     *
     * @param perSecond calls a second; 0: as often as it likes
     * @param burst so many may come at once
     */
    public record Rate(int perSecond, int burst) {
        /** Checks the numbers. */
        public Rate {
            ConfigKeys.LIMITS_RATE.check(perSecond);
            ConfigKeys.LIMITS_BURST.check(burst);
        }
    }

    /** How much of the past observers find. */
    public record History(Duration age, int revisions, long bytes) {
        /** Checks the numbers. */
        public History {
            ConfigKeys.HISTORY_AGE.check(age);
            ConfigKeys.HISTORY_REVISIONS.check(revisions);
            ConfigKeys.HISTORY_BYTES.check(bytes);
        }
    }

    /** What is logged, and how; requests that take longer than {@code slowRequest} are. */
    public record Log(String level, String format, Duration slowRequest) {
        /** Checks the words. */
        public Log {
            ConfigKeys.LOG_LEVEL.check(level);
            ConfigKeys.LOG_FORMAT.check(format);
            ConfigKeys.LOG_SLOW_REQUEST.check(slowRequest);
        }
    }

    /** Where spans of calls go, and of which calls; off without an endpoint. */
    public record Tracing(String endpoint, int perMillion) {
        /** Checks the URL and the number. */
        public Tracing {
            ConfigKeys.TRACING_ENDPOINT.check(endpoint);
            ConfigKeys.TRACING_PER_MILLION.check(perMillion);
            if (!endpoint.isEmpty() && !isUrl(endpoint)) {
                throw new ConfigException("tracing.endpoint is '" + endpoint
                        + "': it must be a URL, such as http://collector:4318/v1/traces");
            }
        }

        private static boolean isUrl(String text) {
            try {
                URI uri = new URI(text);
                String scheme = uri.getScheme();
                return uri.getHost() != null && ("http".equals(scheme) || "https".equals(scheme));
            } catch (URISyntaxException e) {
                return false;
            }
        }
    }

    /** Who may do what, and how callers prove who they are. Off by default. */
    public record Auth(
            boolean enabled,
            @Nullable Path rootTokenFile,
            Duration signInLife,
            int passwordIterations,
            String certificate,
            @Nullable Path jwksFile,
            String jwtIssuer,
            String jwtAudience,
            String jwtGroupsClaim) {
        /** Checks the values, and that JWTs are told from those of other issuers and for other services. */
        public Auth {
            ConfigKeys.AUTH_TOKEN_LIFE.check(signInLife);
            ConfigKeys.AUTH_PASSWORD_ITERATIONS.check(passwordIterations);
            ConfigKeys.AUTH_CERTIFICATE.check(certificate);
            if (jwksFile != null && (jwtIssuer.isEmpty() || jwtAudience.isEmpty())) {
                throw new ConfigException("auth.jwks_file is '" + jwksFile
                        + "': auth.jwt_issuer and auth.jwt_audience must be set with it");
            }
        }
    }

    /** What is written about who did what. */
    public record Audit(@Nullable Path file, boolean writes, long fileBytes, int files) {
        /** Checks the numbers. */
        public Audit {
            ConfigKeys.AUDIT_FILE_BYTES.check(fileBytes);
            ConfigKeys.AUDIT_FILES.check(files);
        }
    }
}

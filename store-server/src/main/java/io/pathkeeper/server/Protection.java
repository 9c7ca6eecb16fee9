package io.pathkeeper.server;

import io.pathkeeper.server.admin.AdminServer;
import io.pathkeeper.server.alarm.AlarmType;
import io.pathkeeper.server.alarm.Alarms;
import io.pathkeeper.server.config.Address;
import io.pathkeeper.server.config.ServerConfig;
import io.pathkeeper.server.metrics.MeterNames;
import io.pathkeeper.server.metrics.ServerMeters;
import io.pathkeeper.server.wire.ClientAuth;
import io.pathkeeper.server.wire.ClientEdge;
import io.pathkeeper.server.wire.ConnectionGate;
import io.pathkeeper.server.wire.Cuts;
import io.pathkeeper.server.wire.ReloadingTls;
import io.pathkeeper.server.wire.TlsEndpoint;
import io.pathkeeper.server.wire.TlsException;
import io.pathkeeper.server.wire.TlsFiles;
import io.pathkeeper.server.wire.TlsWatch;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What stands before the ports of one server: its certificates and the gate for connections. Closing ends the look-out for new files. */
final class Protection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Protection.class);

    private final ServerConfig.Security security;
    private final @Nullable ReloadingTls client;
    private final @Nullable ReloadingTls raft;
    private final ServerConfig.Limits limits;
    private final ConnectionGate gate;
    private final ConnectionGate httpGate;
    private final Cuts cuts = new Cuts();
    private @Nullable TlsWatch watch;
    /** How often the certificates for clients had changed when they were judged last; owned by the watch's thread. */
    private long judgedReloads;

    private Protection(ServerConfig config, @Nullable ReloadingTls client, @Nullable ReloadingTls raft) {
        this.security = config.security();
        this.client = client;
        this.raft = raft;
        this.limits = config.limits();
        this.gate = new ConnectionGate(
                limits.connections(), limits.connectionsPerAddress(), limits.handshake(), System::nanoTime);
        this.httpGate = new ConnectionGate(
                config.http().connections(),
                config.http().connectionsPerAddress(),
                limits.handshake(),
                System::nanoTime);
    }

    /**
     * Reads the certificates.
     *
     * @throws StartException when they cannot be used, or when something would be open to other machines that nobody said may be
     */
    static Protection of(ServerConfig config) throws StartException {
        checkExposure(config);
        try {
            return new Protection(
                    config,
                    load("client.tls", config.security().clientTls(), false),
                    load("raft.tls", config.security().raftTls(), true));
        } catch (TlsException e) {
            throw new StartException(ExitCode.CONFIGURATION, String.valueOf(e.getMessage()), e);
        }
    }

    private static @Nullable ReloadingTls load(String name, Optional<ServerConfig.TlsPaths> paths, boolean servers)
            throws TlsException {
        if (paths.isEmpty()) {
            return null;
        }
        ServerConfig.TlsPaths files = paths.get();
        return ReloadingTls.load(
                new TlsFiles(
                        name,
                        files.certificate(),
                        files.key(),
                        files.authorities().orElse(null),
                        servers),
                InstantSource.system());
    }

    private static void checkExposure(ServerConfig config) throws StartException {
        ServerConfig.Security security = config.security();
        boolean plain = security.clientTls().isEmpty();
        Address client = config.client().listen();
        if (plain) {
            String cure = "set client.tls.certificate and client.tls.key";
            checkExposure(config, "client.listen", client, "nothing there is encrypted", cure);
            checkExposure(config, "http.listen", config.http().listen(), "nothing there is encrypted", cure);
        } else if (!config.auth().enabled() && !security.clientAuth().equals("require")) {
            checkExposure(
                    config,
                    "client.listen",
                    client,
                    "whoever reaches it may do everything",
                    "set auth.enabled, or client.tls.client_auth to require");
        }
        if (security.raftTls().isEmpty()) {
            checkExposure(
                    config,
                    "raft.listen",
                    config.raft().listen(),
                    "whoever reaches it may pose as a server",
                    "set raft.tls.certificate, raft.tls.key and raft.tls.ca");
        }
    }

    private static void checkExposure(ServerConfig config, String key, Address address, String danger, String cure)
            throws StartException {
        if (address.isLoopback()) {
            return;
        }
        if (!config.security().allowInsecure()) {
            throw new StartException(
                    ExitCode.CONFIGURATION,
                    key + " is '" + address + "', which other machines can reach, and " + danger + ": " + cure
                            + ", listen on 127.0.0.1, or say that it may be open with --insecure"
                            + " (security.allow_insecure)",
                    null);
        }
        LOG.atWarn()
                .addKeyValue("key", key)
                .addKeyValue("address", address)
                .log("UNPROTECTED: this address can be reached from other machines, and " + danger
                        + "; let only trusted machines through to it");
    }

    /**
     * Begins to look for new files.
     *
     * @param alarms are raised and cleared
     * @param judgeAnew is run when the authorities of clients may have changed
     */
    void watch(Alarms alarms, Runnable judgeAnew) {
        tell(alarms);
        watch = new TlsWatch(all(), security.tlsPoll(), () -> {
            tell(alarms);
            if (client != null && client.reloads() != judgedReloads) {
                judgedReloads = client.reloads();
                judgeAnew.run();
            }
        });
    }

    private void tell(Alarms alarms) {
        for (ReloadingTls tls : all()) {
            String problem = tls.problem();
            alarms.set(
                    AlarmType.CERT_RELOAD_FAILED,
                    tls.name(),
                    problem.isEmpty() ? "" : problem + "; those read before stay in use");
            alarms.set(AlarmType.CERT_EXPIRY, tls.name(), tls.expiryProblem());
        }
    }

    /** For the port of clients. */
    ClientEdge clientEdge() {
        return new ClientEdge(endpoint(security.clientAuth()), gate, cuts);
    }

    /** For HTTP. */
    AdminServer.HttpEdge http() {
        return new AdminServer.HttpEdge(
                endpoint(security.httpClientAuth()), httpGate, limits.handshake(), limits.headerBytes());
    }

    /** For the port of the servers; null: plain. */
    @Nullable
    TlsEndpoint raft() {
        return raft == null ? null : raft.endpoint(ClientAuth.REQUIRE, List.of("TLSv1.3"));
    }

    private @Nullable TlsEndpoint endpoint(String clientAuth) {
        if (client == null) {
            return null;
        }
        List<String> protocols =
                security.minVersion().equals("1.3") ? List.of("TLSv1.3") : List.of("TLSv1.3", "TLSv1.2");
        return client.endpoint(ClientAuth.valueOf(clientAuth.toUpperCase(Locale.ROOT)), protocols);
    }

    private List<ReloadingTls> all() {
        List<ReloadingTls> all = new ArrayList<>();
        if (client != null) {
            all.add(client);
        }
        if (raft != null) {
            all.add(raft);
        }
        return all;
    }

    void register(ServerMeters meters, ConnectionGate servers) {
        meters.gauge(MeterNames.CONNECTIONS, "Connections of clients that are open", gate::open);
        meters.gauge(MeterNames.RAFT_CONNECTIONS, "Connections on the Raft port that are open", servers::open);
        meters.gauge(MeterNames.HTTP_CONNECTIONS, "Connections of HTTP that are open", httpGate::open);
        for (ConnectionGate.Reason reason : ConnectionGate.Reason.values()) {
            meters.count(
                    MeterNames.CONNECTIONS_REFUSED,
                    "Connections of clients that were refused, or ended before they could be used",
                    "reason",
                    reason.label(),
                    () -> gate.refused(reason));
            meters.count(
                    MeterNames.RAFT_CONNECTIONS_REFUSED,
                    "Connections on the Raft port that were refused, or ended before they could be used",
                    "reason",
                    reason.label(),
                    () -> servers.refused(reason));
            meters.count(
                    MeterNames.HTTP_CONNECTIONS_REFUSED,
                    "Connections of HTTP that were refused, or ended before they could be used",
                    "reason",
                    reason.label(),
                    () -> httpGate.refused(reason));
        }
        for (ReloadingTls tls : all()) {
            meters.gauge(
                    MeterNames.TLS_EXPIRY,
                    "When a certificate in use ends",
                    "file",
                    tls.name() + ".certificate",
                    () -> seconds(tls.certificateExpires()));
            if (tls.hasAuthorities()) {
                meters.gauge(
                        MeterNames.TLS_EXPIRY,
                        "When a certificate in use ends",
                        "file",
                        tls.name() + ".ca",
                        () -> seconds(tls.authoritiesExpire()));
            }
            meters.count(MeterNames.TLS_RELOADS, "New TLS files that came into use", "tls", tls.name(), tls::reloads);
            meters.count(
                    MeterNames.TLS_RELOAD_FAILURES,
                    "New TLS files that could not be used",
                    "tls",
                    tls.name(),
                    tls::failures);
        }
        registerCuts(meters);
    }

    private void registerCuts(ServerMeters meters) {
        for (Cuts.Connection reason : Cuts.Connection.values()) {
            meters.count(
                    MeterNames.CONNECTIONS_ENDED,
                    "Connections of clients that the server ended",
                    "reason",
                    reason.label(),
                    () -> cuts.count(reason));
        }
        for (Cuts.Call reason : Cuts.Call.values()) {
            meters.count(
                    MeterNames.CALLS_CUT,
                    "Calls that were ended before they were read",
                    "reason",
                    reason.label(),
                    () -> cuts.count(reason));
        }
    }

    private static double seconds(Instant time) {
        return time.getEpochSecond();
    }

    @Override
    public void close() {
        TlsWatch running = watch;
        if (running != null) {
            running.close();
        }
    }
}

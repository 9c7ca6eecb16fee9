package io.pathkeeper.pathctl;

import io.pathkeeper.client.Credentials;
import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.PathkeeperClientBuilder;
import io.pathkeeper.client.TlsOptions;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whom to connect to, and how.
 *
 * @param servers addresses, comma-separated
 * @param timeout time limit of a call
 * @param tlsCa file of the authorities, {@code system} for those of this Java; empty: no TLS
 * @param tlsCert file of the own certificate; empty: none is shown
 * @param tlsKey file of its key
 * @param login how it is proved who connects
 */
public record Target(String servers, Duration timeout, String tlsCa, String tlsCert, String tlsKey, Login login) {
    /** More than a command has under way: import limits itself, and perf must not be limited by anything else. */
    private static final int MAX_OUTSTANDING = 1_000_000;

    private static final Duration MIN_PATIENCE = Duration.ofMillis(1);
    private static final String SYSTEM = "system";

    /**
     * Options first, then the environment, then the defaults.
     *
     * @throws CommandFailure when a certificate has no key, a key no certificate, or either no authorities
     */
    static Target of(GlobalOptions options, Map<String, String> environment, Duration timeout) {
        String ca = either(options.tlsCa, environment, "PATHCTL_TLS_CA");
        String cert = either(options.tlsCert, environment, "PATHCTL_TLS_CERT");
        String key = either(options.tlsKey, environment, "PATHCTL_TLS_KEY");
        if (cert.isEmpty() != key.isEmpty()) {
            throw CommandFailure.usage(
                    cert.isEmpty() ? "--tls-key is given without --tls-cert" : "--tls-cert is given without --tls-key");
        }
        if (ca.isEmpty() && !cert.isEmpty()) {
            throw CommandFailure.usage(
                    "--tls-cert is given without --tls-ca: name the authorities of the servers, or 'system'");
        }
        return new Target(servers(options, environment), timeout, ca, cert, key, Login.of(options, environment));
    }

    /** Returns the servers to try alone. */
    static String servers(GlobalOptions options, Map<String, String> environment) {
        String given = either(options.servers, environment, "PATHCTL_SERVERS");
        return given.isEmpty() ? GlobalOptions.DEFAULT_SERVERS : given.replace(" ", "");
    }

    /** The same with a password that was typed. */
    Target withPassword(String password) {
        return new Target(servers, timeout, tlsCa, tlsCert, tlsKey, login.withPassword(password));
    }

    static String either(@Nullable String option, Map<String, String> environment, String variable) {
        String value = option != null ? option : environment.get(variable);
        return value == null ? "" : value.strip();
    }

    /** Makes the connection; {@link IllegalArgumentException} when an address, the time limit or a file is bad. */
    PathkeeperClient connect() {
        PathkeeperClientBuilder builder = PathkeeperClient.builder()
                .servers(servers)
                .requestTimeout(timeout)
                .connectTimeout(patience())
                .maxOutstanding(MAX_OUTSTANDING)
                .blockWhenFull(true);
        if (!tlsCa.isEmpty()) {
            TlsOptions tls = tlsCa.equals(SYSTEM) ? TlsOptions.trustingSystem() : TlsOptions.trusting(path(tlsCa));
            builder.tls(tlsCert.isEmpty() ? tls : tls.withCertificate(path(tlsCert), path(tlsKey)));
        }
        Credentials credentials = login.credentials();
        if (credentials != null) {
            builder.credentials(credentials);
        }
        return builder.build();
    }

    /** How long a call goes on while every server refuses the connection: a wrong port need not cost the whole time. */
    private Duration patience() {
        Duration part = timeout.dividedBy(5);
        return part.compareTo(MIN_PATIENCE) < 0 ? MIN_PATIENCE : part;
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + text + "' is no path of a file", e);
        }
    }
}

package io.pathkeeper.pathctl;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** Options that every command takes, before or behind its name. Filled by picocli, read by {@link CommandContext}. */
public final class GlobalOptions {
    /** The address that is used when neither the option nor the environment names one. */
    public static final String DEFAULT_SERVERS = "127.0.0.1:7420";

    /** How results are printed. */
    public enum Output {
        /** For people: columns and lines. */
        TABLE,
        /** For programs: JSON. */
        JSON
    }

    @Option(
            names = "--servers",
            paramLabel = "HOST:PORT,...",
            scope = ScopeType.INHERIT,
            description = "Servers to try. Default: $PATHCTL_SERVERS, or " + DEFAULT_SERVERS + ".")
    @Nullable
    String servers;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "Connect with TLS; PEM file of the authorities that sign servers, or 'system'. Default: $PATHCTL_TLS_CA.")
    @Nullable
    String tlsCa;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "PEM file of the certificate to show to servers. Default: $PATHCTL_TLS_CERT.")
    @Nullable
    String tlsCert;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "PEM file of its private key. Default: $PATHCTL_TLS_KEY.")
    @Nullable
    String tlsKey;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "File with the token to send. Default: $PATHCTL_TOKEN_FILE.")
    @Nullable
    String tokenFile;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "User to sign in as. Default: $PATHCTL_USER.")
    @Nullable
    String user;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "File with the password of the user. Default: $PATHCTL_PASSWORD_FILE, or it is asked for at the terminal.")
    @Nullable
    String passwordFile;

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "Namespace to work in: its root is /. Default: $PATHCTL_NAMESPACE.")
    @Nullable
    String namespace;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json",
            scope = ScopeType.INHERIT,
            description = "Form of the results. Default: table.")
    Output output = Output.TABLE;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            scope = ScopeType.INHERIT,
            converter = DurationConverter.class,
            description =
                    "How long a call may take, retries included: 500ms, 10s, 2m. Default: $PATHCTL_TIMEOUT, or 10s; import and export 60s. A fifth of it when every server refuses the connection.")
    @Nullable
    Duration timeout;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show the stack trace when a command fails.")
    boolean verbose;

    /** Returns the time limit of a call; null when neither the option nor the environment has one. */
    @Nullable
    Duration timeout(Map<String, String> environment) {
        String variable = environment.getOrDefault("PATHCTL_TIMEOUT", "");
        if (timeout != null || variable.isEmpty()) {
            return timeout;
        }
        try {
            return new DurationConverter().convert(variable);
        } catch (TypeConversionException e) {
            throw CommandFailure.usage("PATHCTL_TIMEOUT: " + e.getMessage());
        }
    }

    /** Returns the form of the results. */
    public Output output() {
        return output;
    }

    /** Returns whether results are JSON. */
    public boolean json() {
        return output == Output.JSON;
    }

    /** Returns whether stack traces are wanted. */
    public boolean verbose() {
        return verbose;
    }
}

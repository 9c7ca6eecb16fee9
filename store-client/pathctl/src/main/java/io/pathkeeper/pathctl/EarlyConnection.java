package io.pathkeeper.pathctl;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.pathctl.CommandContext.Connector;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/**
 * A connection that is begun on a thread of its own while the main thread still reads the command line: each takes about half
 * of the time of a short command. It is a guess from the raw arguments; when the parsed ones say otherwise it is not used.
 */
final class EarlyConnection {
    private static final Set<String> WITHOUT_CONNECTION = Set.of("backup", "perf", "completion", "help");
    private static final Set<String> TRANSFERS = Set.of("import", "export");

    private final Target target;
    private final FutureTask<PathkeeperClient> client;

    private EarlyConnection(Connector connector, Target target) {
        this.target = target;
        this.client = new FutureTask<>(() -> connector.connect(target));
        Thread thread = new Thread(client, "pathctl-connect");
        thread.setDaemon(true);
        thread.start();
    }

    /** Begins a connection if the arguments name a command that will want one; null otherwise. */
    static @Nullable EarlyConnection begin(Connector connector, Map<String, String> environment, String... args) {
        if (Arrays.asList(args).contains("--")) { // what stands behind it belongs to another program
            args = Arrays.copyOf(args, Arrays.asList(args).indexOf("--"));
        }
        String command = Commands.commandName(args);
        boolean wanted = command != null && Commands.names().contains(command) && !WITHOUT_CONNECTION.contains(command);
        GlobalOptions options = new GlobalOptions();
        options.servers = option("--servers", args);
        options.tlsCa = option("--tls-ca", args);
        options.tlsCert = option("--tls-cert", args);
        options.tlsKey = option("--tls-key", args);
        options.tokenFile = option("--token-file", args);
        options.user = option("--user", args);
        options.passwordFile = option("--password-file", args);
        options.namespace = option("--namespace", args);
        String time = option("--timeout", args);
        for (String arg : args) {
            wanted &= !arg.equals("--help") && !arg.equals("-h");
        }
        if (!wanted || command == null) {
            return null;
        }
        Duration standard =
                TRANSFERS.contains(command) ? CommandContext.TRANSFER_TIMEOUT : CommandContext.DEFAULT_TIMEOUT;
        try {
            options.timeout = time == null ? null : new DurationConverter().convert(time);
            Duration given = options.timeout(environment);
            Duration timeout = given == null ? standard : given;
            Target target = Target.of(options, environment, timeout);
            return target.login().wantsPassword() ? null : new EarlyConnection(connector, target);
        } catch (TypeConversionException | CommandFailure e) {
            return null; // the main thread tells of it
        }
    }

    /** Returns the connection if it is the wanted one, else null. To be called once. */
    @Nullable
    PathkeeperClient take(Target wanted) {
        if (!target.equals(wanted)) {
            return null;
        }
        try {
            return client.get();
        } catch (ExecutionException e) {
            return null; // the main thread tries itself and tells of it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Returns the last value of an option, given behind it or with {@code =}; null when it is not there. */
    private static @Nullable String option(String name, String... args) {
        String value = null;
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals(name) && i + 1 < args.length) {
                value = args[i + 1];
            } else if (args[i].startsWith(name + "=")) {
                value = args[i].substring(name.length() + 1);
            }
        }
        return value;
    }
}

package io.pathkeeper.server;

import io.pathkeeper.server.config.ConfigException;
import io.pathkeeper.server.config.ConfigLoader;
import io.pathkeeper.server.config.ConfigPrinter;
import io.pathkeeper.server.config.ServerConfig;
import io.pathkeeper.server.raft.FatalHandler;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program: reads flags, starts a server, waits until it is asked to stop. Every way out has a documented exit code. */
@Command(
        name = "pathkeeper-server",
        mixinStandardHelpOptions = true,
        versionProvider = ServerMain.VersionText.class,
        sortOptions = false,
        description =
                "Serves a Pathkeeper store. Settings: defaults < --config FILE < environment PATHKEEPER_* < flags.",
        footer = {
            "",
            "Exit codes: 0 stopped as asked, 1 other failure, 2 configuration or use, 3 port, 4 data directory,",
            "5 corrupt data, 6 storage failure, 7 state differs from the leader's."
        })
public final class ServerMain implements Callable<Integer> {
    @Option(names = "--config", paramLabel = "FILE", description = "YAML file with settings.")
    private @Nullable Path config;

    @Option(names = "--data", paramLabel = "DIR", description = "Directory of everything that is kept (data.dir).")
    private @Nullable String data;

    @Option(names = "--member-id", paramLabel = "ID", description = "Name of this server (member.id).")
    private @Nullable String memberId;

    @Option(names = "--cluster-id", paramLabel = "ID", description = "Name of the cluster (cluster.id).")
    private @Nullable String clusterId;

    @Option(
            names = "--members",
            paramLabel = "LIST",
            description =
                    "All servers, ID=HOST:RAFTPORT/HOST:CLIENTPORT,... (cluster.members); without it this one alone.")
    private @Nullable String members;

    @Option(names = "--client-listen", paramLabel = "HOST:PORT", description = "Address for clients (client.listen).")
    private @Nullable String clientListen;

    @Option(names = "--raft-listen", paramLabel = "HOST:PORT", description = "Address for servers (raft.listen).")
    private @Nullable String raftListen;

    @Option(
            names = "--http-listen",
            paramLabel = "HOST:PORT",
            description = "Address of metrics and health (http.listen).")
    private @Nullable String httpListen;

    @Option(
            names = "--insecure",
            description =
                    "Listens beyond loopback although it is not protected (security.allow_insecure). Not for networks you do not trust.")
    private boolean insecure;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Any setting; see --print-config.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(names = "--print-config", description = "Prints the settings that would be used, as YAML, and ends.")
    private boolean printConfig;

    @Option(names = "--verbose", description = "Shows the stack trace of a failed start.")
    private boolean verbose;

    /** Runs the program. */
    public static void main(String[] args) {
        CommandLine command = new CommandLine(new ServerMain());
        command.setParameterExceptionHandler((e, wrong) -> {
            e.getCommandLine().getErr().println("pathkeeper-server: " + firstLine(e) + " (see --help)");
            return ExitCode.CONFIGURATION.number();
        });
        command.setExecutionExceptionHandler((e, failed, parsed) -> {
            failed.getErr().println("pathkeeper-server: " + firstLine(e));
            return ExitCode.FAILURE.number();
        });
        int code = command.execute(args);
        Runtime.getRuntime().halt(code); // threads of libraries would keep the process alive; all of ours are stopped
    }

    @Override
    public Integer call() {
        ServerConfig loaded;
        try {
            loaded = load();
        } catch (ConfigException e) {
            return failed(ExitCode.CONFIGURATION, e);
        }
        if (printConfig) {
            System.out.print(ConfigPrinter.print(loaded));
            System.out.flush();
            return ExitCode.OK.number();
        }
        Logging.configure(loaded.log());
        AtomicBoolean stopping = new AtomicBoolean();
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
            String message = "uncaught exception in thread " + thread.getName() + ": " + error;
            if (stopping.get()) { // what a thread of a library makes of its end cannot harm a server that takes no more
                // calls
                LoggerFactory.getLogger(ServerMain.class)
                        .atWarn()
                        .setCause(error)
                        .log(message + ", while stopping");
            } else {
                halt(ExitCode.FAILURE, message, error);
            }
        });
        try {
            run(loaded, stopping);
            return ExitCode.OK.number();
        } catch (StartException e) {
            return failed(e.code(), e);
        }
    }

    private ServerConfig load() {
        ConfigLoader loader = new ConfigLoader();
        if (config != null) {
            loader.file(config);
        }
        loader.environment(System.getenv());
        settings.forEach((key, value) -> loader.set(key, value, "--set"));
        set(loader, "data.dir", data, "--data");
        set(loader, "member.id", memberId, "--member-id");
        set(loader, "cluster.id", clusterId, "--cluster-id");
        set(loader, "cluster.members", members, "--members");
        set(loader, "client.listen", clientListen, "--client-listen");
        set(loader, "raft.listen", raftListen, "--raft-listen");
        set(loader, "http.listen", httpListen, "--http-listen");
        set(loader, "security.allow_insecure", insecure ? "true" : null, "--insecure");
        return loader.load();
    }

    private static void set(ConfigLoader loader, String key, @Nullable String value, String flag) {
        if (value != null) {
            loader.set(key, value, flag);
        }
    }

    /** Serves until the process is asked to stop; the stop itself happens in the hook, which then ends the process with 0. */
    private static void run(ServerConfig config, AtomicBoolean stopping) throws StartException {
        AtomicBoolean failing = new AtomicBoolean();
        FatalHandler fatal = (cause, message, error) -> {
            if (failing.compareAndSet(false, true)) {
                halt(code(cause), message, error);
            }
        };
        PathkeeperServer server = PathkeeperServer.start(config, fatal);
        CountDownLatch stop = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stopping.set(true);
                            try {
                                server.stop();
                            } catch (RuntimeException | Error e) {
                                halt(ExitCode.FAILURE, "the server could not be stopped cleanly: " + e, e);
                            }
                            stop.countDown();
                            Runtime.getRuntime().halt(ExitCode.OK.number());
                        },
                        "stop"));
        try {
            stop.await();
        } catch (InterruptedException e) {
            server.close();
        }
    }

    private static ExitCode code(FatalHandler.Cause cause) {
        return switch (cause) {
            case CORRUPT -> ExitCode.CORRUPT;
            case STORAGE -> ExitCode.STORAGE;
            case DIVERGED -> ExitCode.DIVERGED;
            case INTERNAL -> ExitCode.FAILURE;
        };
    }

    private int failed(ExitCode code, Exception error) {
        System.err.println("pathkeeper-server: " + firstLine(error));
        if (verbose) {
            error.printStackTrace();
        }
        return code.number();
    }

    /** A server that may be wrong says so in one line and ends at once, without its stop hook. */
    private static void halt(ExitCode code, String message, @Nullable Throwable error) {
        try {
            Logger log = LoggerFactory.getLogger(ServerMain.class);
            log.atError()
                    .addKeyValue("exit_code", code.number())
                    .addKeyValue("error", String.valueOf(error))
                    .log("stopping: " + message);
            log.atDebug().setCause(error).log("the failure in full");
        } finally {
            Runtime.getRuntime().halt(code.number());
        }
    }

    private static String firstLine(Exception e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message.strip().replaceAll("\\s*\\R\\s*", "; ");
    }

    /** Text of {@code --version}. */
    static final class VersionText implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"pathkeeper-server " + Version.current()};
        }
    }
}

package io.pathkeeper.server;

import io.pathkeeper.server.config.ConfigException;
import io.pathkeeper.server.config.ConfigPrinter;
import io.pathkeeper.server.config.ServerConfig;
import io.pathkeeper.server.raft.FatalHandler;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The program: reads flags, starts a server, waits until it is asked to stop. Every way out has a documented exit code. */
@Command(
        name = "pathkeeper-server",
        mixinStandardHelpOptions = true,
        versionProvider = ServerMain.VersionText.class,
        sortOptions = false,
        description =
                "Serves a Pathkeeper store. Settings: defaults < --config FILE < environment PATHKEEPER_* < flags.",
        synopsisSubcommandLabel = "[COMMAND]",
        footer = {
            "",
            "Exit codes: 0 stopped as asked, 1 other failure, 2 configuration or use, 3 port, 4 data directory,",
            "5 corrupt data, 6 storage failure, 7 state differs from the leader's, 8 put out of the cluster."
        })
public final class ServerMain implements Callable<Integer> {
    @Mixin
    private ServerOptions options = new ServerOptions();

    @Option(names = "--print-config", description = "Prints the settings that would be used, as YAML, and ends.")
    private boolean printConfig;

    @Option(names = "--verbose", description = "Shows the stack trace of a failed start.")
    private boolean verbose;

    /** The program with its commands, for this process. */
    static CommandLine commandLine() {
        CommandLine command = new CommandLine(new ServerMain())
                .addSubcommand(new BackupFileCommand())
                .addSubcommand(new RestoreCommand())
                .addSubcommand(new ForceNewClusterCommand());
        command.setParameterExceptionHandler((e, wrong) -> {
            e.getCommandLine().getErr().println("pathkeeper-server: " + firstLine(e) + " (see --help)");
            return ExitCode.CONFIGURATION.number();
        });
        command.setExecutionExceptionHandler((e, failed, parsed) -> {
            failed.getErr().println("pathkeeper-server: " + firstLine(e));
            return e instanceof StartException known ? known.code().number() : ExitCode.FAILURE.number();
        });
        return command;
    }

    /** Runs the program. */
    public static void main(String[] args) {
        int code = commandLine().execute(args);
        System.out.flush();
        Runtime.getRuntime().halt(code); // threads of libraries would keep the process alive; all of ours are stopped
    }

    @Override
    public Integer call() {
        ServerConfig loaded;
        try {
            loaded = options.load();
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
            case REMOVED -> ExitCode.REMOVED;
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

    static String firstLine(Exception e) {
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

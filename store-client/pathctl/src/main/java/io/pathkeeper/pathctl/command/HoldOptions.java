package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.session.SessionOptions;
import io.pathkeeper.pathctl.DurationConverter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that hold something as long as another program runs. */
final class HoldOptions {
    @Option(
            names = "--session-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long the servers wait for a sign of life before it is lost: 1s to 5m. Default: 10s.")
    Duration sessionTimeout = Duration.ofSeconds(10);

    @Option(
            names = "--identity",
            paramLabel = "NAME",
            description = "What others see of who holds it. Default: pathctl:PID@HOST.")
    @Nullable
    String identity;

    @Option(
            names = "--kill-after",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "When it is lost, COMMAND gets SIGTERM, and SIGKILL so much later. Default: 5s.")
    Duration killAfter = Duration.ofSeconds(5);

    /** The command to run and its arguments; the command line that has these options sets it. */
    List<String> command = List.of();

    /** Returns how the session is opened. */
    SessionOptions session() {
        return SessionOptions.defaults().timeout(sessionTimeout).identity(identity());
    }

    private String identity() {
        String given = identity;
        return given != null ? given : "pathctl:" + ProcessHandle.current().pid() + "@" + host();
    }

    /** Returns the name of this machine, without asking the network for it. */
    static String host() {
        for (String file : List.of("/proc/sys/kernel/hostname", "/etc/hostname")) {
            try {
                return Files.readString(Path.of(file)).strip();
            } catch (IOException e) {
                continue; // no Linux, or not allowed
            }
        }
        return "localhost";
    }

    /** Returns the name of the command without its directory and arguments, which may hold what is nobody's business. */
    String commandName() {
        return command.isEmpty() ? "" : command.get(0).substring(command.get(0).lastIndexOf('/') + 1);
    }
}

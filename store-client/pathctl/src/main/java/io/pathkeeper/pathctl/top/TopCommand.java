package io.pathkeeper.pathctl.top;

import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.DurationConverter;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.ServerStatus;
import io.pathkeeper.pathctl.command.StoreCommand;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pathctl top}. */
@Command(
        name = "top",
        header = "Show what the servers do now, again and again.",
        description = {
            "Asks every server for its state and shows what came in between: calls a second and how long they took on the average,",
            "operations through pipelines, lag, heap, disk. Streams (Observe, Pipeline, AcquireLock and others) are calls that end with",
            "their stream. In a terminal the screen is drawn anew, else one block follows the other; ends with ^C.",
            "",
            "Exit code 0 behind --count looks, 1 when no server could be asked for the others. With --output json, one object a line."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  pathctl top", "  pathctl top --interval 10s", "  pathctl top --count 1 -o json"})
public final class TopCommand extends StoreCommand {
    private static final Duration SHORTEST = Duration.ofMillis(200);
    private static final String CLEAR = "\033[H\033[2J";

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "2s",
            converter = DurationConverter.class,
            description = "Time between two looks, at least 200ms; default ${DEFAULT-VALUE}.")
    Duration interval = Duration.ZERO;

    @Option(names = "--count", paramLabel = "N", description = "Ends behind so many looks; default: never.")
    long count = Long.MAX_VALUE;

    /** Made by the table of commands. */
    public TopCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() throws InterruptedException {
        if (interval.compareTo(SHORTEST) < 0) {
            throw CommandFailure.usage("--interval must be at least 200ms; it is " + interval.toMillis() + "ms");
        }
        if (count < 1) {
            throw CommandFailure.usage("--count must be at least 1; it is " + count);
        }
        boolean clear = context.streams().outTerminal() && !json();
        List<ServerStatus> before = ServerStatus.ofAll(context.client());
        for (long look = 0; look < count; look++) {
            Thread.sleep(interval.toMillis()); // the time that is looked at
            List<ServerStatus> now = ServerStatus.ofAll(context.client());
            Screen screen = new Screen(before, now);
            if (json()) {
                printJson(screen.document());
            } else {
                out().print(clear ? CLEAR : look == 0 ? "" : System.lineSeparator());
                screen.print(out());
            }
            out().flush();
            before = now;
        }
        return ExitCode.OK;
    }
}

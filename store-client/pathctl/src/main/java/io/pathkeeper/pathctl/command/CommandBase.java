package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.Store;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.text.ExactJson;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What all commands share, those too that end with the exit code of another program. Made anew for each line and used once. */
@Command(sortOptions = false, usageHelpWidth = 120)
public abstract class CommandBase implements Callable<Integer> {
    /** Everything around the command. */
    protected final CommandContext context;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    /** Remembers what is around it. */
    protected CommandBase(CommandContext context) {
        this.context = context;
    }

    /** Where results go. */
    protected final PrintStream out() {
        return context.streams().out();
    }

    /** Where all else goes. */
    protected final PrintStream err() {
        return context.streams().err();
    }

    final Store store() {
        return context.client().store();
    }

    /** Whether results are JSON. */
    protected final boolean json() {
        return context.options().json();
    }

    /** Prints a value as one line of JSON. */
    protected final void printJson(Value value) {
        out().println(ExactJson.write(value));
    }
}

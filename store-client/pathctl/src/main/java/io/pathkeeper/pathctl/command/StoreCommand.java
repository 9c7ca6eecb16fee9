package io.pathkeeper.pathctl.command;

import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.ExitCode;
import picocli.CommandLine.Command;

/** A command that ends with one of the documented exit codes. */
@Command(sortOptions = false, usageHelpWidth = 120)
public abstract class StoreCommand extends CommandBase {
    /** Remembers what is around it. */
    protected StoreCommand(CommandContext context) {
        super(context);
    }

    /** Does the work. */
    protected abstract ExitCode run() throws Exception;

    @Override
    public final Integer call() throws Exception {
        return run().code();
    }
}

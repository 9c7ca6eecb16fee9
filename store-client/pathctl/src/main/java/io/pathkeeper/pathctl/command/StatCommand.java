package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.model.ReadOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.View;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.StatView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pathctl stat}. */
@Command(name = "stat", header = "Print the facts about a znode: kind, versions, revisions, times, sizes.")
public final class StatCommand extends StoreCommand {
    @Parameters(paramLabel = "PATH", description = "Absolute path.")
    String path = "";

    @Mixin
    ReadOptionsMixin reading = new ReadOptionsMixin();

    /** Made by the table of commands. */
    public StatCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() {
        ReadOptions options =
                ReadOptions.defaults().consistency(reading.consistency()).view(View.STAT);
        Znode znode = store().get(context.path(path), options);
        if (json()) {
            printJson(Value.map(
                    "path", znode.path(), "revision", znode.revision(), "stat", StatView.value(znode.stat())));
        } else {
            StatView.print(out(), znode.path(), znode.stat());
        }
        return ExitCode.OK;
    }
}

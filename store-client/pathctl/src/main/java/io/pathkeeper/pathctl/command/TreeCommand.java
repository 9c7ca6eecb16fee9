package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.SubtreeIterator;
import io.pathkeeper.client.model.ScanOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.View;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.PathText;
import io.pathkeeper.pathctl.text.Preview;
import io.pathkeeper.pathctl.text.StatView;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl tree}. */
@Command(
        name = "tree",
        header = "Print a subtree, all of it at one revision.",
        description =
                "Names are indented by their depth. --output json prints one line {\"path\": ..., \"stat\": ...} for each znode.")
public final class TreeCommand extends StoreCommand {
    @Parameters(
            paramLabel = "PATH",
            arity = "0..1",
            description = "Absolute path. Default: the working path, / outside the shell.")
    String path = "";

    @Option(
            names = {"-d", "--depth"},
            paramLabel = "N",
            description = "Only so many levels below PATH.")
    int depth = Integer.MAX_VALUE;

    @Option(names = "--values", description = "Show the values, too, cut after 60 characters.")
    boolean values;

    @Mixin
    ReadOptionsMixin reading = new ReadOptionsMixin();

    /** Made by the table of commands. */
    public TreeCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() {
        String root = path.isEmpty() ? context.workingPath() : context.path(path);
        int rootDepth = PathText.depth(root);
        ScanOptions options =
                ScanOptions.defaults().consistency(reading.consistency()).view(values ? View.FULL : View.STAT);
        long shown = 0;
        long hidden = 0;
        try (SubtreeIterator znodes = store().scanSubtree(root, options)) {
            while (znodes.hasNext()) {
                Znode znode = znodes.next();
                int level = PathText.depth(znode.path()) - rootDepth;
                if (level > depth) {
                    hidden++;
                } else {
                    shown++;
                    print(znode, level);
                }
            }
        }
        if (!json()) {
            out().println();
            out().println(shown + (shown == 1 ? " znode" : " znodes") + (hidden == 0 ? "" : ", " + hidden + " deeper"));
        }
        return ExitCode.OK;
    }

    private void print(Znode znode, int level) {
        if (json()) {
            Map<String, Value> fields = new LinkedHashMap<>();
            fields.put("path", Value.of(znode.path()));
            if (values) {
                fields.put("data", znode.value());
            }
            fields.put("stat", StatView.value(znode.stat()));
            printJson(Value.of(fields));
            return;
        }
        String name = PathText.printable(level == 0 ? znode.path() : znode.name());
        String value = values && !znode.value().isNull() ? " = " + Preview.of(znode.value()) : "";
        out().println("  ".repeat(level) + name + value);
    }
}

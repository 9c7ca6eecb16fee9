package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.model.Child;
import io.pathkeeper.client.model.ListOptions;
import io.pathkeeper.client.model.Stat;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.View;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.ExactJson;
import io.pathkeeper.pathctl.text.Kinds;
import io.pathkeeper.pathctl.text.PathText;
import io.pathkeeper.pathctl.text.StatView;
import io.pathkeeper.pathctl.text.Table;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl ls}. */
@Command(
        name = "ls",
        header = "List the children of a znode in the order of their names.",
        description = "All of them, at one revision. --output json prints one line {\"name\": ...} for each child.")
public final class LsCommand extends StoreCommand {
    private static final int PAGE_SIZE = 1_000;
    /** Columns are measured over so many rows, so that a list of any length needs bounded memory. */
    private static final int TABLE_ROWS = 1_000;

    @Parameters(
            paramLabel = "PATH",
            arity = "0..1",
            description = "Absolute path. Default: the working path, / outside the shell.")
    String path = "";

    @Option(
            names = {"-l", "--long"},
            description = "Show kind, version, size, number of children and time of the last change, too.")
    boolean details;

    @Option(names = "--prefix", paramLabel = "TEXT", description = "Only names that begin so.")
    String prefix = "";

    @Mixin
    ReadOptionsMixin reading = new ReadOptionsMixin();

    /** Made by the table of commands. */
    public LsCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() {
        String parent = path.isEmpty() ? context.workingPath() : context.path(path);
        ListOptions options = ListOptions.defaults()
                .pageSize(PAGE_SIZE)
                .namePrefix(prefix)
                .consistency(reading.consistency())
                .view(details ? View.STAT : View.NAME);
        List<Child> rows = new ArrayList<>();
        for (Child child : store().allChildren(parent, options)) {
            if (json()) {
                out().println(ExactJson.write(document(child)));
            } else if (!details) {
                out().println(PathText.printable(child.name()));
            } else {
                rows.add(child);
                if (rows.size() == TABLE_ROWS) {
                    print(rows);
                    rows.clear();
                }
            }
        }
        if (!rows.isEmpty()) {
            print(rows);
        }
        return ExitCode.OK;
    }

    private void print(List<Child> rows) {
        Table table = new Table("KIND", ">VERSION", ">BYTES", ">CHILDREN", "MODIFIED", "NAME");
        for (Child child : rows) {
            Stat stat = child.stat();
            if (stat != null) {
                table.row(
                        Kinds.kind(stat.kind()),
                        stat.version(),
                        stat.dataBytes(),
                        stat.childCount(),
                        stat.modifiedAt(),
                        child.name());
            }
        }
        table.print(out());
    }

    private static Value document(Child child) {
        Stat stat = child.stat();
        return stat == null
                ? Value.map("name", child.name())
                : Value.map("name", child.name(), "stat", StatView.value(stat));
    }
}

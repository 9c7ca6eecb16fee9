package io.pathkeeper.pathctl.auth;

import io.pathkeeper.client.access.Namespace;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.PathText;
import io.pathkeeper.pathctl.text.Table;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pathctl auth namespaces}. */
final class NamespaceCommands {
    private NamespaceCommands() {}

    static CommandLine make(CommandContext context) {
        return new CommandLine(new ListNamespaces(context))
                .addSubcommand("set", new Change(context))
                .addSubcommand("remove", new Remove(context));
    }

    /** {@code pathctl auth namespaces}. */
    @Command(
            name = "namespaces",
            header = "List namespaces, or change them.",
            synopsisSubcommandLabel = "[COMMAND]",
            description = {
                "A namespace is a name for a part of the tree, which whoever works in it (--namespace) sees as /. It gives no",
                "rights: rules are about paths of the whole tree. Without a command it lists all namespaces."
            })
    static final class ListNamespaces extends AuthBase {
        ListNamespaces(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            Table table = new Table("NAME", "PATH");
            for (Namespace namespace : all(access()::listNamespaces)) {
                if (json()) {
                    printJson(AccessView.value(namespace));
                } else {
                    table.row(namespace.name(), namespace.path());
                }
            }
            if (!json()) {
                table.print(out());
            }
            return ExitCode.OK;
        }
    }

    /** {@code pathctl auth namespaces set}. */
    @Command(
            name = "set",
            header = "Make a namespace, or give one another root.",
            description =
                    "The znode at its root is made by whoever works in it: pathctl --namespace NAME create / --null.")
    static final class Change extends AuthBase {
        @Parameters(paramLabel = "NAME", index = "0", description = "Name of the namespace.")
        String name = "";

        @Parameters(paramLabel = "PATH", index = "1", description = "Path of its root in the whole tree.")
        String path = "";

        Change(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            Namespace namespace = new Namespace(name, context.path(path));
            boolean created = access().setNamespace(namespace).join();
            report(
                    PathText.printable(
                            (created ? "made" : "changed") + " namespace " + name + ", root " + namespace.path()),
                    AccessView.value(namespace));
            return ExitCode.OK;
        }
    }

    /** {@code pathctl auth namespaces remove}. */
    @Command(name = "remove", header = "Remove a namespace; the znodes stay.")
    static final class Remove extends AuthBase {
        @Parameters(paramLabel = "NAME", description = "Name of the namespace.")
        String name = "";

        Remove(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            access().deleteNamespace(name).join();
            report(PathText.printable("removed namespace " + name), Value.map("name", name));
            return ExitCode.OK;
        }
    }
}

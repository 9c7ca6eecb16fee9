package io.pathkeeper.pathctl.auth;

import io.pathkeeper.client.access.Binding;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.PathText;
import io.pathkeeper.pathctl.text.Table;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl auth bindings}. */
final class BindingCommands {
    private BindingCommands() {}

    static CommandLine make(CommandContext context) {
        return new CommandLine(new ListBindings(context))
                .addSubcommand("set", new Change(context))
                .addSubcommand("remove", new Remove(context));
    }

    /** {@code pathctl auth bindings}. */
    @Command(
            name = "bindings",
            header = "List who has which role, or change it by hand.",
            synopsisSubcommandLabel = "[COMMAND]",
            description = {
                "A binding gives one role to principals and groups. pathctl auth grant and revoke are the usual way.",
                "Without a command it lists all bindings; with --output json, one object a line."
            })
    static final class ListBindings extends AuthBase {
        ListBindings(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            Table table = new Table("NAME", "ROLE", "PRINCIPALS", "GROUPS");
            for (Binding binding : bindings()) {
                if (json()) {
                    printJson(AccessView.value(binding));
                } else {
                    table.row(binding.name(), binding.role(), orDash(binding.principals()), orDash(binding.groups()));
                }
            }
            if (!json()) {
                table.print(out());
            }
            return ExitCode.OK;
        }
    }

    /** {@code pathctl auth bindings set}. */
    @Command(name = "set", header = "Make a binding, or replace one.")
    static final class Change extends AuthBase {
        @Parameters(paramLabel = "NAME", description = "Name of the binding.")
        String name = "";

        @Option(names = "--role", paramLabel = "NAME", required = true, description = "The role; it must be there.")
        String role = "";

        @Option(names = "--principals", paramLabel = "NAME,...", description = "All principals that have it.")
        String principals = "";

        @Option(names = "--groups", paramLabel = "NAME,...", description = "All groups that have it.")
        String groups = "";

        Change(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            List<String> to = names(principals);
            List<String> toGroups = names(groups);
            if (to.isEmpty() && toGroups.isEmpty()) {
                throw CommandFailure.usage("give --principals, --groups or both; auth bindings remove removes one");
            }
            Binding binding = new Binding(name, role, to, toGroups);
            boolean created = access().setBinding(binding).join();
            report(PathText.printable((created ? "made" : "replaced") + " binding " + name), AccessView.value(binding));
            return ExitCode.OK;
        }
    }

    /** {@code pathctl auth bindings remove}. */
    @Command(name = "remove", header = "Remove a binding.")
    static final class Remove extends AuthBase {
        @Parameters(paramLabel = "NAME", description = "Name of the binding.")
        String name = "";

        Remove(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            access().deleteBinding(name).join();
            report(PathText.printable("removed binding " + name), Value.map("name", name));
            return ExitCode.OK;
        }
    }
}

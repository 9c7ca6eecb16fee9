package io.pathkeeper.pathctl.auth;

import io.pathkeeper.client.access.AccessRule;
import io.pathkeeper.client.access.Role;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.StandardInput;
import io.pathkeeper.pathctl.text.JsonText;
import io.pathkeeper.pathctl.text.PathText;
import io.pathkeeper.pathctl.text.RuleDocument;
import io.pathkeeper.pathctl.text.Table;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl auth roles}. */
final class RoleCommands {
    private RoleCommands() {}

    static CommandLine make(CommandContext context) {
        return new CommandLine(new ListRoles(context))
                .addSubcommand("show", new Show(context))
                .addSubcommand("set", new Change(context))
                .addSubcommand("remove", new Remove(context));
    }

    private static void print(PrintStream out, List<Role> roles) {
        Table table = new Table("ROLE", "RULE", "VERBS", "PATH");
        for (Role role : roles) {
            if (role.rules().isEmpty()) {
                table.row(role.name(), "-", "-", "-");
            }
            for (AccessRule rule : role.rules()) {
                table.row(role.name(), rule.deny() ? "deny" : "allow", AccessView.verbs(rule), rule.path());
            }
        }
        table.print(out);
    }

    /** {@code pathctl auth roles}. */
    @Command(
            name = "roles",
            header = "List roles with their rules, or change them.",
            synopsisSubcommandLabel = "[COMMAND]",
            description = {
                "Without a command it lists all rules of all roles; with --output json, one role a line. The role admin is always",
                "there, may do everything, and is not listed."
            })
    static final class ListRoles extends AuthBase {
        ListRoles(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            List<Role> roles = all(access()::listRoles);
            if (json()) {
                roles.forEach(role -> printJson(AccessView.value(role)));
            } else {
                print(out(), roles);
            }
            return ExitCode.OK;
        }
    }

    /** {@code pathctl auth roles show}. */
    @Command(
            name = "show",
            header = "Show the rules of one role.",
            description = "What --output json prints can be given to pathctl auth roles set --file.")
    static final class Show extends AuthBase {
        @Parameters(paramLabel = "NAME", description = "Name of the role.")
        String name = "";

        Show(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            Role role = named(all(access()::listRoles), Role::name, "role", name);
            if (json()) {
                printJson(AccessView.value(role));
            } else {
                print(out(), List.of(role));
            }
            return ExitCode.OK;
        }
    }

    /** {@code pathctl auth roles set}. */
    @Command(
            name = "set",
            header = "Make a role, or replace all its rules.",
            description = {
                "A rule is about a path and everything below it. Verbs: read, observe, create, write, delete, admin; none implies",
                "another one. A name $${principal} in a path stands for whoever asks. Changes of a role count at once for",
                "everybody who has it."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  pathctl auth roles set app --allow read,observe,create,write,delete:/app --deny write,delete:/app/fixed",
                "  pathctl auth roles set homes --allow 'read,create,write,delete:/users/$${principal}'",
                "  pathctl auth roles show app -o json | pathctl auth roles set copy --file -"
            })
    static final class Change extends AuthBase {
        @Parameters(paramLabel = "NAME", description = "Name of the role.")
        String name = "";

        @Option(names = "--allow", paramLabel = "VERBS:PATH", description = "A rule that allows, may be repeated.")
        List<String> allow = new ArrayList<>();

        @Option(names = "--deny", paramLabel = "VERBS:PATH", description = "A rule that denies, may be repeated.")
        List<String> deny = new ArrayList<>();

        @Option(
                names = "--file",
                paramLabel = "FILE",
                description = {
                    "The rules as JSON: {\"rules\": [{\"path\": \"/app\", \"verbs\": [\"READ\"], \"deny\": false}]}; - for standard",
                    "input."
                })
        @Nullable
        String file;

        @Option(names = "--no-rules", description = "A role that allows nothing.")
        boolean none;

        Change(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() throws InterruptedException {
            List<AccessRule> rules = rules();
            boolean created = access().setRole(new Role(name, rules)).join();
            String count = rules.size() + (rules.size() == 1 ? " rule" : " rules");
            report(
                    PathText.printable((created ? "made" : "replaced") + " role " + name + ", " + count),
                    AccessView.value(new Role(name, rules)));
            return ExitCode.OK;
        }

        private List<AccessRule> rules() throws InterruptedException {
            String from = file;
            int ways = (allow.isEmpty() && deny.isEmpty() ? 0 : 1) + (from == null ? 0 : 1) + (none ? 1 : 0);
            if (ways != 1) {
                throw CommandFailure.usage("give the rules with --allow and --deny, or with --file, or say --no-rules");
            }
            if (from != null) {
                return RuleDocument.read(from, JsonText.read(from, StandardInput.text(context, from)));
            }
            List<AccessRule> rules = new ArrayList<>();
            allow.forEach(text -> rules.add(RuleDocument.rule(text, false)));
            deny.forEach(text -> rules.add(RuleDocument.rule(text, true)));
            return rules;
        }
    }

    /** {@code pathctl auth roles remove}. */
    @Command(
            name = "remove",
            header = "Remove a role.",
            description = "Its bindings stay and give nothing; they count again when there is a role of the name.")
    static final class Remove extends AuthBase {
        @Parameters(paramLabel = "NAME", description = "Name of the role.")
        String name = "";

        Remove(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            access().deleteRole(name).join();
            report(PathText.printable("removed role " + name), Value.map("name", name));
            List<String> left = bindings().stream()
                    .filter(binding -> binding.role().equals(name))
                    .map(binding -> binding.name())
                    .toList();
            if (!left.isEmpty()) {
                err().println(PathText.printable("pathctl: these bindings still name the role: "
                        + String.join(", ", left) + " (pathctl auth bindings remove NAME)"));
            }
            return ExitCode.OK;
        }
    }
}

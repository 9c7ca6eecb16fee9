package io.pathkeeper.pathctl.auth;

import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.StoreCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code pathctl auth}: the table of its commands. */
@Command(
        name = "auth",
        header = "Say who may do what: users, roles, tokens, namespaces.",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "A role is a list of rules about paths, a grant gives it to principals and groups. Nothing is allowed that no rule",
            "allows, and a rule that denies goes before all that allow. Changes count at once; connections and tokens stay good.",
            "",
            "Servers ask who calls when they run with auth.enabled; the first one to administer them has the token of",
            "auth.root_token_file. Passwords are typed or come from files, never from the command line."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  pathctl auth roles set app --allow read,observe,create,write,delete:/app",
            "  pathctl auth users add alice --roles app",
            "  pathctl auth grant app --group everyone",
            "  pathctl auth tokens create ci --life 30d --to-file ci.token",
            "  pathctl auth check write /app/config --principal alice"
        })
public final class AuthCommand extends StoreCommand {
    private AuthCommand(CommandContext context) {
        super(context);
    }

    /** Makes the command with its sub-commands, for the table of commands. */
    public static CommandLine make(CommandContext context) {
        return new CommandLine(new AuthCommand(context))
                .addSubcommand("whoami", new SelfCommands.WhoAmI(context))
                .addSubcommand("check", new SelfCommands.Check(context))
                .addSubcommand("passwd", new SelfCommands.Passwd(context))
                .addSubcommand("sign-in", new SelfCommands.SignIn(context))
                .addSubcommand("users", UserCommands.make(context))
                .addSubcommand("groups", new UserCommands.Groups(context))
                .addSubcommand("roles", RoleCommands.make(context))
                .addSubcommand("grant", new GrantCommands.Grant(context))
                .addSubcommand("revoke", new GrantCommands.Revoke(context))
                .addSubcommand("bindings", BindingCommands.make(context))
                .addSubcommand("tokens", TokenCommands.make(context))
                .addSubcommand("namespaces", NamespaceCommands.make(context));
    }

    @Override
    protected ExitCode run() {
        throw CommandFailure.usage(
                "auth needs a command, such as whoami, users, roles, grant or tokens (see pathctl auth --help)");
    }
}

package io.pathkeeper.pathctl.auth;

import io.pathkeeper.client.access.NewToken;
import io.pathkeeper.client.access.TokenInfo;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.DurationConverter;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.PathText;
import io.pathkeeper.pathctl.text.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl auth tokens}. */
final class TokenCommands {
    private TokenCommands() {}

    static CommandLine make(CommandContext context) {
        return new CommandLine(new ListTokens(context))
                .addSubcommand("create", new Create(context))
                .addSubcommand("revoke", new Revoke(context));
    }

    private static String end(TokenInfo token) {
        Instant end = token.expiresAt();
        if (end == null) {
            return "never";
        }
        return end + (end.isBefore(Instant.now()) ? " (over)" : "");
    }

    /** {@code pathctl auth tokens}. */
    @Command(
            name = "tokens",
            header = "List tokens without their secrets, make one, take one back.",
            synopsisSubcommandLabel = "[COMMAND]",
            description = {
                "Without a command it lists the tokens that were made here; with --output json, one object a line. Tokens that",
                "passwords are exchanged for are not kept: a new password, or auth users disable, ends them."
            })
    static final class ListTokens extends AuthBase {
        @Option(names = "--principal", paramLabel = "NAME", description = "Only those of this principal.")
        @Nullable
        String principal;

        ListTokens(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            Table table = new Table("ID", "PRINCIPAL", "EXPIRES", "CREATED", "DESCRIPTION");
            for (TokenInfo token : all(access()::listTokens)) {
                if (principal != null && !token.principal().equals(principal)) {
                    continue;
                }
                if (json()) {
                    printJson(Value.of(AccessView.fields(token)));
                } else {
                    table.row(
                            token.id(), token.principal(), end(token), token.createdAt(), orDash(token.description()));
                }
            }
            if (!json()) {
                table.print(out());
            }
            return ExitCode.OK;
        }
    }

    /** {@code pathctl auth tokens create}. */
    @Command(
            name = "create",
            header = "Make a token for a principal.",
            description = {
                "Prints the token, and nothing else, on standard output, or writes it to a file: nobody can see it again. Programs",
                "send it with every call as the metadata authorization: Bearer TOKEN; pathctl with --token-file."
            })
    static final class Create extends AuthBase {
        @Parameters(
                paramLabel = "PRINCIPAL",
                description = "Whom it authenticates; there need not be a user of this name.")
        String principal = "";

        @Option(
                names = "--life",
                paramLabel = "TIME",
                converter = DurationConverter.class,
                description = "How long it is good: 12h, 30d; at most 3650d.")
        @Nullable
        Duration life;

        @Option(names = "--forever", description = "It is good until it is taken back.")
        boolean forever;

        @Option(names = "--description", paramLabel = "TEXT", description = "What it is for; at most 256 bytes.")
        String description = "";

        @Mixin
        private final NewSecret secret = new NewSecret();

        Create(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            Duration given = life;
            if ((given == null) == !forever) {
                throw CommandFailure.usage("say how long it is good: either --life TIME or --forever");
            }
            Duration wanted = given == null ? Duration.ZERO : given;
            NewToken token = secret.get(
                    () -> access().createToken(principal, wanted, description).join(), NewToken::secret);
            if (json()) {
                Map<String, Value> fields = AccessView.fields(token.info());
                if (!secret.toFile()) {
                    fields.put("token", Value.of(token.secret()));
                }
                printJson(Value.of(fields));
            } else if (!secret.toFile()) {
                out().println(token.secret());
            }
            err().println(PathText.printable("pathctl: made token "
                    + token.info().id() + " for " + principal + ", expires " + end(token.info())));
            return ExitCode.OK;
        }
    }

    /** {@code pathctl auth tokens revoke}. */
    @Command(name = "revoke", header = "Take a token back: it counts no more from the next request on.")
    static final class Revoke extends AuthBase {
        @Parameters(paramLabel = "ID", description = "Id of the token, as the listing shows it.")
        String id = "";

        Revoke(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            access().deleteToken(id).join();
            report(PathText.printable("revoked token " + id), Value.map("id", id));
            return ExitCode.OK;
        }
    }
}

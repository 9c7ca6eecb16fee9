package io.pathkeeper.pathctl.auth;

import io.pathkeeper.client.access.Decision;
import io.pathkeeper.client.access.Identity;
import io.pathkeeper.client.access.SignInToken;
import io.pathkeeper.client.access.Verb;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.PathText;
import io.pathkeeper.pathctl.text.Units;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What everybody may ask and change about itself. */
final class SelfCommands {
    private SelfCommands() {}

    /** {@code pathctl auth whoami}. */
    @Command(
            name = "whoami",
            header = "Show who the servers take you for, and how you proved it.",
            description = "KIND is open (authentication is off), root, password, token, jwt or certificate.")
    static final class WhoAmI extends AuthBase {
        WhoAmI(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            Identity identity = access().whoAmI().join();
            if (json()) {
                printJson(AccessView.value(identity));
                return ExitCode.OK;
            }
            Instant end = identity.expiresAt();
            Map<String, String> lines = new LinkedHashMap<>();
            lines.put("principal", identity.principal());
            lines.put("kind", AccessView.kind(identity));
            lines.put("groups", orDash(identity.groups()));
            lines.put("roles", orDash(identity.roles()));
            lines.put("expires", end == null ? "never" : end.toString());
            lines.forEach((name, text) -> out().printf("%-10s %s%n", name, PathText.printable(text)));
            return ExitCode.OK;
        }
    }

    /** {@code pathctl auth check}. */
    @Command(
            name = "check",
            header = "Tell whether something is allowed, and which rule decides.",
            description = {
                "Exit code 0 when it is allowed, 5 when it is not.",
                "To ask about somebody else needs ADMIN on /_sys/auth."
            })
    static final class Check extends AuthBase {
        @Parameters(paramLabel = "VERB", index = "0", description = "${COMPLETION-CANDIDATES}")
        Verb verb = Verb.READ;

        @Parameters(paramLabel = "PATH", index = "1", description = "Path in the whole tree, whatever the namespace.")
        String path = "";

        @Option(names = "--principal", paramLabel = "NAME", description = "About this principal. Default: you.")
        String principal = "";

        @Option(
                names = "--groups",
                paramLabel = "NAME,...",
                description = "As if it were in these groups, too; only with --principal.")
        String groups = "";

        Check(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            List<String> beside = names(groups);
            if (principal.isEmpty() && !beside.isEmpty()) {
                throw CommandFailure.usage("--groups goes with --principal only");
            }
            Decision decision =
                    access().check(verb, context.path(path), principal, beside).join();
            String line = decision.principal() + (decision.allowed() ? " may " : " may not ")
                    + verb.name().toLowerCase(Locale.ROOT) + " " + path + ": " + decision.explanation();
            report(PathText.printable(line), AccessView.value(decision));
            return decision.allowed() ? ExitCode.OK : ExitCode.CONDITION_FAILED;
        }
    }

    /** {@code pathctl auth passwd}. */
    @Command(
            name = "passwd",
            header = "Change your own password.",
            description = {
                "You are --user, and --password-file, or what you type, is the present password. The tokens that it was exchanged",
                "for end at once. An administrator sets the password of somebody else: pathctl auth users passwd NAME."
            })
    static final class Passwd extends AuthBase {
        @Mixin
        private final NewPassword next = new NewPassword();

        Passwd(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() throws InterruptedException {
            String user = needUser(context);
            String present = context.password();
            access().changePassword(user, present, next.read(context, user)).join();
            report("changed the password of " + user, Value.map("name", user));
            return ExitCode.OK;
        }
    }

    /** {@code pathctl auth sign-in}. */
    @Command(
            name = "sign-in",
            header = "Exchange your password for a token, for other programs.",
            description = {
                "Prints the token, and nothing else, on standard output. Programs send it with every call as the metadata",
                "authorization: Bearer TOKEN. pathctl itself needs --user and --password-file only."
            })
    static final class SignIn extends AuthBase {
        @Mixin
        private final NewSecret secret = new NewSecret();

        SignIn(CommandContext context) {
            super(context);
        }

        @Override
        protected ExitCode run() {
            String user = needUser(context);
            String password = context.password();
            SignInToken token = secret.get(() -> access().signIn(user, password).join(), SignInToken::secret);
            if (json()) {
                Map<String, Value> fields = new LinkedHashMap<>();
                if (!secret.toFile()) {
                    fields.put("token", Value.of(token.secret()));
                }
                fields.put("expires_at", Value.of(token.expiresAt().toString()));
                printJson(Value.of(fields));
            } else if (!secret.toFile()) {
                out().println(token.secret());
            }
            err().println("pathctl: " + user + " is signed in for " + Units.span(token.remaining()));
            return ExitCode.OK;
        }
    }

    private static String needUser(CommandContext context) {
        String user = context.user();
        if (user.isEmpty()) {
            throw CommandFailure.usage("say who you are with --user NAME");
        }
        return user;
    }
}

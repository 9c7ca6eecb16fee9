package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.CreateResult;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.ZnodeKind;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.DurationConverter;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.StatView;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl create}. */
@Command(
        name = "create",
        header = "Create a znode.",
        description = {
            "Prints the path of the new znode. Without a value option the value is what standard input holds, if that is",
            "no terminal; nothing there, or a terminal, means the null value.",
            "",
            "An ephemeral znode lives as long as a session, and a session of pathctl as long as pathctl runs: --ephemeral",
            "keeps the znode while COMMAND runs, as `pathctl lock` keeps a lock, or without COMMAND until it is interrupted;",
            "standard input is left to COMMAND. When the session is lost COMMAND is ended, exit code 123."
        })
public final class CreateCommand extends CommandBase {
    @Parameters(
            index = "0",
            paramLabel = "PATH",
            description = "Absolute path; with --sequential the beginning of its last name.")
    String path = "";

    @Mixin
    ValueOptions value = new ValueOptions();

    @Option(
            names = {"-p", "--parents"},
            description = "Create missing parents, too, at the same revision.")
    boolean parents;

    @Option(
            names = {"-s", "--sequential"},
            description = "Append the parent's next number to the name.")
    boolean sequential;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Delete it when its value did not change for so long and it has no children: 30s, 5m.")
    @Nullable
    Duration ttl;

    @Option(names = "--ttl-absolute", description = "Count --ttl from the creation, whatever changes.")
    boolean ttlAbsolute;

    @Option(names = "--container", description = "Delete it together with its last child.")
    boolean container;

    @Option(
            names = {"-e", "--ephemeral"},
            description = "Keep it only as long as COMMAND runs, or this command.")
    boolean ephemeral;

    @Option(
            names = "--take-over",
            description = "With --ephemeral and --identity: take it from a session of the same identity.")
    boolean takeOver;

    @Parameters(
            index = "1..*",
            paramLabel = "COMMAND",
            description = "Behind --: the command to run and its arguments. None: hold it until interrupted.")
    List<String> command = List.of();

    @Mixin
    HoldOptions hold = new HoldOptions();

    @Mixin
    LockGuardOptions lockGuard = new LockGuardOptions();

    /** Made by the table of commands. */
    public CreateCommand(CommandContext context) {
        super(context);
    }

    @Override
    public Integer call() throws Exception {
        hold.command = command;
        if (container && ttl != null) {
            throw CommandFailure.usage("--container and --ttl exclude each other");
        }
        if (ttlAbsolute && ttl == null) {
            throw CommandFailure.usage("--ttl-absolute needs --ttl");
        }
        checkEphemeral();
        CreateOptions options = CreateOptions.defaults()
                .createParents(parents)
                .sequential(sequential)
                .contentType(value.contentType)
                .guards(lockGuard.guards(context));
        if (ttl != null) {
            options = options.ttl(ttl).ttlAbsolute(ttlAbsolute);
        }
        if (container) {
            options = options.kind(ZnodeKind.CONTAINER);
        }
        String target =
                sequential && path.endsWith("/") && path.length() > 1 ? context.path(path) + "/" : context.path(path);
        if (ephemeral) {
            return keep(target, options);
        }
        CreateResult result = store().create(target, data(), options);
        if (json()) {
            printJson(document(result));
        } else {
            out().println(result.path());
        }
        return ExitCode.OK.code();
    }

    private void checkEphemeral() {
        if (ephemeral && (container || ttl != null)) {
            throw CommandFailure.usage("--ephemeral excludes --container and --ttl");
        }
        if (!ephemeral && (!hold.command.isEmpty() || takeOver)) {
            throw CommandFailure.usage(
                    takeOver ? "--take-over needs --ephemeral" : "a command behind the path needs --ephemeral");
        }
        if (takeOver && hold.identity == null) {
            throw CommandFailure.usage("--take-over needs --identity, the same as that of the session before");
        }
    }

    /** Keeps an ephemeral znode while the command runs. */
    private int keep(String target, CreateOptions options) throws Exception {
        Value given = value.given() ? data() : Value.NULL;
        return HeldRun.run(context, hold, "the session of " + target, (session, run) -> {
            CreateOptions ours = options.ephemeral(session).takeOver(takeOver);
            CreateResult made = run.await(context.client().async().create(target, given, ours), null)
                    .orElseThrow();
            return new HeldRun.Held(
                    new CompletableFuture<>(), Map.of("PATHKEEPER_ZNODE", made.path()), made.path(), document(made));
        });
    }

    private Value document(CreateResult result) {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("path", result.path());
        answer.put("revision", result.revision());
        if (sequential) {
            answer.put("sequence", result.sequence());
        }
        answer.put("stat", StatView.value(result.stat()));
        return Value.from(answer);
    }

    private Value data() throws InterruptedException {
        Value given = value.read(context);
        boolean emptyInput =
                !value.given() && value.type == null && given != null && given.equals(Value.of(new byte[0]));
        return given == null || emptyInput ? Value.NULL : given;
    }
}

package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.model.SetOptions;
import io.pathkeeper.client.model.SetResult;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.StatView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl set}. */
@Command(
        name = "set",
        header = "Replace the value of a znode.",
        description = {
            "Prints the new version. Without a value option the value is what standard input holds, as bytes.",
            "",
            "Examples:",
            "  pathctl set /motd --value 'Hello'",
            "  pathctl set /config --json '{\"port\": 8080}' --if-version 3",
            "  pathctl set /logo < logo.png"
        })
public final class SetCommand extends StoreCommand {
    @Parameters(paramLabel = "PATH", description = "Absolute path.")
    String path = "";

    @Mixin
    ValueOptions value = new ValueOptions();

    @Mixin
    GuardOptions guard = new GuardOptions();

    @Mixin
    LockGuardOptions lockGuard = new LockGuardOptions();

    @Option(
            names = {"-c", "--create"},
            description = "Create the znode when there is none; its parent must exist.")
    boolean create;

    @Option(
            names = "--if-changed",
            description = "Change nothing, not even the version, when the value is equal already.")
    boolean ifChanged;

    /** Made by the table of commands. */
    public SetCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() throws Exception {
        Value data = value.read(context);
        if (data == null) {
            throw CommandFailure.usage(
                    "no value, and standard input gives none: use --value, --json, --file or --null");
        }
        SetOptions options =
                SetOptions.defaults().allowMissing(create).ifChanged(ifChanged).contentType(value.contentType);
        options = options.guards(lockGuard.guards(context));
        options = guard.version == null ? options : options.expectedVersion(guard.version);
        options = guard.revision == null ? options : options.expectedRevision(guard.revision);
        SetResult result = store().set(context.path(path), data, options);
        if (json()) {
            printJson(Value.map(
                    "path", result.path(),
                    "created", result.created(),
                    "changed", result.changed(),
                    "revision", result.revision(),
                    "stat", StatView.value(result.stat())));
        } else {
            String what = result.created() ? "created" : result.changed() ? "set" : "unchanged";
            out().println(what + " " + result.path() + " version "
                    + result.stat().version());
        }
        return ExitCode.OK;
    }
}

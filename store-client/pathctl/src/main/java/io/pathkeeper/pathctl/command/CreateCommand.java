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
import java.util.Map;
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
            "no terminal; nothing there, or a terminal, means the null value."
        })
public final class CreateCommand extends StoreCommand {
    @Parameters(paramLabel = "PATH", description = "Absolute path; with --sequential the beginning of its last name.")
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

    /** Made by the table of commands. */
    public CreateCommand(CommandContext context) {
        super(context);
    }

    @Override
    ExitCode run() throws Exception {
        if (container && ttl != null) {
            throw CommandFailure.usage("--container and --ttl exclude each other");
        }
        if (ttlAbsolute && ttl == null) {
            throw CommandFailure.usage("--ttl-absolute needs --ttl");
        }
        CreateOptions options = CreateOptions.defaults()
                .createParents(parents)
                .sequential(sequential)
                .contentType(value.contentType);
        if (ttl != null) {
            options = options.ttl(ttl).ttlAbsolute(ttlAbsolute);
        }
        if (container) {
            options = options.kind(ZnodeKind.CONTAINER);
        }
        String target =
                sequential && path.endsWith("/") && path.length() > 1 ? context.path(path) + "/" : context.path(path);
        CreateResult result = store().create(target, data(), options);
        if (json()) {
            Map<String, @Nullable Object> answer = new LinkedHashMap<>();
            answer.put("path", result.path());
            answer.put("revision", result.revision());
            if (sequential) {
                answer.put("sequence", result.sequence());
            }
            answer.put("stat", StatView.value(result.stat()));
            printJson(Value.from(answer));
        } else {
            out().println(result.path());
        }
        return ExitCode.OK;
    }

    private Value data() throws InterruptedException {
        Value given = value.read(context);
        boolean emptyInput =
                !value.given() && value.type == null && given != null && given.equals(Value.of(new byte[0]));
        return given == null || emptyInput ? Value.NULL : given;
    }
}

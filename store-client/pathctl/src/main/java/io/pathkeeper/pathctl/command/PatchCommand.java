package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.model.Patch;
import io.pathkeeper.client.model.PatchOptions;
import io.pathkeeper.client.model.PatchResult;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.ExactJson;
import io.pathkeeper.pathctl.text.StatView;
import java.util.ArrayList;
import java.util.List;
import java.util.Stack;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code pathctl patch}. */
@Command(
        name = "patch",
        header = "Change fields inside the value of a znode, all or none.",
        description = {
            "Prints the new value. The operations are carried out in the order in which they are given. POINTER is a JSON",
            "Pointer (RFC 6901): /port, /hosts/0, empty for the whole value, ~1 for a / in a key. The first = ends it; for a",
            "key with a = in it use --op. Values are JSON: --set '/host=\"web1\"', or --set-string /host=web1.",
            "",
            "JSON forms for --op: {\"set\": POINTER, \"value\": V}, {\"set_if_absent\": POINTER, \"value\": V},",
            "  {\"remove\": POINTER}, {\"merge\": POINTER, \"value\": V}, {\"append\": POINTER, \"value\": V},",
            "  {\"insert\": POINTER, \"index\": N, \"value\": V}, {\"remove_item\": POINTER, \"index\": N} or \"value\": V,",
            "  {\"increment\": POINTER, \"by\": N}, {\"test\": POINTER, \"value\": V}"
        },
        footer = {
            "%nExamples:",
            "  pathctl patch /config --set /port=9090 --set-string /host=web1",
            "  pathctl patch /stats --increment /hits=1   (the field must be there and be an integer)",
            "  pathctl patch /config --test /port=8080 --set /port=9090   (exit code 5 when the port is another)"
        })
public final class PatchCommand extends StoreCommand {
    @Parameters(paramLabel = "PATH", description = "Absolute path.")
    String path = "";

    @Option(
            names = "--set",
            paramLabel = "POINTER=JSON",
            parameterConsumer = InOrder.class,
            description = "Put a value there.")
    List<String> set = List.of();

    @Option(
            names = "--set-string",
            paramLabel = "POINTER=TEXT",
            parameterConsumer = InOrder.class,
            description = "Put a string there.")
    List<String> setString = List.of();

    @Option(
            names = "--set-if-absent",
            paramLabel = "POINTER=JSON",
            parameterConsumer = InOrder.class,
            description = "Put a value there if nothing is there.")
    List<String> setIfAbsent = List.of();

    @Option(
            names = "--remove",
            paramLabel = "POINTER",
            parameterConsumer = InOrder.class,
            description = "Remove what is there.")
    List<String> remove = List.of();

    @Option(
            names = "--merge",
            paramLabel = "[POINTER=]JSON",
            parameterConsumer = InOrder.class,
            description = "Merge a map into the one there (RFC 7396); null removes a key.")
    List<String> merge = List.of();

    @Option(
            names = "--append",
            paramLabel = "POINTER=JSON",
            parameterConsumer = InOrder.class,
            description = "Append an item to the list there.")
    List<String> append = List.of();

    @Option(
            names = "--insert",
            paramLabel = "POINTER@INDEX=JSON",
            parameterConsumer = InOrder.class,
            description = "Insert an item into the list there, counted from 0.")
    List<String> insert = List.of();

    @Option(
            names = "--remove-item",
            paramLabel = "POINTER@INDEX|POINTER=JSON",
            parameterConsumer = InOrder.class,
            description = "Remove an item of the list there, by its place or the first that is equal.")
    List<String> removeItem = List.of();

    @Option(
            names = "--increment",
            paramLabel = "POINTER[=N]",
            parameterConsumer = InOrder.class,
            description = "Add N, 1 without it, to the integer there.")
    List<String> increment = List.of();

    @Option(
            names = "--test",
            paramLabel = "POINTER=JSON",
            parameterConsumer = InOrder.class,
            description = "Refuse the whole patch, with exit code 5, unless this is there.")
    List<String> test = List.of();

    @Option(
            names = "--op",
            paramLabel = "JSON",
            parameterConsumer = InOrder.class,
            description = "An operation in JSON.")
    List<String> operation = List.of();

    @Mixin
    GuardOptions guard = new GuardOptions();

    @Mixin
    LockGuardOptions lockGuard = new LockGuardOptions();

    private final List<String[]> inOrder = new ArrayList<>();

    /** Made by the table of commands. */
    public PatchCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() {
        Patch patch = patch();
        PatchOptions options = PatchOptions.defaults().returnValue(true);
        options = options.guards(lockGuard.guards(context));
        options = guard.version == null ? options : options.expectedVersion(guard.version);
        options = guard.revision == null ? options : options.expectedRevision(guard.revision);
        PatchResult result = store().patch(context.path(path), patch, options);
        Value value = result.value() == null ? Value.NULL : result.value();
        if (json()) {
            printJson(Value.map(
                    "path", result.path(),
                    "data", value,
                    "revision", result.revision(),
                    "stat", StatView.value(result.stat())));
        } else {
            out().println(ExactJson.write(value));
        }
        return ExitCode.OK;
    }

    /** Returns the operations of the command line in their order. */
    Patch patch() {
        Patch patch = Patch.create();
        for (String[] option : inOrder) {
            patch = PatchArguments.add(patch, option[0], option[1]);
        }
        if (patch.changes().isEmpty()) {
            throw CommandFailure.usage(
                    "nothing to do: give --set, --remove, --increment or another operation (see patch --help)");
        }
        return patch;
    }

    /** Notes each option and its argument in the order of the command line, which picocli's own lists would lose. */
    static final class InOrder implements IParameterConsumer {
        @Override
        public void consumeParameters(Stack<String> arguments, ArgSpec argument, CommandSpec command) {
            String option = ((OptionSpec) argument).longestName();
            if (arguments.isEmpty()) {
                throw new ParameterException(command.commandLine(), option + " needs " + argument.paramLabel());
            }
            ((PatchCommand) command.userObject()).inOrder.add(new String[] {option, arguments.pop()});
        }
    }
}

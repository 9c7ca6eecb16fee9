package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.model.ReadOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.ValueFormat;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.ExactJson;
import io.pathkeeper.pathctl.text.StatView;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl get}. */
@Command(
        name = "get",
        header = "Print the value of a znode.",
        description = {
            "A string is printed as it is with a line end, bytes as they are without one (on a terminal as JSON), every",
            "other value as one line of JSON. --raw adds no line end to strings, either: get --raw PATH > FILE gives exactly",
            "the bytes. --output json prints an object with path, content_type, stat, data and revision."
        })
public final class GetCommand extends StoreCommand {
    @Parameters(paramLabel = "PATH", description = "Absolute path.")
    String path = "";

    @Option(
            names = {"-r", "--raw"},
            description = "Print exactly the bytes of the value and nothing else.")
    boolean raw;

    @Mixin
    ReadOptionsMixin reading = new ReadOptionsMixin();

    /** Made by the table of commands. */
    public GetCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() {
        if (raw && json()) {
            throw CommandFailure.usage("--raw and --output json exclude each other");
        }
        ReadOptions options = ReadOptions.defaults().consistency(reading.consistency());
        if (raw) {
            options = options.format(ValueFormat.RAW);
        }
        Znode znode = store().get(context.path(path), options);
        if (raw) {
            writeBytes(znode.value());
        } else if (json()) {
            printJson(document(znode));
        } else {
            print(znode.value());
        }
        return ExitCode.OK;
    }

    private void print(Value value) {
        switch (value.type()) {
            case STRING -> out().println(value.asString());
            case BYTES -> {
                if (context.streams().outTerminal()) {
                    out().println(ExactJson.write(value));
                } else {
                    writeBytes(value);
                }
            }
            default -> out().println(ExactJson.write(value));
        }
    }

    private void writeBytes(Value value) {
        byte[] bytes = value.asBytes();
        out().write(bytes, 0, bytes.length);
    }

    private static Value document(Znode znode) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("path", Value.of(znode.path()));
        if (!znode.contentType().isEmpty()) {
            fields.put("content_type", Value.of(znode.contentType()));
        }
        fields.put("data", znode.value());
        fields.put("revision", Value.of(znode.revision()));
        fields.put("stat", StatView.value(znode.stat()));
        return Value.of(fields);
    }
}

package io.pathkeeper.it.scenario;

import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.PathctlMain;
import io.pathkeeper.pathctl.Streams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** {@code pathctl} in this JVM, without a terminal and without anything on its standard input. */
final class Pathctl {
    private Pathctl() {}

    /** How a run ended and what it wrote. */
    record Ended(int code, String out, String err) {}

    /** Runs it in the calling thread, with nothing in its environment. */
    static Ended run(List<String> line) {
        ByteArrayOutputStream standard = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        Streams streams = new Streams(
                new ByteArrayInputStream(new byte[0]),
                Streams.printer(standard, true),
                Streams.printer(errors, true),
                false,
                false,
                false);
        try (CommandContext context = new CommandContext(streams, Map.of())) {
            int code = PathctlMain.run(context, line.toArray(new String[0]));
            return new Ended(code, standard.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
        }
    }
}

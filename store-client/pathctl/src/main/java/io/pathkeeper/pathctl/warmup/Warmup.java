package io.pathkeeper.pathctl.warmup;

import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.PathctlMain;
import io.pathkeeper.pathctl.Streams;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;

/** Runs the common commands once against a server that answers the same to everybody, so that their classes are loaded. */
public final class Warmup {
    private static final String[][] LINES = {
        {"get", "/a"},
        {"get", "/a", "--output", "json"},
        {"get", "/a", "--raw"},
        {"set", "/a", "--value", "text"},
        {"set", "/a", "--json", "{\"port\": 8080, \"list\": [1, 2.5, null, true]}"},
        {"create", "/a", "-p", "--value", "text"},
        {"patch", "/a", "--set", "/port=9090", "--increment", "/n"},
        {"delete", "/a", "-r"},
        {"ls", "/"},
        {"ls", "-l", "/"},
        {"tree", "/"},
        {"stat", "/a"},
        {"status"},
        {"txn", "--json", "{\"if\": [{\"path\": \"/a\", \"exists\": true}], \"then\": [{\"get\": \"/a\"}]}"},
        {"observe", "/a", "--once"},
        {"session"},
        {"locks"},
        {"lock", "/a", "--", "true"},
        {"help"},
        {"get", "--help"},
        {"get", "relative"},
        {"get", "/missing"},
    };

    private Warmup() {}

    /** Trains; exit code 1 when the local server cannot be started. */
    public static void main(String[] args) throws IOException {
        PrintStream nowhere = Streams.printer(OutputStream.nullOutputStream(), false);
        try (WarmupServer server = WarmupServer.start()) {
            for (String[] line : LINES) {
                Streams streams =
                        new Streams(new ByteArrayInputStream(new byte[0]), nowhere, nowhere, false, false, false);
                try (CommandContext context =
                        new CommandContext(streams, Map.of("PATHCTL_SERVERS", server.address()))) {
                    PathctlMain.run(context, line);
                }
            }
        }
    }
}

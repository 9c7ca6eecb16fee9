package io.pathkeeper.pathctl;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Runs {@code pathctl} against a {@link FakeTree} and keeps what it printed. */
public final class Run {
    public final FakeTree tree;
    public final FakeClient client;
    public byte[] input = {};
    public boolean inTerminal = true;
    public boolean outTerminal;
    public byte[] outBytes = {};
    public String err = "";
    public String connectedTo = "";

    public Run() {
        this(new FakeTree());
    }

    public Run(FakeTree tree) {
        this.tree = tree;
        this.client = new FakeClient(tree);
    }

    /** Runs one command and returns its exit code. */
    public int pathctl(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        Streams streams = new Streams(
                new ByteArrayInputStream(input),
                Streams.printer(out, false),
                Streams.printer(errors, true),
                inTerminal,
                outTerminal,
                false);
        try (CommandContext context =
                new CommandContext(streams, Map.of("PATHCTL_SERVERS", "db1:7420,db2:7420"), target -> {
                    connectedTo = target.servers() + " " + target.timeout();
                    return client;
                })) {
            int code = PathctlMain.run(context, arguments);
            streams.err().flush();
            outBytes = out.toByteArray();
            err = errors.toString(StandardCharsets.UTF_8);
            return code;
        }
    }

    /** Returns standard output as text. */
    public String out() {
        return new String(outBytes, StandardCharsets.UTF_8);
    }
}

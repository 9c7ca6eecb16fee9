package io.pathkeeper.pathctl;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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
    public Map<String, String> environment = Map.of("PATHCTL_SERVERS", "db1:7420,db2:7420");
    /** What is typed when a password is asked for; when nothing is left there is no terminal. */
    public final Deque<String> typed = new ArrayDeque<>();

    public final List<String> asked = new ArrayList<>();

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
        try (CommandContext context = new CommandContext(streams, environment, target -> {
            connectedTo = target.servers() + " " + target.timeout();
            return client;
        })) {
            context.promptWith((question, instead) -> {
                asked.add(question);
                if (typed.isEmpty()) {
                    throw CommandFailure.usage("a password is needed; " + instead);
                }
                return typed.remove();
            });
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

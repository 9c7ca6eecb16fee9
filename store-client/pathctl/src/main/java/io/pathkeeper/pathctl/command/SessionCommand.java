package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.session.SessionInfo;
import io.pathkeeper.client.session.SessionPage;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.Table;
import io.pathkeeper.pathctl.text.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pathctl session}: lists sessions; its sub-commands look at one. */
@Command(
        name = "session",
        header = "List sessions, look at one, or end one.",
        synopsisSubcommandLabel = "[COMMAND]",
        description = {
            "Without a command it lists the open sessions in the order of their ids; with --output json, one object a line.",
            "AGE counts from the opening, by the clocks of the leader then and of this machine. TIMEOUT is how long the servers",
            "wait for a sign of life. EPHEMERALS and LOCKS are how many it has; a lock or election that it waits for counts."
        })
public final class SessionCommand extends StoreCommand {
    private static final int MAX_PAGE = 1_000;
    private static final int MAX_LIMIT = 1_000_000;

    @Option(names = "--limit", paramLabel = "N", description = "Show no more than N sessions. Default: 1000.")
    int limit = 1_000;

    private SessionCommand(CommandContext context) {
        super(context);
    }

    /** Makes the command with its sub-commands, for the table of commands. */
    public static CommandLine make(CommandContext context) {
        return new CommandLine(new SessionCommand(context))
                .addSubcommand("show", new SessionShowCommand(context))
                .addSubcommand("nodes", new SessionNodesCommand(context))
                .addSubcommand("close", new SessionCloseCommand(context));
    }

    @Override
    protected ExitCode run() {
        checkLimit(limit);
        Table table = new Table(">ID", "IDENTITY", "ADDRESS", ">AGE", ">TIMEOUT", ">EPHEMERALS", ">LOCKS", "LABELS");
        String token = "";
        int left = limit;
        do {
            SessionPage page = context.client()
                    .sessions()
                    .list(Math.min(MAX_PAGE, left), token)
                    .join();
            page.sessions().forEach(session -> add(table, session));
            left -= page.sessions().size();
            token = page.nextPageToken();
        } while (left > 0 && !token.isEmpty());
        if (!json()) {
            table.print(out());
        }
        if (!token.isEmpty()) {
            err().println("pathctl: there are more than " + limit + " sessions; --limit shows more");
        }
        return ExitCode.OK;
    }

    private void add(Table table, SessionInfo session) {
        if (json()) {
            printJson(value(session));
            return;
        }
        table.row(
                session.id(),
                orDash(session.identity()),
                session.address(),
                age(session),
                Units.span(session.timeout()),
                session.ephemeralCount(),
                session.lockCount(),
                session.labels().isEmpty() ? "-" : labels(session));
    }

    static void checkLimit(int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw CommandFailure.usage("--limit is " + limit + "; allowed are 1 to " + MAX_LIMIT);
        }
    }

    static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    /** Returns for how long a session is open; zero when the clocks disagree. */
    static String age(SessionInfo session) {
        Duration age = Duration.between(session.createdAt(), Instant.now());
        return Units.span(age.isNegative() ? Duration.ZERO : age);
    }

    static String labels(SessionInfo session) {
        return new TreeMap<>(session.labels())
                .entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(","));
    }

    /** Returns a session as a map with the field names of the API. */
    static Value value(SessionInfo session) {
        Map<String, Value> labels = new TreeMap<>();
        session.labels().forEach((name, label) -> labels.put(name, Value.of(label)));
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("id", Value.of(session.id()));
        fields.put("client_identity", Value.of(session.identity()));
        fields.put("labels", Value.of(labels));
        fields.put("address", Value.of(session.address()));
        fields.put("created_at", Value.of(session.createdAt().toString()));
        fields.put("created_revision", Value.of(session.createdRevision()));
        fields.put("timeout_ms", Value.of(session.timeout().toMillis()));
        fields.put("ephemeral_count", Value.of(session.ephemeralCount()));
        fields.put("lock_count", Value.of(session.lockCount()));
        return Value.of(fields);
    }
}

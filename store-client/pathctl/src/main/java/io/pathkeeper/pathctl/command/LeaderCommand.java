package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.coordination.ElectionListener;
import io.pathkeeper.client.coordination.ElectionObservation;
import io.pathkeeper.client.coordination.Leader;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.ExactJson;
import io.pathkeeper.pathctl.text.LockView;
import io.pathkeeper.pathctl.text.PathText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl leader}. Lines of an observation are printed by its callback thread; the main thread waits for its end. */
@Command(
        name = "leader",
        header = "Show who leads an election, or observe it.",
        description = {
            "Exit code 3 when nobody leads. --observe prints a line for every leader and every proclamation, in order, the",
            "present one first, with a tab between the columns, or one JSON object with --output json:",
            "  REVISION  LEADER  TERM  CANDIDATE  VALUE",
            "  REVISION  NONE                            nobody leads",
            "  -         RESET                           leaders were missed; the present one follows"
        })
public final class LeaderCommand extends StoreCommand {
    @Parameters(paramLabel = "PATH", description = "Absolute path that names the election.")
    String path = "";

    @Option(names = "--observe", description = "Print every change until stopped.")
    boolean observe;

    /** Made by the table of commands. */
    public LeaderCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() throws Exception {
        String election = context.path(path);
        PathkeeperClient client = context.client();
        // Asked for with --observe, too: when nobody is there it is said in time, instead of trying for ever.
        Optional<Leader> leader = client.elections().leader(election).get();
        if (observe) {
            observe(client, election);
            return ExitCode.OK;
        }
        if (json()) {
            printJson(Value.map(
                    "path", election, "leader", leader.map(LockView::value).orElse(Value.NULL)));
        } else {
            leader.ifPresent(this::print);
        }
        if (leader.isEmpty()) {
            throw new CommandFailure(ExitCode.NOT_FOUND, "nobody leads " + election);
        }
        return ExitCode.OK;
    }

    private void print(Leader leader) {
        Map<String, Value> fields = new LinkedHashMap<>(LockView.value(leader).asMap());
        fields.put("data", Value.of(ExactJson.write(leader.value())));
        fields.forEach((name, field) -> out().printf(
                        "%-16s %s%n",
                        name,
                        field.type() == Value.Type.STRING ? PathText.printable(field.asString()) : field.toJson()));
    }

    private void observe(PathkeeperClient client, String election) throws Exception {
        Printer printer = new Printer();
        try (ElectionObservation observation = client.elections().observe(election, printer)) {
            CompletableFuture.anyOf(observation.ended(), printer.failed).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Prints the lines as they come and flushes behind each; a reader that went away ends the command by the thread that waits. */
    private final class Printer implements ElectionListener {
        final CompletableFuture<Void> failed = new CompletableFuture<>();

        @Override
        public void onLeader(Optional<Leader> leader, long revision) {
            if (json()) {
                print(ExactJson.write(Value.map(
                        "revision",
                        revision,
                        "leader",
                        leader.map(LockView::value).orElse(Value.NULL))));
            } else {
                print(leader.map(now -> revision + "\tLEADER\t" + now.term() + "\t"
                                + PathText.printable(now.candidateId()) + "\t" + ExactJson.write(now.value()))
                        .orElse(revision + "\tNONE"));
            }
        }

        @Override
        public void onReset() {
            print(json() ? "{\"reset\":true}" : "-\tRESET");
        }

        private void print(String line) {
            try {
                out().println(line);
                out().flush();
            } catch (RuntimeException e) {
                failed.completeExceptionally(e);
            }
        }
    }
}

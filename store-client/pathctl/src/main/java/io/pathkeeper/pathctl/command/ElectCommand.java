package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.coordination.CampaignRequest;
import io.pathkeeper.client.coordination.Candidacy;
import io.pathkeeper.client.coordination.Elections;
import io.pathkeeper.client.coordination.Leader;
import io.pathkeeper.client.coordination.Leadership;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.session.PathkeeperSession;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.ZeroDurationConverter;
import io.pathkeeper.pathctl.text.JsonText;
import io.pathkeeper.pathctl.text.Units;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl elect}. */
@Command(
        name = "elect",
        header = "Run a command while being the leader of an election.",
        description = {
            "Opens a session, stands for election, runs COMMAND when elected, and resigns; the exit code is that of COMMAND.",
            "SIGINT, SIGTERM and SIGHUP are passed on to it. Without COMMAND it prints a line and leads until it is",
            "interrupted. An election is named by a path, which needs no znode. First come, first served.",
            "",
            "COMMAND finds in its environment: PATHKEEPER_LOCK_PATH (the path), PATHKEEPER_LOCK_TOKEN (the term: larger than",
            "those of all leaders before, and the token for --require-lock), PATHKEEPER_CANDIDATE_ID, PATHKEEPER_SESSION_ID,",
            "PATHCTL_SERVERS.",
            "",
            "When the leadership is lost COMMAND is ended as by `pathctl lock`. Exit codes beside those of COMMAND and of",
            "pathctl: 123 the leadership was lost, 124 not elected within --wait, 126 COMMAND cannot be executed, 127 there is",
            "no such command; 129, 130, 143 ended by SIGHUP, SIGINT, SIGTERM."
        },
        footer = {
            "%nExamples:",
            "  pathctl elect /elections/scheduler --value http://10.0.0.7:8080 -- ./scheduler",
            "  pathctl leader /elections/scheduler --observe"
        })
public final class ElectCommand extends CommandBase {
    /** At most one of these. */
    static final class Proclamation {
        @Option(
                names = {"-v", "--value"},
                paramLabel = "TEXT",
                description = "What is published when elected, as a string. Default: null.")
        @Nullable
        String value;

        @Option(
                names = {"-j", "--json"},
                paramLabel = "JSON",
                description = "What is published when elected, as JSON.")
        @Nullable
        String json;
    }

    @Parameters(index = "0", paramLabel = "PATH", description = "Absolute path that names the election.")
    String path = "";

    @Option(
            names = {"-c", "--candidate"},
            paramLabel = "NAME",
            description = "What the candidate is called, 1 to 100 characters. Default: HOST:PID.")
    @Nullable
    String candidate;

    @ArgGroup
    @Nullable
    Proclamation proclamation;

    @Option(
            names = {"-w", "--wait"},
            paramLabel = "TIME",
            converter = ZeroDurationConverter.class,
            description = "Stand for election no longer, exit code 124. Default: for ever.")
    @Nullable
    Duration wait;

    @Option(
            names = "--lock-delay",
            paramLabel = "TIME",
            converter = ZeroDurationConverter.class,
            description =
                    "When it is lost the next election waits so much longer: 0 to 60s. Default: --kill-after, 0 without COMMAND.")
    @Nullable
    Duration lockDelay;

    @Parameters(
            index = "1..*",
            paramLabel = "COMMAND",
            description = "Behind --: the command to run and its arguments. None: hold it until interrupted.")
    List<String> command = List.of();

    @Mixin
    HoldOptions hold = new HoldOptions();

    /** Made by the table of commands. */
    public ElectCommand(CommandContext context) {
        super(context);
    }

    @Override
    public Integer call() throws Exception {
        hold.command = command;
        if (wait != null && wait.isZero()) {
            throw CommandFailure.usage("--wait is 0; an election takes a moment: give it 1s or more");
        }
        Value published = published();
        String election = context.path(path);
        String name = candidate != null
                ? candidate
                : HoldOptions.host() + ":" + ProcessHandle.current().pid();
        return HeldRun.run(
                context,
                hold,
                "the leadership of " + election,
                (session, run) -> stand(election, name, published, session, run));
    }

    private Value published() {
        Proclamation given = proclamation;
        if (given == null) {
            return Value.NULL;
        }
        return given.json != null
                ? JsonText.read("--json", given.json)
                : Value.of(java.util.Objects.requireNonNull(given.value));
    }

    private HeldRun.Held stand(String election, String name, Value published, PathkeeperSession session, HeldRun run)
            throws Exception {
        Duration standard = hold.command.isEmpty() ? Duration.ZERO : LockCommand.limited(hold.killAfter);
        CampaignRequest request = CampaignRequest.of(election, session)
                .candidateId(name)
                .value(published)
                .lockDelay(lockDelay == null ? standard : lockDelay);
        Elections elections = context.client().elections();
        Candidacy candidacy = elections.campaign(request);
        if (context.streams().errTerminal()) {
            elections.leader(election).thenAccept(leader -> waiting(election, leader, session));
        }
        Leadership led = run.await(candidacy.elected(), wait).orElse(null);
        if (led == null) {
            throw notElected(election, elections.leader(election).get());
        }
        return new HeldRun.Held(
                led.whenLost(),
                Map.of(
                        "PATHKEEPER_LOCK_PATH", election,
                        "PATHKEEPER_LOCK_TOKEN", Long.toString(led.term()),
                        "PATHKEEPER_CANDIDATE_ID", name),
                "leading " + election + " term " + led.term() + " session " + session.id() + " candidate " + name,
                Value.map("path", election, "term", led.term(), "session_id", session.id(), "candidate_id", name));
    }

    private void waiting(String election, Optional<Leader> leader, PathkeeperSession session) {
        leader.filter(other -> other.sessionId() != session.id())
                .ifPresent(other -> err().println("pathctl: standing for election at " + election + ", which "
                        + other.candidateId() + " leads, term " + other.term()));
    }

    private CommandFailure notElected(String election, Optional<Leader> leader) {
        return new CommandFailure(
                ExitCode.NOT_ACQUIRED,
                "not elected at " + election + " within " + Units.span(wait == null ? Duration.ZERO : wait)
                        + leader.map(other -> "; " + other.candidateId() + " leads, term " + other.term())
                                .orElse(""));
    }
}

package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.coordination.LockGrant;
import io.pathkeeper.client.coordination.LockHolder;
import io.pathkeeper.client.coordination.LockInfo;
import io.pathkeeper.client.coordination.LockRequest;
import io.pathkeeper.client.coordination.Locks;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.session.PathkeeperSession;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.ZeroDurationConverter;
import io.pathkeeper.pathctl.text.LockView;
import io.pathkeeper.pathctl.text.Units;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl lock}. The place in the queue is printed by a callback thread of the client. */
@Command(
        name = "lock",
        header = "Run a command while holding a lock.",
        description = {
            "Opens a session, waits for the lock, runs COMMAND, and gives the lock back; the exit code is that of COMMAND.",
            "SIGINT, SIGTERM and SIGHUP are passed on to it. Without COMMAND it prints a line and holds the lock until it is",
            "interrupted. A lock is named by a path, which needs no znode. First come, first served.",
            "",
            "COMMAND finds in its environment: PATHKEEPER_LOCK_PATH, PATHKEEPER_LOCK_TOKEN (larger than those of all holders",
            "before; hand it to whatever must not be changed by a holder of the past), PATHKEEPER_SESSION_ID, PATHCTL_SERVERS.",
            "",
            "The lock is lost when no server answers for the session timeout, and when this machine or this process stands",
            "still for so long. COMMAND and all processes below it then get SIGTERM, and SIGKILL after --kill-after; the next",
            "holder waits for --lock-delay. What COMMAND does elsewhere is safe only if the other side checks the token.",
            "",
            "Exit codes beside those of COMMAND and of pathctl: 123 the lock was lost, 124 not acquired within --wait,",
            "126 COMMAND cannot be executed, 127 there is no such command; 129, 130, 143 ended by SIGHUP, SIGINT, SIGTERM."
        },
        footer = {
            "%nExamples:",
            "  pathctl lock /locks/backup -- ./backup.sh --full",
            "  pathctl lock /locks/backup --wait 0 -- ./backup.sh    (exit code 124 when somebody else has it)",
            "  pathctl lock /pools/workers --permits 1 --max-permits 4 -- ./work.sh",
            "  pathctl lock /locks/import -- sh -c \\",
            "    'pathctl set /report --value done --require-lock $PATHKEEPER_LOCK_PATH:$PATHKEEPER_LOCK_TOKEN'"
        })
public final class LockCommand extends CommandBase {
    private static final int MAX_NOTE_CHARS = 60;

    @Parameters(index = "0", paramLabel = "PATH", description = "Absolute path that names the lock.")
    String path = "";

    @Option(
            names = {"-s", "--shared"},
            description = "Share it with others that hold it shared.")
    boolean shared;

    @Option(names = "--permits", paramLabel = "N", description = "Hold N permits of those that there are; default 1.")
    @Nullable
    Long permits;

    @Option(
            names = "--max-permits",
            paramLabel = "M",
            description = "Permits that there are in all; everybody must say the same.")
    @Nullable
    Long maxPermits;

    @Option(
            names = {"-w", "--wait"},
            paramLabel = "TIME",
            converter = ZeroDurationConverter.class,
            description = "Wait no longer, exit code 124; 0: acquire it at once or not at all. Default: wait for ever.")
    @Nullable
    Duration wait;

    @Option(
            names = "--lock-delay",
            paramLabel = "TIME",
            converter = ZeroDurationConverter.class,
            description =
                    "When it is lost the next holder waits so much longer: 0 to 60s. Default: --kill-after, 0 without COMMAND.")
    @Nullable
    Duration lockDelay;

    @Option(
            names = "--note",
            paramLabel = "TEXT",
            description = "What others see in `pathctl locks`. Default: the name of COMMAND.")
    @Nullable
    String note;

    @Parameters(
            index = "1..*",
            paramLabel = "COMMAND",
            description = "Behind --: the command to run and its arguments. None: hold it until interrupted.")
    List<String> command = List.of();

    @Mixin
    HoldOptions hold = new HoldOptions();

    /** Made by the table of commands. */
    public LockCommand(CommandContext context) {
        super(context);
    }

    @Override
    public Integer call() throws Exception {
        hold.command = command;
        if (shared && (permits != null || maxPermits != null)) {
            throw CommandFailure.usage("--shared and --permits exclude each other");
        }
        if (permits != null && maxPermits == null) {
            throw CommandFailure.usage("--permits needs --max-permits, which must be the same for everybody");
        }
        String lock = context.path(path);
        return HeldRun.run(context, hold, "the lock " + lock, (session, run) -> acquire(lock, session, run));
    }

    private HeldRun.Held acquire(String lock, PathkeeperSession session, HeldRun run) throws Exception {
        Locks locks = context.client().locks();
        LockRequest request = request(lock, session);
        LockGrant grant;
        if (wait != null && wait.isZero()) {
            CompletableFuture<Optional<LockGrant>> asked = locks.tryAcquireAsync(request, Duration.ZERO);
            grant = run.await(asked, null).flatMap(answer -> answer).orElse(null);
        } else {
            grant = run.await(locks.acquireAsync(request, position -> waiting(lock, position)), wait)
                    .orElse(null);
        }
        if (grant == null) {
            throw notAcquired(lock);
        }
        return new HeldRun.Held(
                new CompletableFuture<>(),
                Map.of("PATHKEEPER_LOCK_PATH", lock, "PATHKEEPER_LOCK_TOKEN", Long.toString(grant.token())),
                "holding " + lock + " token " + grant.token() + " session " + session.id(),
                Value.map("path", lock, "token", grant.token(), "session_id", session.id()));
    }

    private LockRequest request(String lock, PathkeeperSession session) {
        LockRequest request;
        if (maxPermits != null) {
            request = LockRequest.permits(lock, session, permits == null ? 1 : permits, maxPermits);
        } else {
            request = shared ? LockRequest.shared(lock, session) : LockRequest.exclusive(lock, session);
        }
        String command = hold.commandName();
        Duration standard = hold.command.isEmpty() ? Duration.ZERO : limited(hold.killAfter);
        return request.lockDelay(lockDelay == null ? standard : lockDelay)
                .note(note != null ? note : command.substring(0, Math.min(MAX_NOTE_CHARS, command.length())));
    }

    /** Returns the time, but no more than the servers allow for a lock delay. */
    static Duration limited(Duration time) {
        return time.compareTo(Duration.ofSeconds(60)) > 0 ? Duration.ofSeconds(60) : time;
    }

    private void waiting(String lock, long position) {
        if (context.streams().errTerminal()) {
            err().println("pathctl: waiting for the lock " + lock
                    + (position == 0 ? ", next in the queue" : ", " + position + " in front"));
        }
    }

    private CommandFailure notAcquired(String lock) throws Exception {
        StringBuilder line = new StringBuilder("the lock " + lock + " was not acquired "
                + (wait == null || wait.isZero() ? "at once" : "within " + Units.span(wait)));
        LockInfo info = context.client().locks().info(lock).get();
        if (!info.holders().isEmpty()) {
            LockHolder holder = info.holders().get(0);
            int more = info.holders().size() - 1;
            line.append("; it is held by ")
                    .append(LockView.who(holder))
                    .append(more == 0 ? "" : " and " + more + " more");
            line.append(info.waiterCount() == 0 ? "" : ", waiting: " + info.waiterCount());
        }
        return new CommandFailure(ExitCode.NOT_ACQUIRED, line.toString());
    }
}

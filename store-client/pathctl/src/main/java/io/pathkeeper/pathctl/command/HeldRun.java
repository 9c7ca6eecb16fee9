package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.session.PathkeeperSession;
import io.pathkeeper.client.session.SessionState;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.FailureReport;
import io.pathkeeper.pathctl.child.ChildProcess;
import io.pathkeeper.pathctl.child.Signals;
import io.pathkeeper.pathctl.text.ExactJson;
import io.pathkeeper.pathctl.text.Units;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Opens a session, gets something that lives as long as the session, runs a command meanwhile or waits for a signal, and closes the session, which
 * gives everything back in one revision.
 *
 * <pre>
 * opening -> acquiring -> holding -> closing      a signal before holding, a refusal, a loss: -> closing
 * </pre>
 *
 * <p>Belongs to the main thread; changes of the session's state are told by a callback thread.
 */
final class HeldRun {
    /** Gets what is to be held. */
    @FunctionalInterface
    interface Acquisition {
        /** Returns it; throws {@link CommandFailure} when it cannot be had. Waits only by {@code run}. */
        Held acquire(PathkeeperSession session, HeldRun run) throws Exception;
    }

    /**
     * What is held.
     *
     * @param lost completes when it is no longer held although the session may be open; never, for what ends only with the session
     * @param environment for the command
     * @param line tells of it when there is no command
     * @param document the same as JSON
     */
    record Held(CompletableFuture<Void> lost, Map<String, String> environment, String line, Value document) {}

    /** A signal ended the waiting. */
    private static final class Stopped extends Exception {
        private static final long serialVersionUID = 1L;

        final int exitCode;

        Stopped(int exitCode) {
            super(null, null, false, false);
            this.exitCode = exitCode;
        }
    }

    private final CommandContext context;
    private final HoldOptions options;
    private final String thing;
    private final Signals signals = new Signals();

    /**
     * Prepares a run; from now on signals do not end the process.
     *
     * @param thing what is held, such as {@code the lock /a}
     */
    private HeldRun(CommandContext context, HoldOptions options, String thing) {
        this.context = context;
        this.options = options;
        this.thing = thing;
    }

    /** Does it all and returns the exit code of the command; 0 when there is none and a signal ended the holding. */
    static int run(CommandContext context, HoldOptions options, String thing, Acquisition acquisition)
            throws Exception {
        HeldRun run = new HeldRun(context, options, thing);
        try {
            return run.run(acquisition);
        } catch (Stopped stopped) {
            return stopped.exitCode;
        } finally {
            run.signals.close();
        }
    }

    private int run(Acquisition acquisition) throws Exception {
        PathkeeperSession session = await(context.client().sessions().openAsync(options.session()), null)
                .orElseThrow();
        boolean lost = true;
        try {
            session.addListener((changed, state) -> warn(changed, state));
            Held held = acquisition.acquire(session, this);
            int code = hold(session, held);
            lost = false;
            return code;
        } catch (PathkeeperException e) {
            if (e.reason().equals(Reason.SESSION_EXPIRED)) {
                throw new CommandFailure(
                        ExitCode.UNAVAILABLE,
                        "the session was lost while waiting for " + thing + ": no server answered in time",
                        e);
            }
            throw e;
        } finally {
            close(session, lost);
        }
    }

    /**
     * Waits for an answer; empty when it did not come within {@code limit}, and then it is cancelled.
     *
     * @param limit null for ever
     */
    <R> java.util.Optional<R> await(CompletableFuture<R> answer, @Nullable Duration limit) throws Exception {
        try {
            CompletableFuture<Object> any = CompletableFuture.anyOf(answer, signals.first());
            if (limit == null) {
                any.get();
            } else {
                any.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (TimeoutException e) {
            answer.cancel(false);
            return java.util.Optional.empty();
        } catch (InterruptedException e) {
            answer.cancel(false);
            throw e;
        } catch (ExecutionException e) {
            throw FailureReport.unwrap(e) instanceof Exception cause ? cause : e;
        }
        if (!answer.isDone()) {
            answer.cancel(false);
            throw new Stopped(signals.first().join().exitCode());
        }
        return java.util.Optional.of(answer.join());
    }

    private int hold(PathkeeperSession session, Held held) throws Exception {
        CompletableFuture<Object> lost = CompletableFuture.anyOf(session.whenLost(), held.lost());
        List<String> command = options.command;
        if (command.isEmpty()) {
            tell(held);
            CompletableFuture.anyOf(lost, signals.first()).get();
            if (lost.isDone() || session.state() == SessionState.LOST) {
                throw lost("");
            }
            return ExitCode.OK.code();
        }
        Map<String, String> environment = new HashMap<>(held.environment());
        environment.put("PATHKEEPER_SESSION_ID", Long.toString(session.id()));
        environment.put("PATHCTL_SERVERS", context.servers());
        context.streams().out().flush();
        int code = start(command, environment).await(lost, signals, options.killAfter);
        if (lost.isDone() || session.state() == SessionState.LOST) {
            throw lost("; " + options.commandName() + " was ended, exit code " + code);
        }
        return code;
    }

    private void tell(Held held) {
        PrintStream out = context.streams().out();
        out.println(context.options().json() ? ExactJson.write(held.document()) : held.line());
        out.flush();
    }

    private CommandFailure lost(String consequence) {
        return new CommandFailure(ExitCode.LOST, thing + " was lost" + consequence);
    }

    private static ChildProcess start(List<String> command, Map<String, String> environment) {
        try {
            return ChildProcess.start(command, environment);
        } catch (IOException e) {
            boolean missing = String.valueOf(e.getMessage()).contains("error=2,");
            throw new CommandFailure(
                    missing ? ExitCode.COMMAND_NOT_FOUND : ExitCode.NOT_EXECUTABLE,
                    "cannot run " + command.get(0) + ": "
                            + (missing ? "there is no such command" : "it is not executable, or no program"),
                    e);
        }
    }

    private void warn(PathkeeperSession session, SessionState state) {
        if (state == SessionState.SUSPENDED) {
            context.streams()
                    .err()
                    .println("pathctl: no server has answered for "
                            + Units.span(session.timeout().multipliedBy(2).dividedBy(3)) + "; " + thing
                            + " will be lost in " + Units.span(session.timeout().dividedBy(3)));
        }
    }

    /**
     * Closes the session; when no server can be told, says so unless something worse was said already. A session that is lost is left to the
     * servers: waiting for one that does not answer would only keep whoever waits for this process.
     */
    private void close(PathkeeperSession session, boolean quiet) {
        if (session.state() == SessionState.LOST) {
            return;
        }
        try {
            session.closeAsync().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            if (!quiet) {
                context.streams()
                        .err()
                        .println("pathctl: " + thing + " could not be given back ("
                                + FailureReport.line(e, context.servers()) + "); it ends by itself within "
                                + Units.span(session.timeout()));
            }
        }
    }
}

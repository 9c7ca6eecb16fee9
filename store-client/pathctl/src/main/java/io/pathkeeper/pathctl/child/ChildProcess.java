package io.pathkeeper.pathctl.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A command that runs with the standard streams of this process until it ends by itself or is ended, with all processes below it, because what
 * it was started for is lost. Belongs to the thread that started it.
 */
public final class ChildProcess {
    /** Signals that came and were not passed on yet; nobody sends more in earnest. */
    private static final int MAX_HAPPENINGS = 64;

    private static final Duration FOR_KILL = Duration.ofSeconds(5);

    /** What the waiting thread is woken for; the signal is null for the end of the child and for the loss. */
    private record Happening(Signals.@Nullable Kind signal) {}

    private final Process process;
    private final BlockingQueue<Happening> happenings = new LinkedBlockingQueue<>(MAX_HAPPENINGS);

    private ChildProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts a command.
     *
     * @param command its name, looked for on the PATH when there is no slash in it, and its arguments
     * @param environment variables on top of those of this process
     * @throws IOException when it cannot be started
     */
    public static ChildProcess start(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(environment);
        return new ChildProcess(builder.start());
    }

    /**
     * Waits for its end and returns its exit code, 128 + N when signal N ended it. Signals are passed on to it, but SIGINT only when the terminal
     * does not send it to both by itself. When {@code lost} completes, it and all processes below it get SIGTERM, and SIGKILL after {@code
     * grace}; so, too, when the waiting thread is interrupted.
     */
    public int await(CompletableFuture<?> lost, Signals signals, Duration grace) throws InterruptedException {
        process.onExit().thenRun(() -> happenings.offer(new Happening(null)));
        lost.whenComplete((done, error) -> happenings.offer(new Happening(null)));
        signals.passTo(kind -> happenings.offer(new Happening(kind)));
        try {
            while (process.isAlive() && !lost.isDone()) {
                Signals.Kind signal = happenings.take().signal();
                if (signal != null && !(signal == Signals.Kind.INT && terminalSends())) {
                    send(signal);
                }
            }
        } finally {
            signals.passTo(kind -> {});
            if (process.isAlive()) {
                end(grace);
            }
        }
        return process.waitFor();
    }

    private void send(Signals.Kind signal) throws InterruptedException {
        if (signal == Signals.Kind.TERM) {
            process.destroy();
            return;
        }
        try {
            new ProcessBuilder("sh", "-c", "kill -s " + signal + " " + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            process.destroy(); // no shell here: the one signal that the JVM can send
        }
    }

    /** Returns whether this process is in the foreground of a terminal, whose Ctrl-C then reaches the child, too. Linux; false elsewhere. */
    private static boolean terminalSends() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return fields[2].equals(fields[5]);
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private void end(Duration grace) {
        Set<ProcessHandle> family = new LinkedHashSet<>();
        boolean interrupted = false;
        try {
            add(family);
            family.forEach(ProcessHandle::destroy);
            interrupted = !gone(family, grace);
            add(family);
            family.forEach(ProcessHandle::destroyForcibly);
            interrupted |= !gone(family, FOR_KILL);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void add(Set<ProcessHandle> family) {
        family.removeIf(member -> !member.isAlive());
        family.add(process.toHandle());
        Set.copyOf(family).forEach(member -> member.descendants().forEach(family::add));
    }

    /** Waits until all are gone or the time is over; returns false when the thread was interrupted. */
    private static boolean gone(Set<ProcessHandle> family, Duration limit) {
        try {
            CompletableFuture.allOf(family.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                    .get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return true; // the next step is sharper, or there is none
        } catch (InterruptedException e) {
            return false;
        }
        return true;
    }
}

package io.pathkeeper.it.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A process whose output goes to a log file. Ended by its id only; whatever still runs when this JVM ends is killed.
 *
 * <p>Life: made running, ended once by itself, {@link #kill} or {@link #stop}.
 */
public final class ServerProcess {
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "server-process-end"));
    }

    private final Process process;
    private final Path log;
    private final int logStart;

    private ServerProcess(Process process, Path log, int logStart) {
        this.process = process;
        this.log = log;
        this.logStart = logStart;
    }

    /**
     * Starts a process in a directory; standard output and error are appended to the log file.
     *
     * @throws UncheckedIOException when it cannot be started
     */
    public static ServerProcess start(List<String> command, Path directory, Path log) {
        return start(command, directory, log, Map.of());
    }

    /**
     * Starts a process as {@link #start(List, Path, Path)} does, with more variables in its environment.
     *
     * @throws UncheckedIOException when it cannot be started
     */
    public static ServerProcess start(List<String> command, Path directory, Path log, Map<String, String> environment) {
        try {
            Files.createDirectories(directory);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().keySet().removeIf(name -> name.startsWith("PATHKEEPER_"));
            builder.environment().putAll(environment);
            int logStart = Files.exists(log) ? (int) Files.size(log) : 0;
            Process process = builder.start();
            RUNNING.add(process);
            process.onExit().thenAccept(RUNNING::remove);
            return new ServerProcess(process, log, logStart);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.get(0) + ": " + e.getMessage(), e);
        }
    }

    /** Returns the path of the Java that runs this JVM. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Returns its process id. */
    public long pid() {
        return process.pid();
    }

    /** Returns the code that it ended with, 128 and the number of the signal when one ended it; empty while it runs. */
    public OptionalInt exitCode() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /** Returns whether it runs; a stopped one (SIGSTOP) does. */
    public boolean isRunning() {
        return process.isAlive();
    }

    /** Sends SIGKILL and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitExit(Duration.ofSeconds(20));
    }

    /** Sends SIGTERM and waits until it is gone; kills it after the time. Returns the exit code. */
    public int stop(Duration patience) {
        process.destroy();
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        return awaitExit(Duration.ofSeconds(20));
    }

    /** Sends SIGSTOP: it keeps its connections and answers nothing. */
    public void pause() {
        signal("STOP");
    }

    /** Sends SIGCONT. */
    public void resume() {
        signal("CONT");
    }

    /**
     * Waits until it ends and returns its exit code; 128 and the number of the signal when one ended it.
     *
     * @throws IllegalStateException when it still runs after the time
     */
    public int awaitExit(Duration patience) {
        try {
            if (process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
            throw new IllegalStateException("process " + pid() + " still runs after " + patience.toMillis()
                    + " ms; its log ends with:\n" + logEnd());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for process " + pid(), e);
        }
    }

    /** Returns what this process has written. */
    public String log() {
        try {
            byte[] bytes = Files.readAllBytes(log);
            return new String(bytes, logStart, bytes.length - logStart, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the end of the log file, for messages. */
    public String logEnd() {
        String text = log();
        return text.substring(Math.max(0, text.length() - 3_000));
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .redirectErrorStream(true)
                    .start();
            String output = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("kill -" + name + " " + pid() + ": " + output.strip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while signalling process " + pid(), e);
        }
    }
}

package io.pathkeeper.it.fault.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the small commands of the operating system that faults are made with. Safe to use from any thread. */
final class Shell {
    private static final long LIMIT_SECONDS = 60;

    private Shell() {}

    /** How a command ended, and what it wrote. */
    record Result(int code, String output) {}

    /**
     * Runs a command.
     *
     * @return what it wrote
     * @throws IllegalStateException when it ends with another code than 0
     */
    static String run(String... command) {
        Result result = attempt(command);
        if (result.code() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " ended with " + result.code() + ": "
                    + result.output().strip());
        }
        return result.output();
    }

    /** Runs a command that may fail; code 127 when there is no such command. */
    static Result attempt(String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Result(124, "no end within " + LIMIT_SECONDS + " s");
            }
            return new Result(process.exitValue(), output);
        } catch (IOException e) {
            return new Result(127, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result(130, "interrupted");
        }
    }

    /** Whether this process may do everything. */
    static boolean isRoot() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }
}

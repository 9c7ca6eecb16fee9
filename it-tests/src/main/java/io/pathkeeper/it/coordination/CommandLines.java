package io.pathkeeper.it.coordination;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;

/** What the command lines here share. */
final class CommandLines {
    private CommandLines() {}

    /** Runs a command and returns its exit code; 1 with a message when it throws. */
    static int run(String name, Object command, String[] arguments) {
        CommandLine line = new CommandLine(command);
        line.setExecutionExceptionHandler((error, failed, parsed) -> {
            System.err.println(name + ": " + (error.getMessage() == null ? error.toString() : error.getMessage()));
            error.printStackTrace();
            return 1;
        });
        return line.execute(arguments);
    }

    /** Waits until a condition holds. */
    static void await(String what, Duration limit, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("not within " + limit.toMillis() + " ms: " + what);
            }
            Thread.sleep(20);
        }
    }
}

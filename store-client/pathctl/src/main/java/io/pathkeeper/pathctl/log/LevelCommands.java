package io.pathkeeper.pathctl.log;

import io.pathkeeper.client.model.LogLevel;
import io.pathkeeper.client.model.LoggerLevel;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.DurationConverter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about levels. */
final class LevelCommands {
    private static final String LOGGER = "Name of the logger; ROOT is the one above all. What is below it follows.";

    private LevelCommands() {}

    /** {@code pathctl log list}. */
    @Command(
            name = "list",
            header = "List the levels that were set and stand.",
            description = "With --output json, one object a line.")
    static final class ListLevels extends LogBase {
        ListLevels(CommandContext context) {
            super(context);
        }

        @Override
        CompletableFuture<List<LoggerLevel>> ask(String address) {
            return logs().levels(address);
        }
    }

    /** {@code pathctl log set}. */
    @Command(
            name = "set",
            header = "Set the level of a logger for a while.",
            description = {
                "Shows the levels that stand then. DEBUG and TRACE of the engine (org.apache.ratis) tell a lot, and cost time: keep them",
                "short."
            })
    static final class SetLevel extends LogBase {
        @Parameters(index = "0", paramLabel = "LOGGER", description = LOGGER)
        String logger = "";

        @Parameters(index = "1", paramLabel = "LEVEL", description = "error, warn, info, debug or trace.")
        LogLevel level = LogLevel.INFO;

        @Option(
                names = "--for",
                paramLabel = "TIME",
                defaultValue = "10m",
                converter = DurationConverter.class,
                description = "When it goes back by itself, at most 1d; default ${DEFAULT-VALUE}.")
        Duration life = Duration.ZERO;

        SetLevel(CommandContext context) {
            super(context);
        }

        @Override
        CompletableFuture<List<LoggerLevel>> ask(String address) {
            return logs().setLevel(address, logger, level, life);
        }
    }

    /** {@code pathctl log reset}. */
    @Command(
            name = "reset",
            header = "Give a logger the level that it had.",
            description = "Shows the levels that stand then. Does nothing where none was set.")
    static final class Reset extends LogBase {
        @Parameters(paramLabel = "LOGGER", description = LOGGER)
        String logger = "";

        Reset(CommandContext context) {
            super(context);
        }

        @Override
        CompletableFuture<List<LoggerLevel>> ask(String address) {
            return logs().resetLevel(address, logger);
        }
    }
}

package io.pathkeeper.pathctl.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that refuse a change, with exit code 5, when somebody else was faster. */
final class GuardOptions {
    @Option(
            names = "--if-version",
            paramLabel = "N",
            description = "Only if the version of the znode is N; exit code 5 otherwise.")
    @Nullable
    Long version;

    @Option(
            names = "--if-revision",
            paramLabel = "N",
            description = "Only if the modified revision of the znode is N; exit code 5 otherwise.")
    @Nullable
    Long revision;
}

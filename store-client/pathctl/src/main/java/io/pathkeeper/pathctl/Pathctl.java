package io.pathkeeper.pathctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code pathctl} itself: the global options and the texts of its help. Its sub-commands stand in {@link Commands}. */
@Command(
        name = "pathctl",
        mixinStandardHelpOptions = true,
        versionProvider = PathctlVersion.class,
        synopsisSubcommandLabel = "[COMMAND]",
        sortOptions = false,
        description = {
            "Reads, writes and observes a Pathkeeper store: a replicated tree of typed values.",
            "Without a command it starts an interactive shell."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  pathctl create /config --json '{\"host\": \"localhost\", \"port\": 8080}'",
            "  pathctl patch /config --set /port=9090",
            "  pathctl get /config",
            "  pathctl observe / --subtree --output json",
            "  pathctl lock /locks/backup -- ./backup.sh",
            "  pathctl auth whoami && pathctl auth check write /config",
            "  pathctl import ./conf /apps/web && pathctl export /apps/web ./copy",
            "",
            "Help on a command: pathctl help COMMAND. Completion: source <(pathctl completion bash)"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:done",
            "  1:the environment failed: no server reached, no leader, time limit, local files",
            "  2:the command line, or a document given to it, is wrong",
            "  3:the znode, its parent, the session, the leader, the member, or the user, role or token does not exist",
            "  4:the znode, user, member or file exists already",
            "  5:version mismatch, a failed test, a lock that is over, a transaction whose conditions did not hold, a check that denies, or an alarm that stands",
            "  6:refused for another reason, which the message gives",
            "  7:import, export or migrate left out what its summary names",
            "123:the lock or the leadership was lost; the command was ended",
            "124:the lock was not acquired, or the election not won, within --wait",
            "126:the command to run cannot be executed",
            "127:there is no such command to run",
            "130:interrupted by Ctrl-C"
        })
public final class Pathctl {
    @Mixin
    private final GlobalOptions options;

    Pathctl(GlobalOptions options) {
        this.options = options;
    }

    /** Returns the options as the command line set them. */
    public GlobalOptions options() {
        return options;
    }
}

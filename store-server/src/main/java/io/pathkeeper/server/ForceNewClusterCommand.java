package io.pathkeeper.server;

import io.pathkeeper.server.config.ServerConfig;
import io.pathkeeper.server.raft.FoundingFiles;
import io.pathkeeper.server.raft.StoppedMember;
import io.pathkeeper.server.snapshot.SnapshotOrigin;
import io.pathkeeper.server.state.PinnedState;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pathkeeper-server force-new-cluster}. */
@Command(
        name = "force-new-cluster",
        header = "Make a cluster of one server from what a survivor of a lost majority has on its disk.",
        description = {
            "For a cluster that has lost the data of most of its servers for good. Stop the survivor, and run this where it runs, with its settings but",
            "another cluster.id. It tells what the survivor has and what may be lost, and changes nothing until --accept-data-loss is given. If several",
            "have survived, look at all of them and take the one whose last entry has the highest term, and among those the highest index.",
            "",
            "The new cluster begins with the newest state of the survivor, the end of its log included. Revisions go on at least 1,000,000 above it,",
            "the history begins there, and all sessions are over, as after a restore. What was there is kept below the directory. Then start the server",
            "with the new cluster.id and with itself as the only one of cluster.members. A server of the old cluster can never join it."
        },
        footer = {
            "",
            "Exit codes: 0 done, 2 settings, or nothing was confirmed, 4 data directory, 5 damaged data, 6 disk."
        })
final class ForceNewClusterCommand extends OfflineCommand {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    @Option(names = "--accept-data-loss", description = "Do it: what only the lost servers had is gone.")
    private boolean accepted;

    @Option(
            names = "--revision-jump",
            paramLabel = "N",
            description = "So much revisions grow. Default and least: 1000000.")
    private long jump = RestoreCommand.MIN_REVISION_JUMP;

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Override
    void run(PrintStream out) throws StartException, IOException {
        ServerConfig config = options.load();
        RestoreCommand.requireJump(jump);
        String cluster = config.cluster().id();
        try (DataDirectory data = DataDirectory.openAsItIs(config.data().dir())) {
            DataMarker old = data.marker();
            RestoreCommand.requireNewName(cluster, old.clusterId());
            StoppedMember.Found found = StoppedMember.read(data.raft(), old.clusterId(), NodeConfig.state(config));
            report(out, config, old, found);
            if (!accepted) {
                throw new StartException(
                        ExitCode.CONFIGURATION,
                        "nothing was changed: repeat it with --accept-data-loss to make cluster '" + cluster
                                + "' of this server alone",
                        null);
            }
            PinnedState state = found.state().beginAnew(jump).pin();
            DataMarker next =
                    new DataMarker(cluster, old.memberId(), state.view().revision());
            SnapshotOrigin origin = new SnapshotOrigin(
                    cluster, Math.max(1, Math.max(found.term(), found.votedTerm())), Math.max(0, found.index()));
            var kept = data.replace(
                    next, "replaced-" + NAME.format(Instant.now()), raft -> FoundingFiles.write(raft, state, origin));
            out.println("made cluster " + cluster + " of member " + old.memberId() + ": "
                    + state.view().znodeCount() + " znodes at revision "
                    + state.view().revision());
            out.println("what was there is kept in " + kept + "; delete it when it is not needed any more");
            out.println("start it with cluster.id " + cluster + " and itself as the only one of cluster.members");
        }
    }

    private static void report(PrintStream out, ServerConfig config, DataMarker old, StoppedMember.Found found) {
        out.println("data directory " + config.data().dir() + ": member " + old.memberId() + " of cluster "
                + old.clusterId());
        out.println("newest state: revision " + found.state().view().revision() + ", "
                + found.state().view().znodeCount() + " znodes, "
                + found.state().sessions().count() + " sessions, which will be over");
        out.println("log: last entry " + found.index() + " of term " + found.term() + "; newest term seen "
                + found.votedTerm() + "; newest snapshot "
                + (found.snapshotIndex() < 0 ? "none" : "at entry " + found.snapshotIndex()));
        long open = found.index() - found.committedIndex();
        out.println(
                open == 0
                        ? "every entry is known to have been committed"
                        : "known to have been committed: entries up to " + found.committedIndex() + "; the " + open
                                + " behind it may have been or not, and are taken into the new cluster");
        out.println("may be lost: every write behind entry " + found.index()
                + " that the other servers have acknowledged without this one");
    }
}

package io.pathkeeper.server;

import io.pathkeeper.server.backup.BackupFile;
import io.pathkeeper.server.backup.BackupHead;
import io.pathkeeper.server.config.ServerConfig;
import io.pathkeeper.server.raft.FoundingFiles;
import io.pathkeeper.server.snapshot.RestoredSnapshot;
import io.pathkeeper.server.snapshot.SnapshotOrigin;
import io.pathkeeper.server.state.PinnedState;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pathkeeper-server restore}. */
@Command(
        name = "restore",
        header = "Make the data directory of a new cluster's server from a backup.",
        description = {
            "Run it for each server of the new cluster, with the same file and the same --revision-jump, before any of them is started; then start them",
            "with the same settings. The cluster needs a name of its own (cluster.id), so that no server of the old one can join it.",
            "",
            "What the new cluster begins with: the whole tree, users and roles, and the results of requests, as of the backup. Revisions go on at least",
            "1,000,000 above the backup's, so that clients and fencing tokens never see one again; the history begins there, so observers are told RESET.",
            "All sessions are over, their ephemeral znodes and locks are gone: clients hear SESSION_EXPIRED and open new ones. Times to live",
            "go on where they were. Sequential names that were given behind the backup may be given again.",
            "",
            "Nothing is changed when the file is damaged, cut off or of a newer release, or when the directory has anything in it."
        },
        footer = {
            "",
            "Exit codes: 0 done, 2 settings or another cluster's backup, 4 data directory, 5 the file cannot be used, 6 disk."
        })
final class RestoreCommand extends OfflineCommand {
    /** Less could repeat what the other cluster gave behind the backup. */
    static final long MIN_REVISION_JUMP = 1_000_000;

    @Option(names = "--from", required = true, paramLabel = "FILE", description = "The backup.")
    private Path from = Path.of("");

    @Option(
            names = "--expect-cluster",
            paramLabel = "ID",
            description = "Refuse the backup of a cluster with another name.")
    private @Nullable String expected;

    @Option(
            names = "--revision-jump",
            paramLabel = "N",
            description = {
                "So much revisions grow. Default and least: 1000000. Give more when more changes may have been made behind",
                "the backup; the same for all servers."
            })
    private long jump = MIN_REVISION_JUMP;

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Override
    void run(PrintStream out) throws StartException, IOException {
        ServerConfig config = options.load();
        requireJump(jump);
        BackupFile backup = BackupFile.open(from);
        BackupHead head = backup.head();
        String cluster = config.cluster().id();
        if (expected != null && !expected.equals(head.clusterId())) {
            throw new StartException(
                    ExitCode.CONFIGURATION,
                    from + " is a backup of cluster '" + head.clusterId() + "', not of '" + expected
                            + "': choose another file, or correct --expect-cluster",
                    null);
        }
        requireNewName(cluster, head.clusterId());
        RestoredSnapshot restored = backup.read(NodeConfig.state(config));
        int sessions = restored.state().sessions().count();
        PinnedState state = restored.state().beginAnew(jump).pin();
        Path data = config.data().dir();
        DataMarker marker = new DataMarker(
                cluster, config.cluster().memberId(), state.view().revision());
        DataDirectory.found(data, marker, raft -> FoundingFiles.write(raft, state, origin(cluster, restored)));
        out.println("restored " + from + " (cluster " + head.clusterId() + " at revision " + head.revision() + ") into "
                + data);
        out.println("cluster " + cluster + ", member " + config.cluster().memberId() + ": "
                + state.view().znodeCount() + " znodes at revision "
                + state.view().revision());
        out.println("ended " + sessions + " sessions of the old cluster");
    }

    static void requireJump(long jump) throws StartException {
        if (jump < MIN_REVISION_JUMP || jump > 1L << 40) {
            throw new StartException(
                    ExitCode.CONFIGURATION,
                    "--revision-jump is " + jump + "; allowed are " + MIN_REVISION_JUMP + " to " + (1L << 40),
                    null);
        }
    }

    static void requireNewName(String cluster, String old) throws StartException {
        if (cluster.equals(old)) {
            throw new StartException(
                    ExitCode.CONFIGURATION,
                    "the new cluster would be called '" + cluster
                            + "' as the old one, whose servers could join it: give it another name with --cluster-id",
                    null);
        }
    }

    private static SnapshotOrigin origin(String cluster, RestoredSnapshot restored) {
        return new SnapshotOrigin(
                cluster,
                Math.max(1, restored.header().term()),
                Math.max(0, restored.header().index()));
    }
}

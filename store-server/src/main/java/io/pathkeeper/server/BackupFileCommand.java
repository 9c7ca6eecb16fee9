package io.pathkeeper.server;

import io.pathkeeper.server.backup.BackupDifference;
import io.pathkeeper.server.backup.BackupFile;
import io.pathkeeper.server.backup.BackupHead;
import io.pathkeeper.server.snapshot.RestoredSnapshot;
import io.pathkeeper.server.snapshot.SnapshotZnodes;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pathkeeper-server backup}: looks into backups. */
@Command(
        name = "backup",
        header = "Look into a backup that pathctl backup save has written; needs no running server.",
        synopsisSubcommandLabel = "COMMAND",
        usageHelpWidth = 120,
        mixinStandardHelpOptions = true,
        subcommands = {BackupFileCommand.Verify.class, BackupFileCommand.Inspect.class})
final class BackupFileCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "backup needs a command: verify or inspect");
        }
        return ExitCode.CONFIGURATION.number();
    }

    /** {@code pathkeeper-server backup verify}. */
    @Command(
            name = "verify",
            header = "Read all of a backup, as restoring does.",
            description = {
                "Finds what was cut off or changed, and whatever contradicts itself: at the end the state that was read has the digest that the",
                "server had. Needs as much memory as a server of that store. Exit code 5 when the file cannot be used."
            })
    static final class Verify extends OfflineCommand {
        @Parameters(index = "0", paramLabel = "FILE", description = "The backup.")
        private Path file = Path.of("");

        @Override
        void run(PrintStream out) throws IOException {
            BackupFile backup = BackupFile.open(file);
            RestoredSnapshot restored = backup.read(StateLimits.DEFAULT);
            out.println(file + " can be restored");
            describe(out, backup);
            out.println("sessions " + restored.state().sessions().count() + ", locks and elections "
                    + restored.state().locks().count());
            out.println(String.format(
                    Locale.ROOT, "digest %016x", restored.state().digest().digest()));
        }
    }

    private static void describe(PrintStream out, BackupFile backup) {
        BackupHead head = backup.head();
        out.println("cluster " + head.clusterId() + ", server " + head.memberId() + " " + head.serverVersion() + ", "
                + Instant.ofEpochMilli(head.createdAtMillis()));
        out.println("revision " + head.revision() + ", " + head.znodeCount() + " znodes, "
                + OfflineCommand.bytes(backup.fileBytes()) + ", sha256 "
                + HexFormat.of().formatHex(backup.sha256()));
    }

    /** {@code pathkeeper-server backup inspect}. */
    @Command(
            name = "inspect",
            header = "Tell what is in a backup, or how the trees of two differ.",
            description = {
                "With one file: how much is below each child of the root; with --paths every znode with kind, version, revision of its last change and",
                "bytes of its value. With two: + what only the second has, - what only the first has, ~ what differs and in what. Values are not shown."
            })
    static final class Inspect extends OfflineCommand {
        @Parameters(index = "0", paramLabel = "FILE", description = "The backup.")
        private Path file = Path.of("");

        @Parameters(index = "1", arity = "0..1", paramLabel = "FILE2", description = "A later one to compare with.")
        private @Nullable Path second;

        @Option(names = "--paths", description = "List every znode.")
        private boolean paths;

        @Override
        void run(PrintStream out) throws IOException {
            PrintStream lines = new PrintStream(new BufferedOutputStream(out, 64 << 10), false, StandardCharsets.UTF_8);
            BackupFile backup = BackupFile.open(file);
            if (second == null) {
                describe(lines, backup);
                list(lines, backup);
            } else {
                BackupFile other = BackupFile.open(second);
                describe(lines, backup);
                describe(lines, other);
                compare(lines, backup, other);
            }
            lines.flush();
        }

        private void list(PrintStream out, BackupFile backup) throws IOException {
            Map<String, long[]> below = new TreeMap<>();
            try (SnapshotZnodes znodes = backup.znodes()) {
                for (Znode znode = znodes.next(); znode != null; znode = znodes.next()) {
                    if (paths) {
                        out.println(line(znodes.path(), znode));
                    } else if (!znodes.path().isRoot()) {
                        String text = znodes.path().toString();
                        int slash = text.indexOf('/', 1);
                        long[] sum =
                                below.computeIfAbsent(slash < 0 ? text : text.substring(0, slash), name -> new long[2]);
                        sum[0]++;
                        sum[1] += znode.value().length;
                    }
                }
            }
            below.forEach((name, sum) ->
                    out.println(sum[0] + " znodes, " + OfflineCommand.bytes(sum[1]) + " of values\t" + name));
        }

        private static String line(ZnodePath path, Znode znode) {
            return path + "\t" + znode.kind().name().toLowerCase(Locale.ROOT) + "\tversion " + znode.version()
                    + "\trevision " + znode.modifiedRevision() + "\t" + znode.value().length + " bytes";
        }

        private static void compare(PrintStream out, BackupFile first, BackupFile second) throws IOException {
            long[] counts = new long[3];
            BackupDifference.walk(first, second, new BackupDifference.Listener() {
                @Override
                public void added(ZnodePath path, Znode znode) {
                    counts[0]++;
                    out.println("+ " + line(path, znode));
                }

                @Override
                public void removed(ZnodePath path, Znode znode) {
                    counts[1]++;
                    out.println("- " + line(path, znode));
                }

                @Override
                public void changed(ZnodePath path, Znode before, Znode after, List<String> facts) {
                    counts[2]++;
                    out.println("~ " + line(path, after) + "\t" + String.join(", ", facts));
                }
            });
            out.println(counts[0] + " added, " + counts[1] + " removed, " + counts[2] + " changed");
        }
    }
}

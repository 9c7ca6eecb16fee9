package io.pathkeeper.server;

import io.pathkeeper.server.backup.BackupFormatException;
import io.pathkeeper.server.config.ConfigException;
import io.pathkeeper.server.config.ServerConfig;
import io.pathkeeper.server.raft.UnreadableMemberException;
import io.pathkeeper.server.snapshot.SnapshotFormatException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the program does with files, without serving. Ends with the exit codes of the server. */
@Command(sortOptions = false, usageHelpWidth = 120)
abstract class OfflineCommand implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    /** Does the work; what it prints is its result. */
    abstract void run(PrintStream out) throws StartException, IOException;

    @Override
    public final Integer call() throws StartException {
        // libraries tell of files that they make; here that would stand between the lines of the result
        Logging.configure(new ServerConfig.Log("warn", "text", Duration.ofSeconds(1)));
        try {
            run(System.out);
            return ExitCode.OK.number();
        } catch (ConfigException e) {
            throw new StartException(ExitCode.CONFIGURATION, ServerMain.firstLine(e), e);
        } catch (BackupFormatException | SnapshotFormatException | UnreadableMemberException e) {
            throw new StartException(ExitCode.CORRUPT, ServerMain.firstLine(e), e);
        } catch (NoSuchFileException e) {
            throw new StartException(ExitCode.CONFIGURATION, "there is no file " + e.getFile(), e);
        } catch (AccessDeniedException e) {
            throw new StartException(ExitCode.CONFIGURATION, "access to " + e.getFile() + " is denied", e);
        } catch (IOException e) {
            throw new StartException(ExitCode.STORAGE, ServerMain.firstLine(e), e);
        }
    }

    /** Bytes with the unit that leaves one to four digits before the point. */
    static String bytes(long count) {
        return count < 1 << 20 ? count + " bytes" : String.format(Locale.ROOT, "%.1f MiB", count / (double) (1 << 20));
    }
}

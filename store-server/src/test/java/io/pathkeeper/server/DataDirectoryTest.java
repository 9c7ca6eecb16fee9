package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class DataDirectoryTest {
    @TempDir
    private Path temporary;

    private Path dir;

    @BeforeEach
    void name() {
        dir = temporary.resolve("deep/data");
    }

    private static void refuses(Path dir, String clusterId, String memberId, ExitCode code, String... parts) {
        StartException e = catchThrowableOfType(
                StartException.class,
                () -> DataDirectory.open(dir, clusterId, memberId).close());
        assertThat(e).isNotNull();
        assertThat(e.code()).isEqualTo(code);
        assertThat(e.getMessage()).contains(dir.toString()).contains(parts).doesNotContain("\n");
    }

    @Test
    void missingDirectoryIsMadeForItsOwnerAlone() throws Exception {
        DataDirectory.open(dir, "c", "s1").close();

        assertThat(dir.resolve("pathkeeper.properties")).content().contains("cluster.id=c", "member.id=s1", "format=1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir)))
                .isEqualTo("rwx------");
        DataDirectory.open(dir, "c", "s1").close();
    }

    /** A directory that somebody made for it, and files of a server that was started with a careless umask. */
    @Test
    void everythingInTheDirectoryBecomesItsOwnersAlone() throws Exception {
        DataDirectory.open(dir, "c", "s1").close();
        Path inner = Files.createDirectories(dir.resolve("raft/current"));
        Path file = Files.writeString(inner.resolve("log_0-1"), "values");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));

        DataDirectory.open(dir, "c", "s1").close();

        try (var all = Files.walk(dir)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                        .as("%s", each)
                        .isEqualTo(Files.isDirectory(each) ? "rwx------" : "rw-------");
            }
        }
    }

    @Test
    void directoryWithOtherFilesIsRefusedAndLeftAlone() throws IOException {
        Files.createDirectories(dir);
        Files.writeString(dir.resolve("thesis.txt"), "years of work");

        refuses(dir, "c", "s1", ExitCode.DATA_DIRECTORY, "is not empty and not one of ours", "thesis.txt");
        try (var files = Files.list(dir)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void fileInPlaceOfADirectoryIsRefused() throws IOException {
        Files.createDirectories(dir.getParent());
        Files.writeString(dir, "");

        refuses(dir, "c", "s1", ExitCode.DATA_DIRECTORY, "is a file");
    }

    @Test
    void directoryOfAnotherClusterOrMemberIsRefused() throws Exception {
        DataDirectory.open(dir, "c", "s1").close();

        refuses(dir, "d", "s1", ExitCode.DATA_DIRECTORY, "cluster id 'c'", "'d'", "--cluster-id");
        refuses(dir, "c", "s2", ExitCode.DATA_DIRECTORY, "member id 's1'", "'s2'", "--member-id");
    }

    @Test
    void directoryOfAnotherFormatIsRefused() throws Exception {
        DataDirectory.open(dir, "c", "s1").close();
        Files.writeString(dir.resolve("pathkeeper.properties"), "format=2\ncluster.id=c\nmember.id=s1\n");

        refuses(dir, "c", "s1", ExitCode.DATA_DIRECTORY, "format '2'");
    }

    @Test
    void damagedMarkerIsCorruption() throws Exception {
        DataDirectory.open(dir, "c", "s1").close();
        Files.write(dir.resolve("pathkeeper.properties"), new byte[] {(byte) 0xff, (byte) 0xfe, '\\', 'u', 'x'});

        refuses(dir, "c", "s1", ExitCode.CORRUPT, "cannot be read");
    }

    @Test
    void directoryInUseIsRefusedUntilItIsGivenBack() throws Exception {
        DataDirectory first = DataDirectory.open(dir, "c", "s1");
        refuses(dir, "c", "s1", ExitCode.DATA_DIRECTORY, "is used by another process");
        first.close();

        DataDirectory.open(dir, "c", "s1").close();
    }

    @Test
    void startThatWasCutOffBeforeTheMarkerBeginsAnew() throws Exception {
        Files.createDirectories(dir);
        Files.writeString(dir.resolve("pathkeeper.lock"), "");
        Files.writeString(dir.resolve("pathkeeper.properties.tmp"), "format=");

        DataDirectory.open(dir, "c", "s1").close();

        assertThat(dir.resolve("pathkeeper.properties")).content().contains("format=1");
    }
}

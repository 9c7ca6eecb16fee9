package io.pathkeeper.pathctl.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.model.Consistency;
import io.pathkeeper.pathctl.Run;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BackupCommandTest {
    @TempDir
    private Path directory;

    private final Run run = new Run();

    /** A file with the frame of a backup. */
    private static byte[] framed(int version) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("PKBACKUP".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(version)
                .array());
        out.writeBytes(new byte[1000]);
        out.writeBytes("PKBAKEND".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(new byte[8]);
        out.writeBytes(MessageDigest.getInstance("SHA-256").digest(out.toByteArray()));
        return out.toByteArray();
    }

    private long fileCount() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }

    @Test
    void savesAFileThatOnlyItsOwnerMayReadAndTellsWhatItHolds() throws Exception {
        run.tree.backup = framed(1);
        Path file = directory.resolve("a.backup");

        assertThat(run.pathctl("backup", "save", file.toString())).isZero();

        assertThat(file).hasBinaryContent(run.tree.backup);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(run.out())
                .contains("cluster prod at revision 42, 7 znodes, 1.0 KiB in ")
                .contains("sha256 00ff");
        assertThat(run.tree.backups).containsExactly(Consistency.LINEARIZABLE);
        assertThat(fileCount()).isEqualTo(1);
    }

    @Test
    void replacesAFileOnlyWhenForced() throws Exception {
        run.tree.backup = framed(1);
        Path file = Files.writeString(directory.resolve("a.backup"), "mine");

        assertThat(run.pathctl("backup", "save", file.toString())).isEqualTo(4);
        assertThat(run.err).contains("exists already").contains("--force").hasLineCount(1);
        assertThat(file).hasContent("mine");
        assertThat(run.tree.backups).isEmpty();

        assertThat(run.pathctl("backup", "save", "--force", "--local", "-o", "json", file.toString()))
                .isZero();
        assertThat(file).hasBinaryContent(run.tree.backup);
        assertThat(run.out()).contains("\"revision\":42", "\"znodes\":7", "\"sha256\":\"00ff\"");
        assertThat(run.tree.backups).containsExactly(Consistency.LOCAL);
    }

    @Test
    void leavesNothingOfABackupThatFailed() throws IOException {
        Path file = Files.writeString(directory.resolve("a.backup"), "mine");

        assertThat(run.pathctl("backup", "save", "--force", file.toString())).isEqualTo(1);

        assertThat(run.err).contains("damaged on its way").hasLineCount(1);
        assertThat(file).hasContent("mine");
        assertThat(fileCount()).isEqualTo(1);
        assertThat(run.pathctl("backup", "save", directory.resolve("no/where").toString()))
                .isEqualTo(1);
        assertThat(run.err).contains("no such file or directory").hasLineCount(1);
    }

    @Test
    void verifiesTheFrameOfAFile() throws Exception {
        byte[] intact = framed(1);
        Path file = Files.write(directory.resolve("a.backup"), intact);

        assertThat(run.pathctl("backup", "verify", file.toString())).isZero();
        assertThat(run.out())
                .contains("complete")
                .contains(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(intact)));

        for (int length : new int[] {0, 3, 11, 12, 40, intact.length - 49, intact.length - 1}) {
            Files.write(file, Arrays.copyOf(intact, length));
            assertThat(run.pathctl("backup", "verify", file.toString()))
                    .as("cut to %d", length)
                    .isEqualTo(6);
            assertThat(run.err)
                    .contains(length == 0 ? "it is empty" : "cut off")
                    .hasLineCount(1);
        }
        for (int at = 12; at < intact.length; at += 7) {
            byte[] damaged = intact.clone();
            damaged[at] ^= 4;
            Files.write(file, damaged);
            assertThat(run.pathctl("backup", "verify", file.toString()))
                    .as("flip at %d", at)
                    .isEqualTo(6);
        }
        Files.write(file, framed(2));
        assertThat(run.pathctl("backup", "verify", file.toString())).isEqualTo(6);
        assertThat(run.err).contains("format version is 2", "reads up to 1").hasLineCount(1);
        Files.writeString(file, "PKSNAP\r\n and so on");
        assertThat(run.pathctl("backup", "verify", file.toString())).isEqualTo(6);
        assertThat(run.err).contains("something else").hasLineCount(1);
        assertThat(run.pathctl("backup", "verify", directory.resolve("none").toString()))
                .isEqualTo(1);
    }
}

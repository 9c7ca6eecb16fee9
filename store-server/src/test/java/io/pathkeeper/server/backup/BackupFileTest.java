package io.pathkeeper.server.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.server.backup.BackupFormatException.Problem;
import io.pathkeeper.server.snapshot.RandomStates;
import io.pathkeeper.server.snapshot.RestoredSnapshot;
import io.pathkeeper.server.snapshot.SnapshotOrigin;
import io.pathkeeper.server.snapshot.SnapshotWriter;
import io.pathkeeper.server.state.PinnedState;
import io.pathkeeper.server.state.StateLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BackupFileTest {
    private static final SnapshotOrigin ORIGIN = new SnapshotOrigin("c1", 3, 900);

    @TempDir
    static Path directory;

    private static final PinnedState STATE = RandomStates.state(77, 900).pin();
    /** Offsets behind the head, the header of the snapshot and each of its blocks. */
    private static final List<Integer> BORDERS = new ArrayList<>();

    private static byte[] intact = {};
    private static byte[] sha256 = {};

    @BeforeAll
    static void writeOne() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (BackupStream stream = stream(STATE)) {
            for (byte[] part = stream.next(); part != null; part = stream.next()) {
                assertThat(part).isNotEmpty();
                out.writeBytes(part);
            }
            sha256 = stream.sha256();
            assertThat(stream.fileBytes()).isEqualTo(out.size());
        }
        intact = out.toByteArray();
        ByteBuffer numbers = ByteBuffer.wrap(intact).order(ByteOrder.LITTLE_ENDIAN);
        int at = numbers.getInt(12) + 20;
        BORDERS.add(at);
        at += numbers.getInt(at + 12) + 20;
        while (at < intact.length - 48) {
            BORDERS.add(at);
            at += 28 + numbers.getInt(at + 16);
        }
        assertThat(at).isEqualTo(intact.length - 48);
        BORDERS.add(at);
    }

    private static BackupStream stream(PinnedState state) {
        BackupHead head = new BackupHead(
                "c1", "s2", "1.2.3", state.view().revision(), state.view().znodeCount(), 1_800_000_000_000L);
        return new BackupStream(head, state, ORIGIN);
    }

    private static Path file(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("backup"), bytes);
    }

    private static void requireRefused(byte[] bytes, String what, Problem... problems) throws IOException {
        Path file = file(bytes);
        assertThatThrownBy(() -> BackupFile.open(file))
                .as(what)
                .isInstanceOfSatisfying(
                        BackupFormatException.class,
                        e -> assertThat(e.problem()).isIn((Object[]) problems))
                .hasMessageContaining(file.toString());
    }

    @Test
    void tellsWhatItIsAndReadsTheSameState() throws IOException {
        BackupFile backup = BackupFile.open(file(intact));
        RestoredSnapshot restored = backup.read(StateLimits.DEFAULT);

        assertThat(backup.head().clusterId()).isEqualTo("c1");
        assertThat(backup.head().memberId()).isEqualTo("s2");
        assertThat(backup.head().serverVersion()).isEqualTo("1.2.3");
        assertThat(backup.head().revision()).isEqualTo(STATE.view().revision());
        assertThat(backup.head().createdAtMillis()).isEqualTo(1_800_000_000_000L);
        assertThat(backup.fileBytes()).isEqualTo(intact.length);
        assertThat(restored.state().digest().digest()).isEqualTo(STATE.digest());
        assertThat(restored.header().index()).isEqualTo(900);
        assertThat(restored.state().view().znodeCount()).isEqualTo(backup.head().znodeCount());
    }

    @Test
    void hasTheChecksumThatEveryOtherProgramComputes() throws Exception {
        byte[] computed = MessageDigest.getInstance("SHA-256").digest(intact);

        assertThat(sha256).isEqualTo(computed);
        assertThat(BackupFile.open(file(intact)).sha256()).isEqualTo(computed);
    }

    @Test
    void refusesAFileThatEndsTooEarlyWhereverItEnds() throws IOException {
        assertThat(BORDERS).hasSizeGreaterThan(6);
        for (int border : BORDERS) {
            requireRefused(Arrays.copyOf(intact, border), "cut to " + border, Problem.INCOMPLETE);
        }
        for (int length = 0; length < 200; length++) {
            requireRefused(Arrays.copyOf(intact, length), "cut to " + length, Problem.INCOMPLETE);
            int late = intact.length - 1 - length;
            requireRefused(Arrays.copyOf(intact, late), "cut to " + late, Problem.INCOMPLETE);
        }
    }

    @Test
    void refusesEveryFlippedByte() throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            byte[] damaged = intact.clone();
            int at = i < 200 ? i : i < 300 ? damaged.length - 1 - (i - 200) : random.nextInt(damaged.length);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            requireRefused(
                    damaged,
                    "flip at byte " + at,
                    Problem.DAMAGED,
                    at < 8 ? Problem.NO_BACKUP : at < 12 ? Problem.NEWER : Problem.INCOMPLETE);
        }
    }

    @Test
    void refusesSurplusBytesAndABackupBehindAnother() throws IOException {
        requireRefused(Arrays.copyOf(intact, intact.length + 1), "a byte more", Problem.INCOMPLETE);
        byte[] twice = Arrays.copyOf(intact, intact.length * 2);
        System.arraycopy(intact, 0, twice, intact.length, intact.length);
        requireRefused(twice, "twice", Problem.DAMAGED);
    }

    @Test
    void tellsANewerVersionFromDamageAndOtherFilesFromBoth() throws IOException {
        byte[] newer = intact.clone();
        ByteBuffer.wrap(newer).order(ByteOrder.LITTLE_ENDIAN).putInt(8, BackupHead.formatVersion() + 1);
        requireRefused(newer, "newer", Problem.NEWER);
        assertThatThrownBy(() -> BackupFile.open(file(newer)))
                .hasMessageContaining("format version is 2")
                .hasMessageContaining("reads up to 1");
        requireRefused("#!/bin/sh\nexit 0\n".getBytes(StandardCharsets.US_ASCII), "a script", Problem.NO_BACKUP);
        requireRefused("X".getBytes(StandardCharsets.US_ASCII), "one byte", Problem.NO_BACKUP);

        Path snapshot = directory.resolve("snapshot");
        SnapshotWriter.write(STATE, ORIGIN, snapshot, directory, () -> false);

        assertThatThrownBy(() -> BackupFile.open(snapshot))
                .isInstanceOf(BackupFormatException.class)
                .hasMessageContaining("snapshot out of a server's data directory");
        assertThatThrownBy(() -> BackupFile.open(directory.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    /** What the checksum cannot find: a file that was made wrong. */
    @Test
    void refusesASnapshotInsideThatContradictsItselfAndOneOfANewerRelease() throws Exception {
        int head = ByteBuffer.wrap(intact).order(ByteOrder.LITTLE_ENDIAN).getInt(12) + 20;
        byte[] other = intact.clone();
        other[intact.length - 100] ^= 1;
        BackupFile damaged = BackupFile.open(file(sealed(other)));
        assertThatThrownBy(() -> damaged.read(StateLimits.DEFAULT))
                .isInstanceOfSatisfying(
                        BackupFormatException.class,
                        e -> assertThat(e.problem()).isEqualTo(Problem.DAMAGED));

        byte[] newer = intact.clone();
        ByteBuffer.wrap(newer).order(ByteOrder.LITTLE_ENDIAN).putInt(head + 8, 99);
        BackupFile later = BackupFile.open(file(sealed(newer)));
        assertThatThrownBy(() -> later.read(StateLimits.DEFAULT))
                .isInstanceOfSatisfying(
                        BackupFormatException.class,
                        e -> assertThat(e.problem()).isEqualTo(Problem.NEWER))
                .hasMessageContaining("format version is 99");
    }

    /** With a checksum that is right again. */
    private static byte[] sealed(byte[] bytes) throws Exception {
        int end = bytes.length - 32;
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Arrays.copyOf(bytes, end));
        System.arraycopy(digest, 0, bytes, end, 32);
        return bytes;
    }

    @Test
    void believesNoLengthInADamagedHead() throws IOException {
        byte[] long1 = intact.clone();
        ByteBuffer.wrap(long1).order(ByteOrder.LITTLE_ENDIAN).putInt(12, Integer.MAX_VALUE);
        requireRefused(long1, "a long head", Problem.DAMAGED);
        byte[] texts = intact.clone();
        texts[16] = 0x7f;
        ByteBuffer numbers = ByteBuffer.wrap(texts).order(ByteOrder.LITTLE_ENDIAN);
        int body = numbers.getInt(12);
        CRC32C crc = new CRC32C();
        crc.update(texts, 0, 16 + body);
        numbers.putInt(16 + body, (int) crc.getValue());
        requireRefused(sealedQuietly(texts), "a long text", Problem.DAMAGED);
    }

    private static byte[] sealedQuietly(byte[] bytes) {
        try {
            return sealed(bytes);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}

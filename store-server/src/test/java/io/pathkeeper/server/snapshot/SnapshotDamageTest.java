package io.pathkeeper.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.server.state.StateLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class SnapshotDamageTest {
    @TempDir
    static Path directory;

    private static byte[] intact = {};

    @BeforeAll
    static void writeOne() throws IOException {
        SnapshotSummary written = SnapshotWriter.write(
                RandomStates.state(77, 900).pin(),
                new SnapshotOrigin("c1", 3, 900),
                directory.resolve("intact"),
                directory,
                () -> false);
        intact = Files.readAllBytes(written.file());
    }

    @Test
    void findsEveryFlippedByte() throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            byte[] damaged = intact.clone();
            // the first and the last bytes have a meaning each: all of them, then any
            int at = i < 200 ? i : i < 400 ? damaged.length - 1 - (i - 200) : random.nextInt(damaged.length);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            requireRefused(damaged, "flip at byte " + at);
        }
    }

    @Test
    void findsEveryTruncation() throws IOException {
        Random random = new Random(2);
        for (int i = 0; i < 1000; i++) {
            int length = i < 200 ? i : i < 400 ? intact.length - 1 - (i - 200) : random.nextInt(intact.length);
            requireRefused(Arrays.copyOf(intact, length), "cut to " + length);
        }
    }

    @Test
    void findsOverwrittenStretchesAndSurplusBytes() throws IOException {
        Random random = new Random(3);
        for (int i = 0; i < 500; i++) {
            byte[] damaged = intact.clone();
            int from = random.nextInt(damaged.length - 1);
            int to = Math.min(damaged.length, from + 1 + random.nextInt(4096));
            Arrays.fill(damaged, from, to, (byte) (random.nextBoolean() ? 0 : 0xff));
            if (!Arrays.equals(damaged, intact)) {
                requireRefused(damaged, "bytes " + from + " to " + to);
            }
        }
        requireRefused(Arrays.copyOf(intact, intact.length + 1), "a byte behind the end");
        byte[] twice = Arrays.copyOf(intact, intact.length * 2);
        System.arraycopy(intact, 0, twice, intact.length, intact.length);
        requireRefused(twice, "the whole file twice");
    }

    @Test
    void findsAMissingBlockEvenWhenEveryBlockIsIntact() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(intact).order(ByteOrder.LITTLE_ENDIAN);
        int first = SnapshotFormat.HEADER_PREFIX_BYTES + bytes.getInt(12) + 4;
        int second = first + SnapshotFormat.BLOCK_HEADER_BYTES + bytes.getInt(first + 16);
        ByteArrayOutputStream without = new ByteArrayOutputStream();
        without.write(intact, 0, first);
        without.write(intact, second, intact.length - second);
        requireRefused(without.toByteArray(), "without its first block");
    }

    @Test
    void findsRandomBytesBehindAGoodHeaderWithoutUsingMuchMemory() throws IOException {
        Random random = new Random(4);
        for (int i = 0; i < 300; i++) {
            byte[] garbage = new byte[random.nextInt(2000)];
            random.nextBytes(garbage);
            int kept = random.nextInt(200);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(intact, 0, kept);
            bytes.write(garbage);
            requireRefused(bytes.toByteArray(), kept + " good bytes, " + garbage.length + " random ones");
        }
    }

    @Test
    void refusesContradictionsThatHaveRightChecksums() throws IOException {
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 500; i++) {
            byte[] changed = resealed(intact, random);
            Path file = Files.write(directory.resolve("resealed"), changed);
            try {
                SnapshotReader.read(file, StateLimits.DEFAULT);
            } catch (SnapshotFormatException e) {
                refused++;
                assertThat(e.file()).isEqualTo(file);
            }
        }
        assertThat(refused).isEqualTo(500); // the checksum of the whole file finds what nothing else does
    }

    @Test
    void namesFileAndPlaceAndWhatWasExpected() throws IOException {
        byte[] damaged = intact.clone();
        damaged[damaged.length / 2] ^= 1;
        Path file = Files.write(directory.resolve("named"), damaged);
        assertThatThrownBy(() -> SnapshotReader.read(file, StateLimits.DEFAULT))
                .isInstanceOfSatisfying(SnapshotFormatException.class, e -> {
                    assertThat(e.file()).isEqualTo(file);
                    assertThat(e.position()).isBetween(16L, (long) damaged.length);
                    assertThat(e).hasMessageContaining(file.toString()).hasMessageContaining("checksum of the block");
                });
    }

    @Test
    void tellsANewerVersionFromDamage() throws IOException {
        byte[] newer = intact.clone();
        newer[8] = 3;
        Path file = Files.write(directory.resolve("newer"), newer);
        assertThatThrownBy(() -> SnapshotHeader.read(file))
                .isInstanceOfSatisfying(
                        SnapshotVersionException.class,
                        e -> assertThat(e.version()).isEqualTo(3))
                .hasMessageContaining("version is 3")
                .hasMessageContaining("start a release at least as new");
        assertThatThrownBy(() -> SnapshotReader.read(file, StateLimits.DEFAULT))
                .isInstanceOf(SnapshotVersionException.class);
    }

    @Test
    void refusesOtherFilesAndTellsOfMissingOnes() throws IOException {
        requireRefused(new byte[0], "an empty file");
        requireRefused("not a snapshot, but long enough to be one".getBytes(StandardCharsets.UTF_8), "text");
        assertThatThrownBy(() -> SnapshotHeader.read(directory.resolve("missing")))
                .isInstanceOf(NoSuchFileException.class);
    }

    private static void requireRefused(byte[] bytes, String what) throws IOException {
        Path file = Files.write(directory.resolve("damaged"), bytes);
        assertThatThrownBy(() -> SnapshotReader.read(file, StateLimits.DEFAULT))
                .as(what)
                .isInstanceOf(SnapshotFormatException.class);
    }

    /** Changes bytes of one stored block, or turns a compressed one into noise, and makes the block's own checksums right again. */
    private static byte[] resealed(byte[] original, Random random) {
        byte[] changed = original.clone();
        ByteBuffer bytes = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
        int at = SnapshotFormat.HEADER_PREFIX_BYTES + bytes.getInt(12) + 4;
        for (int skip = random.nextInt(6); skip > 0; skip--) {
            int next = at + SnapshotFormat.BLOCK_HEADER_BYTES + bytes.getInt(at + 16);
            at = next < changed.length ? next : at;
        }
        int content = at + SnapshotFormat.BLOCK_HEADER_BYTES;
        int length = bytes.getInt(at + 16);
        int place = random.nextInt(length);
        changed[content + place] ^= (byte) (1 << random.nextInt(8));
        CRC32C crc = new CRC32C();
        crc.update(changed, content, length);
        bytes.putInt(at + 20, (int) crc.getValue());
        crc.reset();
        crc.update(changed, at, SnapshotFormat.BLOCK_HEADER_CHECKED_BYTES);
        bytes.putInt(at + SnapshotFormat.BLOCK_HEADER_CHECKED_BYTES, (int) crc.getValue());
        return changed;
    }
}

package io.pathkeeper.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.server.encoding.ByteSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BlockReaderTest {
    @TempDir
    Path directory;

    @Test
    void readsBackRecordsOfEverySize() throws IOException {
        Random random = new Random(1);
        List<byte[]> records = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            records.add(record(random, random.nextInt(600), random.nextBoolean()));
        }
        records.add(record(random, 1 << 20, true));
        records.add(record(random, 3 << 20, false));
        records.add(record(random, 1, false));
        Path file = write(records);
        assertThat(read(file)).usingElementComparator(java.util.Arrays::compare).containsExactlyElementsOf(records);
    }

    @Test
    void storesWhatDoesNotShrinkAndCompressesWhatDoes() throws IOException {
        Random random = new Random(2);
        List<byte[]> text = new ArrayList<>();
        List<byte[]> noise = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            text.add(record(random, 10_000, true));
            noise.add(record(random, 10_000, false));
        }
        assertThat(Files.size(write(text))).isLessThan(200_000);
        assertThat(Files.size(write(noise))).isBetween(1_000_000L, 1_000_600L);
    }

    @Test
    void compressesAgainAfterAStretchThatDidNotShrink() throws IOException {
        Random random = new Random(3);
        List<byte[]> records = new ArrayList<>();
        records.add(record(random, SnapshotFormat.BLOCK_BYTES, false));
        for (int i = 0; i < 40; i++) {
            records.add(record(random, SnapshotFormat.BLOCK_BYTES, true));
        }
        Path file = write(records);
        assertThat(Files.size(file)).isBetween(16L * SnapshotFormat.BLOCK_BYTES, 17L * SnapshotFormat.BLOCK_BYTES);
        assertThat(read(file)).hasSize(41);
    }

    @Test
    void refusesBlocksThatAreMissingRepeatedOrExchanged() throws IOException {
        Random random = new Random(4);
        List<byte[]> records = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            records.add(record(random, SnapshotFormat.BLOCK_BYTES, false));
        }
        byte[] whole = Files.readAllBytes(write(records));
        int block = whole.length / 4;
        int[][] orders = {{1, 2, 3}, {0, 2, 3}, {0, 0, 1, 2, 3}, {0, 2, 1, 3}};
        for (int[] order : orders) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int number : order) {
                bytes.write(whole, number * block, block);
            }
            Path file = Files.write(directory.resolve("shuffled"), bytes.toByteArray());
            assertThatThrownBy(() -> read(file))
                    .isInstanceOf(SnapshotFormatException.class)
                    .hasMessageMatching(".*block \\d is expected, this is block \\d");
        }
    }

    @Test
    void refusesLengthsThatAreTooLargeBeforeAllocatingThem() throws IOException {
        byte[] whole = Files.readAllBytes(write(List.of(new byte[100])));
        assertThatThrownBy(() -> read(withLengths(whole, Integer.MAX_VALUE, 100)))
                .isInstanceOf(SnapshotFormatException.class)
                .hasMessageContaining("raw length is 2147483647");
        assertThatThrownBy(() -> read(withLengths(whole, 100, -1))).isInstanceOf(SnapshotFormatException.class);
        assertThatThrownBy(() -> read(withLengths(whole, SnapshotFormat.MAX_BLOCK_BYTES, 4)))
                .isInstanceOf(SnapshotFormatException.class)
                .hasMessageContaining("4 stored bytes cannot be");
        assertThatThrownBy(() -> read(withLengths(whole, 200_000_000, 190_000_000)))
                .isInstanceOf(SnapshotFormatException.class)
                .hasMessageContaining("needs 190000000 bytes");
    }

    /** Claims other lengths of the only block, with a header that has the right checksum. */
    private Path withLengths(byte[] original, int rawLength, int storedLength) throws IOException {
        byte[] changed = original.clone();
        ByteBuffer header = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(12, rawLength);
        header.putInt(16, storedLength);
        CRC32C crc = new CRC32C();
        crc.update(changed, 0, SnapshotFormat.BLOCK_HEADER_CHECKED_BYTES);
        header.putInt(SnapshotFormat.BLOCK_HEADER_CHECKED_BYTES, (int) crc.getValue());
        return Files.write(directory.resolve("lengths"), changed);
    }

    private Path write(List<byte[]> records) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (BlockWriter writer = new BlockWriter(out)) {
            writer.begin(SnapshotFormat.SECTION_ZNODES);
            for (byte[] record : records) {
                ByteSink sink = writer.sink();
                sink.putBytes(record);
                writer.endRecord();
            }
            writer.endBlock();
        }
        return Files.write(directory.resolve("blocks"), out.toByteArray());
    }

    private List<byte[]> read(Path file) throws IOException {
        List<byte[]> records = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(file)) {
            SnapshotInput input = new SnapshotInput(file, channel);
            try (BlockReader reader = new BlockReader(input)) {
                while (input.remaining() > 0) {
                    BlockReader.Block block = reader.next();
                    for (int i = 0; i < block.records(); i++) {
                        records.add(block.source().getBytes("record"));
                    }
                    block.source().requireEnd();
                }
            }
        } catch (io.pathkeeper.server.encoding.CorruptBytesException e) {
            throw new AssertionError("the block's checksum was right and its content was not", e);
        }
        return records;
    }

    private static byte[] record(Random random, int length, boolean compressible) {
        byte[] record = new byte[length];
        random.nextBytes(record);
        for (int i = 0; compressible && i < length; i++) {
            record[i] = (byte) ('a' + (i + record[0]) % 7);
        }
        return record;
    }
}

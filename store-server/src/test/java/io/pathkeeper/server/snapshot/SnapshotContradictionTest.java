package io.pathkeeper.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.PinnedState;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.state.StoreState;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueEncoding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What no checksum finds: files whose records were changed before all checksums were computed. */
@Timeout(180)
class SnapshotContradictionTest {
    private static final int TRIES = 1500;

    @TempDir
    Path directory;

    private List<String> original = List.of();
    private byte[] header = {};
    private final List<RawBlock> blocks = new ArrayList<>();

    private record RawBlock(int section, int records, byte[] raw) {}

    @BeforeEach
    void writeOne() throws IOException {
        write(RandomStates.state(31, 400).pin());
    }

    private void write(PinnedState pinned) throws IOException {
        blocks.clear();
        original = StateText.of(pinned);
        SnapshotOrigin origin = new SnapshotOrigin("c1", 3, 900);
        Path file = SnapshotWriter.write(pinned, origin, directory.resolve("intact"), directory, () -> false)
                .file();
        header = SnapshotHeader.of(origin, pinned).toBytes();
        try (FileChannel channel = FileChannel.open(file)) {
            SnapshotInput input = new SnapshotInput(file, channel);
            SnapshotHeader.read(input);
            try (BlockReader reader = new BlockReader(input)) {
                while (input.remaining() > 0) {
                    BlockReader.Block block = reader.next();
                    ByteSource source = block.source();
                    blocks.add(new RawBlock(
                            block.section(), block.records(), source.getRaw(source.remaining(), "a block")));
                }
            }
        } catch (CorruptBytesException e) {
            throw new AssertionError("an intact file was found to be damaged", e);
        }
    }

    @Test
    void readsWhatTheHelperOfThisTestSealsUnchanged() throws IOException {
        Path file = Files.write(directory.resolve("same"), sealed(blocks));
        assertThat(StateText.of(
                        SnapshotReader.read(file, StateLimits.DEFAULT).state().pin()))
                .isEqualTo(original);
    }

    /** Version 1 had no sessions and no locks; nothing else is different. */
    @Test
    void readsAFileOfTheVersionBeforeSessions() throws IOException {
        StoreState state = StoreState.create(StateLimits.DEFAULT);
        state.beginEntry(1, 1, 1);
        for (String path : List.of("/a", "/a/b", "/c")) {
            state.apply(
                    new Command.Set(ZnodePath.parse(path), ValueEncoding.ofNull(), "", -1, -1, true, false, false),
                    new RequestId("client", path.length(), 1));
        }
        state.endEntry();
        write(state.pin());
        ByteBuffer old = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        old.putInt(SnapshotFormat.MAGIC.length, 1);
        CRC32C crc = new CRC32C();
        crc.update(header, 0, header.length - 4);
        old.putInt(header.length - 4, (int) crc.getValue());

        Path file = Files.write(directory.resolve("old"), sealed(blocks));
        assertThat(StateText.of(
                        SnapshotReader.read(file, StateLimits.DEFAULT).state().pin()))
                .isEqualTo(original);
    }

    @Test
    void refusesEveryChangedFactOfTreeSessionsAndLocks() throws IOException {
        Random random = new Random(6);
        int refused = 0;
        for (int i = 0; i < TRIES; i++) {
            int section = i % 3 == 0
                    ? SnapshotFormat.SECTION_ZNODES
                    : i % 3 == 1 ? SnapshotFormat.SECTION_SESSIONS : SnapshotFormat.SECTION_LOCKS;
            Path file = Files.write(directory.resolve("changed"), sealed(mutated(section, random)));
            try {
                RestoredSnapshot restored = SnapshotReader.read(file, StateLimits.DEFAULT);
                // the same number may be written in another way; then nothing was changed
                assertThat(StateText.of(restored.state().pin())).as("try %d", i).isEqualTo(original);
            } catch (SnapshotFormatException e) {
                refused++;
            } catch (RuntimeException e) {
                fail("try " + i, e);
            }
        }
        assertThat(refused).isGreaterThan(TRIES * 9 / 10);
    }

    @Test
    void refusesOrReadsChangedClientsAndHistory() throws IOException {
        Random random = new Random(7);
        int refused = 0;
        for (int i = 0; i < TRIES; i++) {
            int section = (i & 1) == 0 ? SnapshotFormat.SECTION_CLIENTS : SnapshotFormat.SECTION_HISTORY;
            Path file = Files.write(directory.resolve("changed"), sealed(mutated(section, random)));
            try {
                assertThat(SnapshotReader.read(file, StateLimits.DEFAULT)
                                .state()
                                .view())
                        .isNotNull();
            } catch (SnapshotFormatException e) {
                refused++;
            } catch (RuntimeException e) {
                fail("try " + i, e);
            }
        }
        assertThat(refused).isGreaterThan(TRIES / 4);
    }

    private List<RawBlock> mutated(int section, Random random) {
        List<RawBlock> changed = new ArrayList<>();
        for (RawBlock block : blocks) {
            byte[] raw = block.raw().clone();
            if (block.section() == section) {
                int at = random.nextInt(raw.length);
                raw[at] = (byte) (random.nextBoolean() ? raw[at] ^ (1 << random.nextInt(8)) : random.nextInt());
            }
            changed.add(new RawBlock(block.section(), block.records(), raw));
        }
        return changed;
    }

    /** A file of these blocks in which every checksum, also that of the whole file, is right. */
    private byte[] sealed(List<RawBlock> content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(header);
        try (BlockWriter writer = new BlockWriter(out)) {
            for (RawBlock block : content) {
                byte[] raw = block.raw();
                if (block.section() == SnapshotFormat.SECTION_TRAILER) {
                    raw = trailerFor(raw, out.toByteArray());
                }
                writer.begin(block.section());
                for (int i = 1; i < block.records(); i++) {
                    writer.endRecord(); // only counted: all the bytes follow
                }
                writer.sink().putRaw(raw, 0, raw.length);
                writer.endRecord();
                writer.endBlock();
            }
        }
        return out.toByteArray();
    }

    private static byte[] trailerFor(byte[] old, byte[] before) {
        CRC32C crc = new CRC32C();
        crc.update(before);
        ByteSink sink = new ByteSink(old.length);
        byte[] kept = Arrays.copyOf(old, old.length - 12);
        sink.putRaw(kept, 0, kept.length);
        sink.putFixed64(before.length);
        sink.putFixed32((int) crc.getValue());
        return sink.toByteArray();
    }
}

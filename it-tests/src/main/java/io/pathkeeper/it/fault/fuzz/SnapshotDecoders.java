package io.pathkeeper.it.fault.fuzz;

import io.pathkeeper.it.fault.fuzz.Decoder.Allowance;
import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.snapshot.SnapshotOrigin;
import io.pathkeeper.server.snapshot.SnapshotReader;
import io.pathkeeper.server.snapshot.SnapshotWriter;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.state.StoreState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Snapshot files. {@code snapshot} takes files as they come, of which the checksums stop nearly all; {@code snapshot-content} takes what stands in the blocks, and
 * makes a file of it in which all checksums, lengths and numbers of blocks are right, so that the decoders behind them are reached.
 */
final class SnapshotDecoders {
    private static final Set<String> REFUSALS = Set.of("io.pathkeeper.server.snapshot.SnapshotFormatException");
    /** A block is unpacked at once, and an empty state has tables of its own. */
    private static final Allowance ALLOWANCE = new Allowance(8 << 20, 2_048);

    private static final int PREFIX_BYTES = 16;
    private static final int BLOCK_HEADER_BYTES = 28;
    private static final int TRAILER = 127;
    /** Position and checksum at the end of the trailer. */
    private static final int TRAILER_TAIL_BYTES = 12;

    private SnapshotDecoders() {}

    static Decoder file(Path directory) {
        Path file = directory.resolve("snapshot");
        byte[] valid = valid(directory);
        return new Decoder("snapshot", List.of(valid), REFUSALS, ALLOWANCE, input -> {
            Files.write(file, input);
            SnapshotReader.read(file, StateLimits.DEFAULT);
            if (!Arrays.equals(input, valid)) {
                throw new BrokenPromiseException("a damaged snapshot is accepted");
            }
        });
    }

    static Decoder content(Path directory) {
        Path file = directory.resolve("snapshot-content");
        byte[] valid = valid(directory);
        byte[] header = header(valid);
        return new Decoder("snapshot-content", List.of(content(valid)), REFUSALS, ALLOWANCE, input -> {
            Files.write(file, assembled(header, input));
            SnapshotReader.read(file, StateLimits.DEFAULT);
        });
    }

    /** A snapshot of a state that has something of everything. */
    private static byte[] valid(Path directory) {
        StoreState state = StoreState.create(StateLimits.DEFAULT);
        long millis = 1_000;
        for (int round = 0; round < 3; round++) {
            for (Command command : ProductSeeds.commands()) {
                if (command instanceof Command.CheckDigest) {
                    continue; // of another state
                }
                state.beginEntry(1, millis, millis);
                state.apply(command, new RequestId("client-" + round, millis, 0));
                state.endEntry();
                millis += 10;
            }
        }
        Path file = directory.resolve("valid-snapshot");
        try {
            SnapshotWriter.write(state.pin(), new SnapshotOrigin("fuzz", 3, 77), file, directory, () -> false);
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] header(byte[] file) {
        return Arrays.copyOf(file, headerBytes(file));
    }

    private static int headerBytes(byte[] file) {
        return PREFIX_BYTES + fixed32(file, PREFIX_BYTES - 4) + 4;
    }

    private static int fixed32(byte[] bytes, int at) {
        try {
            return new ByteSource(bytes, at, 4).getFixed32();
        } catch (CorruptBytesException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What stands in the blocks: {@code (section(1) varint(records) varint(bytes) bytes)*}. */
    private static byte[] content(byte[] file) {
        ByteSink content = new ByteSink(file.length * 4);
        for (int at = headerBytes(file); at < file.length; ) {
            int raw = fixed32(file, at + 12);
            int stored = fixed32(file, at + 16);
            byte[] bytes = Arrays.copyOfRange(file, at + BLOCK_HEADER_BYTES, at + BLOCK_HEADER_BYTES + stored);
            content.putByte(file[at + 1]);
            content.putVarint(fixed32(file, at + 8));
            content.putBytes(file[at + 2] == 0 ? bytes : inflated(bytes, raw));
            at += BLOCK_HEADER_BYTES + stored;
        }
        return content.toByteArray();
    }

    private static byte[] inflated(byte[] bytes, int length) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(bytes);
            byte[] raw = new byte[length];
            inflater.inflate(raw);
            return raw;
        } catch (DataFormatException e) {
            throw new IllegalStateException(e);
        } finally {
            inflater.end();
        }
    }

    /** A file of such blocks; what cannot be told apart into blocks is left out. */
    private static byte[] assembled(byte[] header, byte[] content) {
        ByteSink file = new ByteSink(header.length + content.length + 256);
        file.putRaw(header, 0, header.length);
        ByteSource source = new ByteSource(content);
        try {
            for (int number = 0; source.remaining() > 0; number++) {
                int section = source.getByte();
                int records = (int) source.getVarint();
                byte[] bytes = source.getRaw(source.getInt(source.remaining(), "bytes of a block"), "block");
                if (section == TRAILER && bytes.length > TRAILER_TAIL_BYTES) {
                    correctTail(bytes, file);
                }
                putBlock(file, number, section, records, bytes);
            }
        } catch (CorruptBytesException e) {
            return file.toByteArray();
        }
        return file.toByteArray();
    }

    private static void correctTail(byte[] trailer, ByteSink file) {
        ByteSink tail = new ByteSink(TRAILER_TAIL_BYTES);
        tail.putFixed64(file.size());
        tail.putFixed32(checksum(file.toByteArray()));
        System.arraycopy(tail.toByteArray(), 0, trailer, trailer.length - TRAILER_TAIL_BYTES, TRAILER_TAIL_BYTES);
    }

    private static void putBlock(ByteSink file, int number, int section, int records, byte[] bytes) {
        ByteSink header = new ByteSink(BLOCK_HEADER_BYTES);
        header.putByte('B');
        header.putByte(section);
        header.putByte(0);
        header.putByte(0);
        header.putFixed32(number);
        header.putFixed32(records);
        header.putFixed32(bytes.length);
        header.putFixed32(bytes.length);
        header.putFixed32(checksum(bytes));
        header.putFixed32(checksum(header.toByteArray()));
        file.putRaw(header.toByteArray(), 0, BLOCK_HEADER_BYTES);
        file.putRaw(bytes, 0, bytes.length);
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}

package io.pathkeeper.it.fault.fuzz;

import io.pathkeeper.it.fault.fuzz.Decoder.Allowance;
import io.pathkeeper.server.encoding.ByteSink;
import java.io.File;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.SizeInBytes;

/**
 * Files of the log, as Ratis reads them when a server starts, and what the state machine then reads of each entry. {@code log-file} takes files as they come, {@code
 * log-entry} single entries of Ratis, to which a right checksum is added.
 */
final class RaftLogDecoders {
    private static final String SEGMENTED = "org.apache.ratis.server.raftlog.segmented.";
    private static final byte[] HEAD = "RaftLog1".getBytes(StandardCharsets.UTF_8);
    private static final SizeInBytes LARGEST_ENTRY = SizeInBytes.valueOf("16MB");
    private static final long FIRST_INDEX = 7;
    private static final Class<?> PLACE = Hidden.type(SEGMENTED + "LogSegmentStartEnd");
    private static final MethodHandle OPEN_FROM =
            Hidden.method(SEGMENTED + "LogSegmentStartEnd", "valueOf", long.class);
    private static final MethodHandle READ = Hidden.method(
            SEGMENTED + "LogSegment",
            "readSegmentFile",
            File.class,
            PLACE,
            SizeInBytes.class,
            CorruptionPolicy.class,
            Hidden.type("org.apache.ratis.server.metrics.SegmentedRaftLogMetrics"),
            Consumer.class);

    /**
     * Ratis refuses with exceptions of I/O, or says that a state is illegal, which nobody else may; entries that are not ours are refused by our own reader.
     */
    private static final Set<String> REFUSALS = Set.of(
            "java.io.IOException",
            RefusedException.NAME,
            "io.pathkeeper.server.encoding.CorruptBytesException",
            "io.pathkeeper.server.raft.CorruptEntryException");

    /** Ratis reads through a buffer, and an entry's length is believed up to the largest entry. */
    private static final Allowance ALLOWANCE = new Allowance(40 << 20, 1_024);

    private RaftLogDecoders() {}

    /** Reads what a server's state machine gets of an entry. */
    @FunctionalInterface
    interface EntryReader {
        void read(byte[] entry) throws Throwable;
    }

    static Decoder file(Path directory) {
        Path file = directory.resolve("log_inprogress_" + FIRST_INDEX);
        ByteSink two = new ByteSink(1024);
        two.putRaw(HEAD, 0, HEAD.length);
        put(two, entry(FIRST_INDEX, 1).toByteArray());
        put(two, entry(FIRST_INDEX + 1, 2).toByteArray());
        byte[] whole = two.toByteArray();
        return new Decoder(
                "log-file",
                List.of(whole, Arrays.copyOf(whole, whole.length + 64), HEAD),
                REFUSALS,
                ALLOWANCE,
                input -> read(file, input, StoredDecoders::walk));
    }

    static Decoder entry(Path directory) {
        return entry(directory, StoredDecoders::walk);
    }

    /** With another reader of our own, in which a test plants its fault. */
    static Decoder entry(Path directory, EntryReader reader) {
        Path file = directory.resolve("log_inprogress_entry_" + FIRST_INDEX);
        return new Decoder(
                "log-entry",
                List.of(
                        entry(FIRST_INDEX, 1).toByteArray(),
                        entry(FIRST_INDEX, 3).toByteArray()),
                REFUSALS,
                ALLOWANCE,
                input -> {
                    ByteSink bytes = new ByteSink(input.length + 32);
                    bytes.putRaw(HEAD, 0, HEAD.length);
                    put(bytes, input);
                    read(file, bytes.toByteArray(), reader);
                });
    }

    private static LogEntryProto entry(long index, int segments) {
        return LogEntryProto.newBuilder()
                .setTerm(2)
                .setIndex(index)
                .setStateMachineLogEntry(StateMachineLogEntryProto.newBuilder()
                        .setLogData(ByteString.copyFrom(StoredDecoders.entry(segments)))
                        .setCallId(index)
                        .setClientId(ByteString.copyFrom(new byte[16])))
                .build();
    }

    /** Appends an entry as Ratis does: its length, itself, the checksum of both. */
    private static void put(ByteSink file, byte[] entry) {
        ByteSink framed = new ByteSink(entry.length + 16);
        framed.putVarint(entry.length);
        framed.putRaw(entry, 0, entry.length);
        byte[] bytes = framed.toByteArray();
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        file.putRaw(bytes, 0, bytes.length);
        int sum = (int) crc.getValue();
        for (int shift = 24; shift >= 0; shift -= 8) {
            file.putByte(sum >>> shift);
        }
    }

    private static void read(Path file, byte[] bytes, EntryReader ours) throws Throwable {
        Files.write(file, bytes);
        Consumer<LogEntryProto> reader = entry -> {
            if (entry.hasStateMachineLogEntry()) {
                try {
                    ours.read(entry.getStateMachineLogEntry().getLogData().toByteArray());
                } catch (RuntimeException | Error e) {
                    throw e;
                } catch (Throwable e) {
                    throw new RefusedEntryException(e);
                }
            }
        };
        try {
            READ.invoke(
                    file.toFile(),
                    OPEN_FROM.invoke(FIRST_INDEX),
                    LARGEST_ENTRY,
                    CorruptionPolicy.EXCEPTION,
                    null,
                    reader);
        } catch (IOException | RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof RefusedEntryException refused && refused.getCause() != null) {
                    throw refused.getCause();
                }
                if (cause instanceof RuntimeException && !isOfRatis(cause)) {
                    throw cause; // whatever Ratis made of it
                }
            }
            if (e instanceof IllegalStateException) {
                throw new RefusedException();
            }
            throw e;
        }
    }

    /** Whether Ratis threw it, itself or through a class of Java. */
    private static boolean isOfRatis(Throwable thrown) {
        return Arrays.stream(thrown.getStackTrace())
                .map(StackTraceElement::getClassName)
                .filter(name -> !name.startsWith("java.") && !name.startsWith("jdk."))
                .findFirst()
                .filter(name -> name.startsWith("org.apache.ratis."))
                .isPresent();
    }

    /** Carries a checked exception through a consumer. */
    private static final class RefusedEntryException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RefusedEntryException(Throwable cause) {
            super(null, cause, false, false);
        }
    }
}

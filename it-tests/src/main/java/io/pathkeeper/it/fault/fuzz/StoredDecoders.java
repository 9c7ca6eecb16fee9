package io.pathkeeper.it.fault.fuzz;

import io.pathkeeper.it.fault.fuzz.Decoder.Allowance;
import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.raft.CommandCodec;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.value.Value;
import io.pathkeeper.server.value.ValueEncoding;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decoders of the forms in which values and commands are kept and sent between servers. */
final class StoredDecoders {
    private static final String CORRUPT_BYTES = "io.pathkeeper.server.encoding.CorruptBytesException";
    private static final String CORRUPT_ENTRY = "io.pathkeeper.server.raft.CorruptEntryException";
    private static final String READER = "raft.EntryCodec$Reader";

    private static final MethodHandle PUT_HEADER =
            Hidden.method("raft.EntryCodec", "putHeader", ByteSink.class, long.class, long.class, long.class);
    private static final MethodHandle PUT_SEGMENT = Hidden.method(
            "raft.EntryCodec", "putSegment", ByteSink.class, long.class, long.class, int.class, byte[].class);
    private static final MethodHandle NEW_READER = Hidden.constructor(READER, byte[].class);
    private static final MethodHandle NEXT_SEGMENT = Hidden.method(READER, "nextSegment");
    private static final MethodHandle NEXT_COMMAND = Hidden.method(READER, "nextCommand");
    private static final MethodHandle COMMAND_OFFSET = Hidden.method(READER, "commandOffset");
    private static final MethodHandle COMMAND_LENGTH = Hidden.method(READER, "commandLength");
    private static final MethodHandle READ_FORWARDED =
            Hidden.method("raft.PeerFrames", "readForwarded", ByteSource.class);
    private static final MethodHandle READ_SESSIONS =
            Hidden.method("raft.PeerFrames", "readSessions", ByteSource.class);
    private static final MethodHandle RENEW = Hidden.method("raft.PeerFrames", "renew", long.class, long[].class);

    private StoredDecoders() {}

    static Decoder value() {
        List<byte[]> seeds =
                ProductSeeds.values().stream().map(ValueEncoding::encode).toList();
        return new Decoder(
                "value",
                seeds,
                Set.of("io.pathkeeper.server.value.InvalidValueException"),
                new Allowance(16 << 10, 512),
                input -> {
                    Value value = ValueEncoding.decode(input);
                    if (!Arrays.equals(ValueEncoding.encode(value), input)) {
                        throw new BrokenPromiseException("an encoding that is not canonical is accepted");
                    }
                });
    }

    static void requireSame(Value value) throws BrokenPromiseException {
        if (!ValueEncoding.decode(ValueEncoding.encode(value)).equals(value)) {
            throw new BrokenPromiseException("the value is another one when it was encoded and decoded");
        }
    }

    static byte[] encoded(Command command, boolean withId) {
        ByteSink sink = new ByteSink(256);
        CommandCodec.encode(command, withId ? new RequestId("client", 7, 3) : null, sink);
        return sink.toByteArray();
    }

    static Decoder command() {
        List<byte[]> seeds = new ArrayList<>();
        for (Command command : ProductSeeds.commands()) {
            seeds.add(encoded(command, false));
            seeds.add(encoded(command, true));
        }
        return new Decoder("command", seeds, Set.of(CORRUPT_ENTRY), new Allowance(16 << 10, 512), input -> {
            CommandCodec.Decoded decoded = CommandCodec.decode(input, 0, input.length);
            requireSame(decoded.command(), decoded.requestId());
        });
    }

    /** What was decoded can be encoded, and is the same then. */
    static void requireSame(Command command, @Nullable RequestId requestId) throws Exception {
        ByteSink sink = new ByteSink(256);
        CommandCodec.encode(command, requestId, sink);
        byte[] form = sink.toByteArray();
        CommandCodec.Decoded again = CommandCodec.decode(form, 0, form.length);
        ByteSink second = new ByteSink(form.length);
        CommandCodec.encode(again.command(), again.requestId(), second);
        if (!Arrays.equals(form, second.toByteArray())) {
            throw new BrokenPromiseException("a command is another one when it was encoded and decoded");
        }
    }

    static byte[] entry(int segments) {
        try {
            ByteSink entry = new ByteSink(1024);
            PUT_HEADER.invoke(entry, 3L, 1_700_000_000_000L, 12_345L);
            for (int i = 0; i < segments; i++) {
                ByteSink commands = new ByteSink(256);
                int count = 0;
                for (Command command : ProductSeeds.commands()) {
                    if ((command.getClass().getSimpleName().length() + i) % 3 == 0) {
                        byte[] form = encoded(command, i % 2 == 0);
                        commands.putVarint(form.length);
                        commands.putRaw(form, 0, form.length);
                        count++;
                    }
                }
                PUT_SEGMENT.invoke(entry, 0x1234_5678_9abcL + i, 1L + i, count, commands.toByteArray());
            }
            return entry.toByteArray();
        } catch (Throwable e) {
            throw new IllegalStateException("an entry for the fuzzer", e);
        }
    }

    static void walk(byte[] entry) throws Throwable {
        Object reader = NEW_READER.invoke(entry);
        while ((boolean) NEXT_SEGMENT.invoke(reader)) {
            while ((boolean) NEXT_COMMAND.invoke(reader)) {
                CommandCodec.decode(entry, (int) COMMAND_OFFSET.invoke(reader), (int) COMMAND_LENGTH.invoke(reader));
            }
        }
    }

    static Decoder entry() {
        return new Decoder(
                "entry",
                List.of(entry(0), entry(1), entry(3)),
                Set.of(CORRUPT_ENTRY, CORRUPT_BYTES),
                new Allowance(16 << 10, 512),
                StoredDecoders::walk);
    }

    static Decoder peerFrame() {
        byte[] renewal;
        try {
            renewal = (byte[]) RENEW.invoke(5L, new long[] {1, 2, 300, Long.MAX_VALUE});
        } catch (Throwable e) {
            throw new IllegalStateException("a frame for the fuzzer", e);
        }
        ByteSink forward = new ByteSink(256);
        forward.putVarint(17);
        forward.putVarint(4);
        forward.putVarint(1);
        forward.putBytes(encoded(ProductSeeds.commands().get(0), true));
        return new Decoder(
                "peer-frame",
                List.of(Arrays.copyOfRange(renewal, 2, renewal.length), forward.toByteArray()),
                Set.of(CORRUPT_BYTES),
                new Allowance(16 << 10, 64),
                input -> {
                    Throwable first = null;
                    try {
                        READ_SESSIONS.invoke(new ByteSource(input));
                    } catch (CorruptBytesException e) {
                        first = e;
                    }
                    try {
                        READ_FORWARDED.invoke(new ByteSource(input));
                    } catch (CorruptBytesException e) {
                        if (first != null) {
                            throw e;
                        }
                    }
                });
    }
}

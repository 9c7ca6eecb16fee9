package io.pathkeeper.server.raft;

import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueEncoding;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The binary form of a set of 128 bytes, as it stands in the log. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CommandCodecBenchmark {
    private final Command command = new Command.Set(
            ZnodePath.parse("/apps/team-7/service-12/leader"),
            ValueEncoding.ofBytes(new byte[128]),
            "",
            Command.ANY,
            Command.ANY,
            false,
            false,
            false);
    private final ByteSink sink = new ByteSink(1 << 10);
    private final byte[] encoded;

    /** Encodes it once. */
    public CommandCodecBenchmark() {
        CommandCodec.encode(command, null, sink);
        encoded = sink.toByteArray();
    }

    /** Encodes. */
    @Benchmark
    public int encode() {
        sink.clear();
        CommandCodec.encode(command, null, sink);
        return sink.size();
    }

    /** Decodes. */
    @Benchmark
    public CommandCodec.Decoded decode() throws CorruptEntryException {
        return CommandCodec.decode(encoded, 0, encoded.length);
    }
}

package io.pathkeeper.server.value;

import java.util.List;
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

/** The canonical encoding of a value such as services register: seven fields, one of them a list. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class EncodingBenchmark {
    private final Value value = Value.Fields.sorted(List.of(
            new Value.Field("host", new Value.Text("10.17.3.7")),
            new Value.Field("port", new Value.Int(8_443)),
            new Value.Field("ready", new Value.Bool(true)),
            new Value.Field("weight", new Value.Real(0.75)),
            new Value.Field("zone", new Value.Text("eu-west-2")),
            new Value.Field("tags", new Value.Items(List.of(new Value.Text("blue"), new Value.Text("canary")))),
            new Value.Field("key", new Value.Bytes(new byte[32]))));
    private final byte[] encoded = ValueEncoding.encode(value);

    /** Encodes. */
    @Benchmark
    public byte[] encode() {
        return ValueEncoding.encode(value);
    }

    /** Decodes. */
    @Benchmark
    public Value decode() {
        return ValueEncoding.decode(encoded);
    }
}

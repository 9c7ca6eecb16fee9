package io.pathkeeper.it.fault.fuzz;

import com.google.protobuf.Message;
import io.pathkeeper.it.fault.fuzz.Decoder.Allowance;
import io.pathkeeper.server.raft.CommandCodec;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.state.StoreState;
import io.pathkeeper.server.value.ValueLimits;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.PatchRequest;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.TransactRequest;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Messages of the API: the first byte chooses the call, the rest is its request. A write that passes the checks of requests goes on as it does in a server:
 * into its binary form, out of it again, and into a state. Nothing on that way may fail any more: it would fail on every server.
 */
final class MessageDecoder implements Decoder.Decoding {
    private static final String READER = "rpc.CommandReader";
    private static final int APPLIED_TO_ONE_STATE = 20_000;
    private static final long ENTRY_MILLIS = 10;

    private final List<ApiCall> calls = ApiCall.all();
    private final Map<Class<?>, MethodHandle> writes = new HashMap<>();
    private final MethodHandle observe = Hidden.method("rpc.ObserveRequests", "read", ObserveRequest.class);
    private final MethodHandle commandOf = Hidden.method("rpc.WriteRequest", "command");
    private final Object reader;
    private StoreState state = StoreState.create(StateLimits.DEFAULT);
    private int applied;
    private long millis;

    MessageDecoder() {
        try {
            reader = Hidden.constructor(READER, ValueLimits.class, int.class, int.class)
                    .invoke(ValueLimits.DEFAULT, 127, 128);
        } catch (Throwable e) {
            throw new IllegalStateException("the reader of requests", e);
        }
        write("create", CreateRequest.class);
        write("set", SetRequest.class);
        write("patch", PatchRequest.class);
        write("delete", DeleteRequest.class);
        write("transact", TransactRequest.class);
    }

    private void write(String name, Class<?> request) {
        writes.put(request, Hidden.method(READER, name, request));
    }

    static Decoder decoder() {
        MessageDecoder decoding = new MessageDecoder();
        return new Decoder(
                "message",
                ApiCall.numberedSeeds(decoding.calls),
                Set.of(
                        "com.google.protobuf.InvalidProtocolBufferException",
                        "io.pathkeeper.server.rpc.RejectedException"),
                new Allowance(256 << 10, 1_024),
                decoding);
    }

    @Override
    public void decode(byte[] input) throws Throwable {
        if (input.length == 0) {
            return;
        }
        ApiCall call = calls.get((input[0] & 0xff) % calls.size());
        Message request = call.request().getParserForType().parseFrom(Arrays.copyOfRange(input, 1, input.length));
        if (request instanceof ObserveRequest observation) {
            observe.invoke(observation);
        }
        MethodHandle write = writes.get(request.getClass());
        if (write != null) {
            Object read = write.bindTo(reader).invoke(request);
            apply((Command) commandOf.invoke(read));
        }
    }

    private void apply(Command command) throws Exception {
        byte[] form = StoredDecoders.encoded(command, false);
        Command decoded;
        try {
            decoded = CommandCodec.decode(form, 0, form.length).command();
        } catch (Exception e) {
            throw new BrokenPromiseException("what a client may send cannot be read from the log: " + e.getMessage());
        }
        @Nullable RuntimeException failed = null;
        millis += ENTRY_MILLIS;
        state.beginEntry(1, millis, millis);
        try {
            state.apply(decoded, null);
        } catch (RuntimeException e) {
            failed = e;
        }
        state.endEntry();
        if (failed != null || ++applied == APPLIED_TO_ONE_STATE) {
            state = StoreState.create(StateLimits.DEFAULT);
            applied = 0;
        }
        if (failed != null) {
            throw new IllegalStateException("the apply thread would die", failed);
        }
    }
}

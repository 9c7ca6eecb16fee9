package io.pathkeeper.it.bench;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.pathkeeper.v1.Consistency;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.ReadOptions;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.TransactOperation;
import io.pathkeeper.v1.TransactRequest;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Pathkeeper's plain unary calls, one for each operation, as a client without our library makes them. Immutable but for the fresh znodes. */
final class StubCalls {
    private static final ReadOptions LINEARIZABLE = ReadOptions.newBuilder()
            .setConsistency(Consistency.CONSISTENCY_LINEARIZABLE)
            .build();
    private static final ReadOptions LOCAL = ReadOptions.newBuilder()
            .setConsistency(Consistency.CONSISTENCY_LOCAL)
            .build();

    private final Znodes znodes;
    private final FreshZnodes fresh;
    private final Payload value;
    private final @Nullable String token;

    /**
     * Prepares calls.
     *
     * @param token of the caller; null where everybody may do everything
     */
    StubCalls(Znodes znodes, FreshZnodes fresh, @Nullable String token) {
        this.znodes = znodes;
        this.fresh = fresh;
        this.value =
                Payload.newBuilder().setRaw(ByteString.copyFrom(znodes.value())).build();
        this.token = token;
    }

    /** Calls over a connection. */
    Operation over(ManagedChannel channel, Workload workload) {
        StoreServiceGrpc.StoreServiceStub stub = withToken(StoreServiceGrpc.newStub(channel), token);
        return (random, completion) -> call(workload, stub, random, completion);
    }

    /** A stub whose calls carry a token; the stub itself where there is none. */
    static <S extends AbstractStub<S>> S withToken(S stub, @Nullable String token) {
        if (token == null) {
            return stub;
        }
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private void call(
            Workload workload,
            StoreServiceGrpc.StoreServiceStub stub,
            SplittableRandom random,
            Operation.Completion completion) {
        switch (workload) {
            case SET -> stub.set(set(znodes.random(random)), new Answer<>(completion));
            case CREATE ->
                stub.create(
                        CreateRequest.newBuilder()
                                .setPath(fresh.create())
                                .setData(value)
                                .build(),
                        new Answer<>(completion));
            case DELETE ->
                stub.delete(DeleteRequest.newBuilder().setPath(fresh.delete()).build(), new Answer<>(completion));
            case TXN10 -> {
                TransactRequest.Builder sets = TransactRequest.newBuilder();
                znodes.randomDistinct(random, Znodes.IN_TRANSACTION)
                        .forEach(path ->
                                sets.addThen(TransactOperation.newBuilder().setSet(set(path))));
                stub.transact(sets.build(), new Answer<>(completion));
            }
            case GET_LIN -> stub.get(get(random, LINEARIZABLE), new Answer<>(completion));
            case GET_LOCAL -> stub.get(get(random, LOCAL), new Answer<>(completion));
            case MIXED_LIN -> {
                if (random.nextInt(10) == 0) {
                    stub.set(set(znodes.random(random)), new Answer<>(completion));
                } else {
                    stub.get(get(random, LINEARIZABLE), new Answer<>(completion));
                }
            }
        }
    }

    private SetRequest set(String path) {
        return SetRequest.newBuilder().setPath(path).setData(value).build();
    }

    private GetRequest get(SplittableRandom random, ReadOptions options) {
        return GetRequest.newBuilder()
                .setPath(znodes.random(random))
                .setOptions(options)
                .build();
    }
}

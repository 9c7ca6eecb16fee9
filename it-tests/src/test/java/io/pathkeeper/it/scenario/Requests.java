package io.pathkeeper.it.scenario;

import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.DeleteRequest;
import io.pathkeeper.v1.FieldOperation;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.PatchRequest;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.ReadOptions;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.Value;

/** Short forms of the requests that scenarios send through stubs. */
final class Requests {
    private Requests() {}

    static Payload number(long value) {
        return Payload.newBuilder()
                .setValue(Value.newBuilder().setIntValue(value))
                .build();
    }

    static CreateRequest create(String path, long value) {
        return CreateRequest.newBuilder()
                .setPath(path)
                .setData(number(value))
                .setCreateParents(true)
                .build();
    }

    static SetRequest set(String path, long value) {
        return SetRequest.newBuilder().setPath(path).setData(number(value)).build();
    }

    static PatchRequest increment(String path, long delta) {
        return PatchRequest.newBuilder()
                .setPath(path)
                .addOperations(FieldOperation.newBuilder()
                        .setType(FieldOperation.Type.TYPE_INCREMENT)
                        .setDelta(delta))
                .build();
    }

    static GetRequest get(String path) {
        return GetRequest.newBuilder().setPath(path).build();
    }

    static GetRequest get(String path, ReadOptions.Builder options) {
        return GetRequest.newBuilder().setPath(path).setOptions(options).build();
    }

    static DeleteRequest delete(String path) {
        return DeleteRequest.newBuilder().setPath(path).build();
    }
}

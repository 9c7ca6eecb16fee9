package io.pathkeeper.client.wire;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.Status.Code;
import java.util.Map;

/** Errors as the server writes them. */
public final class FakeErrors {
    private FakeErrors() {}

    /** Makes an error of a code with a reason and facts. */
    public static Status error(Code code, String reason, Map<String, String> metadata) {
        return Status.newBuilder()
                .setCode(code.value())
                .setMessage(reason.toLowerCase(java.util.Locale.ROOT) + " " + metadata)
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setDomain("pathkeeper")
                        .setReason(reason)
                        .putAllMetadata(metadata)
                        .build()))
                .build();
    }

    static Status notFound(String path) {
        return error(Code.NOT_FOUND, "NODE_NOT_FOUND", Map.of("path", path));
    }

    static Status exists(String path, long revision) {
        return error(
                Code.ALREADY_EXISTS, "NODE_EXISTS", Map.of("path", path, "modified_revision", Long.toString(revision)));
    }

    static Status invalid(String message) {
        return error(Code.INVALID_ARGUMENT, "ARGUMENT_INVALID", Map.of("message", message));
    }

    /** The server cannot do it now, and did not. */
    public static Status noLeader() {
        return error(Code.UNAVAILABLE, "NO_LEADER", Map.of("outcome", "NOT_APPLIED"));
    }

    /** The servers have no space for it, and did not do it. */
    public static Status noSpace() {
        return error(Code.RESOURCE_EXHAUSTED, "NOSPACE", Map.of("outcome", "NOT_APPLIED"));
    }

    /** The caller may not do it, and the server did not. */
    public static Status denied() {
        return error(Code.PERMISSION_DENIED, "PERMISSION_DENIED", Map.of("outcome", "NOT_APPLIED"));
    }

    /** The server has too much to do, and did not do it. */
    public static Status overloaded() {
        return error(Code.RESOURCE_EXHAUSTED, "OVERLOADED", Map.of("outcome", "NOT_APPLIED"));
    }
}

package io.pathkeeper.server;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import org.assertj.core.api.Assertions;

/** Reads the reasons of errors. */
final class Reasons {
    private Reasons() {}

    static String of(com.google.rpc.Status status) {
        return info(status).getReason();
    }

    static ErrorInfo info(com.google.rpc.Status status) {
        for (Any detail : status.getDetailsList()) {
            if (detail.is(ErrorInfo.class)) {
                try {
                    return detail.unpack(ErrorInfo.class);
                } catch (InvalidProtocolBufferException e) {
                    throw new AssertionError(e);
                }
            }
        }
        throw new AssertionError("no ErrorInfo in " + status);
    }

    /** The reason of the error that a call ends with; fails when it ends well. */
    static String of(Runnable call) {
        return info(call).getReason();
    }

    static ErrorInfo info(Runnable call) {
        StatusRuntimeException error = Assertions.catchThrowableOfType(StatusRuntimeException.class, call::run);
        Assertions.assertThat(error).as("the call's error").isNotNull();
        return info(StatusProto.fromThrowable(error));
    }
}

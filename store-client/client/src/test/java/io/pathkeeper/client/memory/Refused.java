package io.pathkeeper.client.memory;

import com.google.rpc.Status;
import io.grpc.Status.Code;
import io.pathkeeper.client.wire.FakeErrors;
import java.util.Map;

/** A refusal, with the status that goes over the wire. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final transient Status status;

    Refused(Code code, String reason, String path) {
        super(reason + " " + path);
        this.status = FakeErrors.error(code, reason, Map.of("path", path, "outcome", "NOT_APPLIED"));
    }

    static Refused precondition(String reason, String what) {
        return new Refused(Code.FAILED_PRECONDITION, reason, what);
    }
}

package io.pathkeeper.server.rpc;

import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;

/** Carries a refusal out of the reading of a request. Has no stack trace: it is expected. */
final class RejectedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Rejection rejection;

    RejectedException(Rejection rejection) {
        super(rejection.message(), null, false, false);
        this.rejection = rejection;
    }

    /** A field of the request is missing, unknown or out of range. */
    static RejectedException argument(String field, String problem) {
        return new RejectedException(
                Rejection.of(RejectReason.ARGUMENT_INVALID, field + " " + problem, "field", field));
    }

    Rejection rejection() {
        return rejection;
    }
}

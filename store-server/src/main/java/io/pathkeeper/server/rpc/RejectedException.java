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

    /** A field of the request is wrong: the message begins with its name. */
    static RejectedException argument(IllegalArgumentException e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf(' ');
        return end < 0 ? argument("request", message) : argument(message.substring(0, end), message.substring(end + 1));
    }

    Rejection rejection() {
        return rejection;
    }
}

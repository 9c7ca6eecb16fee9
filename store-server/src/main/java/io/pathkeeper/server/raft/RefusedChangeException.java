package io.pathkeeper.server.raft;

import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;

/** A change of the members is refused. Caught where changes are run; has no stack trace: it is expected. */
final class RefusedChangeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Rejection rejection;

    private RefusedChangeException(Rejection rejection) {
        super(rejection.message(), null, false, false);
        this.rejection = rejection;
    }

    static RefusedChangeException of(RejectReason reason, String message, String... facts) {
        return new RefusedChangeException(Rejection.of(reason, message, facts));
    }

    ChangeEnd end() {
        return new ChangeEnd.Rejected(rejection);
    }
}

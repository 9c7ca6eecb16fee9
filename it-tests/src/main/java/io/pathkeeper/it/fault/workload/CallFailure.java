package io.pathkeeper.it.fault.workload;

import io.grpc.StatusRuntimeException;
import java.util.Objects;

/** A call that was not answered well. Without a stack trace: under faults they are many. */
final class CallFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean refused;
    private final String reason;

    /**
     * A failure.
     *
     * @param refused true when the call had no effect for sure, false when nobody knows
     * @param reason the stable reason; empty when there is none
     */
    CallFailure(boolean refused, String reason, Throwable cause) {
        super(cause.getMessage(), cause, false, false);
        this.refused = refused;
        this.reason = reason;
    }

    /** Whether the call had no effect for sure. */
    boolean isRefused() {
        return refused;
    }

    /** Whether it was refused for this reason. */
    boolean isRefused(String otherReason) {
        return refused && reason.equals(otherReason);
    }

    String reason() {
        return reason;
    }

    /** The reason, or what else there is to count it by. */
    String label() {
        if (!reason.isEmpty()) {
            return reason;
        }
        Throwable cause = Objects.requireNonNull(getCause());
        return cause instanceof StatusRuntimeException status
                ? status.getStatus().getCode().name()
                : cause.getClass().getSimpleName();
    }
}

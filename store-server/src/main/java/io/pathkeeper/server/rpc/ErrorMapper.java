package io.pathkeeper.server.rpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.store.StoreFailure.Outcome;
import java.util.Map;

/**
 * Builds all errors that clients see: a gRPC code, {@code google.rpc.ErrorInfo} with the reason and its facts, and what the
 * reason asks for beside it. Nobody else builds statuses. Any thread.
 */
public final class ErrorMapper {
    /** Domain of every {@code ErrorInfo}. */
    public static final String DOMAIN = "pathkeeper";

    private static final int RETRY_MILLIS = 100;
    private static final int NOSPACE_RETRY_MILLIS = 1_000;
    private static final int MAX_RETRY_MILLIS = 60_000;
    private static final String RETRY_FACT = "retry_after_ms";
    /** Facts are for programs; the headers that carry them are limited by most transports to 8 KiB in all. */
    private static final int MAX_FACT_CHARS = 1024;

    private static final int MAX_MESSAGE_CHARS = 2048;

    private ErrorMapper() {}

    /** The gRPC code of a reason. */
    public static Status.Code code(RejectReason reason) {
        return switch (reason) {
            case NODE_NOT_FOUND,
                    PARENT_NOT_FOUND,
                    SESSION_NOT_FOUND,
                    AUTH_RECORD_NOT_FOUND,
                    NAMESPACE_NOT_FOUND,
                    MEMBER_NOT_FOUND,
                    QUOTA_NOT_FOUND -> Status.Code.NOT_FOUND;
            case NODE_EXISTS, MEMBER_EXISTS -> Status.Code.ALREADY_EXISTS;
            case VERSION_MISMATCH, TEST_FAILED, MEMBERSHIP_BUSY -> Status.Code.ABORTED;
            case NODE_NOT_EMPTY,
                    EPHEMERAL_PARENT,
                    SESSION_EXPIRED,
                    TOO_MANY_NODES,
                    ROOT_IMMUTABLE,
                    FIELD_NOT_FOUND,
                    FIELD_TYPE,
                    REQUEST_ID_EXPIRED,
                    LOCK_NOT_HELD,
                    LOCK_MODE_MISMATCH,
                    LEADERSHIP_LOST,
                    LAST_ADMINISTRATOR,
                    MEMBER_MISMATCH,
                    MEMBER_UNREACHABLE,
                    MEMBER_BEHIND,
                    QUORUM_AT_RISK -> Status.Code.FAILED_PRECONDITION;
            case CREDENTIAL_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, SIGN_IN_FAILED -> Status.Code.UNAUTHENTICATED;
            case SESSION_SECRET_WRONG, DENIED -> Status.Code.PERMISSION_DENIED;
            case PATH_INVALID,
                    VALUE_INVALID,
                    NUMBER_RANGE,
                    JSON_INVALID,
                    ARGUMENT_INVALID,
                    PAGE_TOKEN_INVALID,
                    POINTER_INVALID -> Status.Code.INVALID_ARGUMENT;
            case PAGE_TOKEN_EXPIRED, INT_OVERFLOW, REVISION_COMPACTED, REVISION_IN_FUTURE -> Status.Code.OUT_OF_RANGE;
            case VALUE_TOO_LARGE,
                    REQUEST_TOO_LARGE,
                    QUOTA_EXCEEDED,
                    OVERLOADED,
                    SLOW_CONSUMER,
                    SIGN_IN_LIMITED,
                    RATE_LIMITED,
                    NOSPACE,
                    MEMORY -> Status.Code.RESOURCE_EXHAUSTED;
            case NO_LEADER, NO_QUORUM, STALE, SHUTTING_DOWN, OUTCOME_UNKNOWN, CATCHING_UP -> Status.Code.UNAVAILABLE;
            case DEADLINE -> Status.Code.DEADLINE_EXCEEDED;
            case MEMBER_CORRUPT -> Status.Code.DATA_LOSS;
            case INTERNAL -> Status.Code.INTERNAL;
        };
    }

    /** A refusal as the status that a pipeline's result carries. */
    public static com.google.rpc.Status status(Rejection rejection) {
        return build(rejection, Map.of());
    }

    /** A failure as the status that a pipeline's result carries. */
    public static com.google.rpc.Status status(StoreFailure failure, String leaderId) {
        boolean elsewhere = code(failure.rejection().reason()) == Status.Code.UNAVAILABLE && !leaderId.isEmpty();
        String outcome = failure.outcome().name();
        return build(
                failure.rejection(),
                elsewhere ? Map.of("outcome", outcome, "leader", leaderId) : Map.of("outcome", outcome));
    }

    /** A refusal as what a call ends with. */
    public static StatusRuntimeException exception(Rejection rejection) {
        return exception(status(rejection));
    }

    /** A failure as what a call ends with; {@code leaderId} is empty when none is known. */
    public static StatusRuntimeException exception(StoreFailure failure, String leaderId) {
        return exception(status(failure, leaderId));
    }

    /** A defect: the user gets a number that the log has, too, and nothing else. */
    static StatusRuntimeException defect(String id) {
        return exception(
                new StoreFailure(
                        Rejection.of(
                                RejectReason.INTERNAL,
                                "the server has a defect; its log says more at error_id " + id,
                                "error_id",
                                id),
                        Outcome.UNKNOWN),
                "");
    }

    /** A status as what a call ends with. */
    static StatusRuntimeException exception(com.google.rpc.Status status) {
        StatusRuntimeException full = StatusProto.toStatusRuntimeException(status);
        Metadata trailers = full.getTrailers();
        return new StatusRuntimeException(full.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    private static com.google.rpc.Status build(Rejection rejection, Map<String, String> more) {
        RejectReason reason = rejection.reason();
        ErrorInfo.Builder info = ErrorInfo.newBuilder().setDomain(DOMAIN).setReason(reason.name());
        rejection.metadata().forEach((name, value) -> info.putMetadata(name, cut(value, MAX_FACT_CHARS)));
        long retryMillis = retryMillis(rejection);
        if (retryMillis > 0) {
            info.putMetadata(RETRY_FACT, Long.toString(retryMillis));
        }
        info.putAllMetadata(more);
        com.google.rpc.Status.Builder status = com.google.rpc.Status.newBuilder()
                .setCode(code(reason).value())
                .setMessage(cut(rejection.message(), MAX_MESSAGE_CHARS))
                .addDetails(Any.pack(info.build()));
        if (retryMillis > 0) {
            status.addDetails(Any.pack(RetryInfo.newBuilder()
                    .setRetryDelay(Duration.newBuilder()
                            .setSeconds(retryMillis / 1_000)
                            .setNanos((int) (retryMillis % 1_000) * 1_000_000))
                    .build()));
        }
        if (code(reason) == Status.Code.INVALID_ARGUMENT) {
            status.addDetails(Any.pack(BadRequest.newBuilder()
                    .addFieldViolations(BadRequest.FieldViolation.newBuilder()
                            .setField(field(rejection))
                            .setDescription(cut(rejection.message(), MAX_FACT_CHARS)))
                    .build()));
        }
        if (reason == RejectReason.QUOTA_EXCEEDED) {
            status.addDetails(Any.pack(QuotaFailure.newBuilder()
                    .addViolations(violation(rejection.metadata()))
                    .build()));
        }
        return status.build();
    }

    /** What is used up, a quota by its name. Short and without a path: both stand in the message already, and trailers have a limit. */
    private static QuotaFailure.Violation violation(Map<String, String> facts) {
        String quota = facts.get("quota");
        String actual = facts.containsKey("used") ? facts.get("used") + " used" : facts.getOrDefault("actual", "more");
        return QuotaFailure.Violation.newBuilder()
                .setSubject(quota == null ? "store" : "quota:" + quota)
                .setDescription(facts.getOrDefault("kind", "limit") + ": " + actual + "; the limit is "
                        + facts.getOrDefault("limit", "lower"))
                .build();
    }

    /** When it is worth while to ask again: as the refusal says, or as its reason has it; 0 when that is not a matter of time. */
    private static long retryMillis(Rejection rejection) {
        String told = rejection.metadata().get(RETRY_FACT);
        return switch (rejection.reason()) {
            case OVERLOADED -> told == null ? RETRY_MILLIS : Long.parseLong(told);
            case NOSPACE, MEMORY -> told == null ? NOSPACE_RETRY_MILLIS : Long.parseLong(told);
            case RATE_LIMITED -> told == null ? MAX_RETRY_MILLIS : Long.parseLong(told);
            case SIGN_IN_LIMITED -> MAX_RETRY_MILLIS;
            default -> 0;
        };
    }

    /** The reason in a status that was made here; empty when there is none. */
    static String reason(com.google.rpc.Status status) {
        for (Any detail : status.getDetailsList()) {
            if (detail.is(ErrorInfo.class)) {
                try {
                    return detail.unpack(ErrorInfo.class).getReason();
                } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                    throw new IllegalStateException("a status of this server cannot be read", e);
                }
            }
        }
        return "";
    }

    private static String field(Rejection rejection) {
        String named = rejection.metadata().get("field");
        if (named != null) {
            return named;
        }
        return switch (rejection.reason()) {
            case PATH_INVALID -> "path";
            case PAGE_TOKEN_INVALID -> "page_token";
            case POINTER_INVALID -> "operations.pointer";
            case JSON_INVALID -> "data.json";
            default -> "data";
        };
    }

    /** Shortens and takes out what is no valid text, so that the status itself can always be encoded. */
    private static String cut(String text, int most) {
        int end = Math.min(text.length(), most);
        StringBuilder out = new StringBuilder(end + 3);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(text.charAt(i + 1))) {
                out.append(c).append(text.charAt(++i));
            } else {
                out.append(Character.isSurrogate(c) ? '\uFFFD' : c);
            }
        }
        return text.length() > most ? out.append("...").toString() : out.toString();
    }
}

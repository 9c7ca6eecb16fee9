package io.pathkeeper.client.internal;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.pathkeeper.client.error.AccessDeniedException;
import io.pathkeeper.client.error.ClientClosedException;
import io.pathkeeper.client.error.ErrorDetails;
import io.pathkeeper.client.error.InvalidRequestException;
import io.pathkeeper.client.error.LimitExceededException;
import io.pathkeeper.client.error.NodeExistsException;
import io.pathkeeper.client.error.NodeNotFoundException;
import io.pathkeeper.client.error.OperationTimeoutException;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.OverloadedException;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.PreconditionFailedException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.error.RevisionCompactedException;
import io.pathkeeper.client.error.ServerException;
import io.pathkeeper.client.error.UnavailableException;
import io.pathkeeper.client.error.VersionMismatchException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the errors of the wire into what the library decides by, and that into exceptions. */
final class Errors {
    private static final String DOMAIN = "pathkeeper";
    private static final Metadata.Key<com.google.rpc.Status> DETAILS = Metadata.Key.of(
            "grpc-status-details-bin", ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance()));

    private Errors() {}

    /**
     * An error of the wire.
     *
     * @param code the gRPC code
     * @param reason the stable reason; empty when the server gave none
     * @param message for people
     * @param metadata facts beside the reason
     * @param retryDelayMillis when the server wants to be asked again; 0 when it did not say
     */
    record WireError(
            Status.Code code, String reason, String message, Map<String, String> metadata, long retryDelayMillis) {
        boolean overloaded() {
            return reason.equals(Reason.OVERLOADED) || reason.equals(Reason.RATE_LIMITED);
        }

        /** Whether the server could not answer, rather than refuse: the call may be sent again if its kind allows it. */
        boolean unavailable() {
            return switch (code) {
                case UNAVAILABLE -> !reason.equals(Reason.STALE);
                case RESOURCE_EXHAUSTED -> overloaded();
                // The time that the server gives a call is over, or its data is bad; the caller's time may not be over.
                case DEADLINE_EXCEEDED -> reason.equals(Reason.DEADLINE);
                case DATA_LOSS -> reason.equals(Reason.MEMBER_CORRUPT);
                default -> false;
            };
        }

        /** Whether there was no answer at all, since the server could not be reached or the connection broke. */
        boolean unreachable() {
            return code == Status.Code.UNAVAILABLE && reason.isEmpty();
        }

        /** Whether the server will not have this caller, whatever it asks for. */
        boolean refusesCaller() {
            return code == Status.Code.UNAUTHENTICATED
                    || code == Status.Code.PERMISSION_DENIED
                    || reason.equals(Reason.NAMESPACE_NOT_FOUND)
                    || reason.equals(Reason.SIGN_IN_LIMITED);
        }

        /**
         * Whether the server decided without looking at what the request had done before: said of a repetition, the error says nothing
         * of the attempts before it. What the store itself refuses is the answer to the first attempt, too.
         */
        boolean saysNothingOfEarlierAttempts() {
            return unavailable() || refusesCaller() || code == Status.Code.RESOURCE_EXHAUSTED;
        }

        /** Whether there was not even a connection, so that nothing can have been sent. */
        boolean unconnected() {
            return unreachable()
                    && (message.contains("Connection refused") || message.contains("Unable to resolve host"));
        }

        /** What is known about a write that got this error as its answer. */
        Outcome outcome() {
            if (reason.equals(Reason.REQUEST_ID_EXPIRED)) {
                // Not carried out now, but it may have been before.
                return Outcome.UNKNOWN;
            }
            String told = metadata.get("outcome");
            if (told != null) {
                return told.equals(Outcome.NOT_APPLIED.name()) ? Outcome.NOT_APPLIED : Outcome.UNKNOWN;
            }
            return switch (code) {
                case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, UNKNOWN, INTERNAL, DATA_LOSS -> Outcome.UNKNOWN;
                default -> Outcome.NOT_APPLIED;
            };
        }
    }

    static WireError of(com.google.rpc.Status status) {
        String reason = "";
        Map<String, String> metadata = Map.of();
        long retryDelay = 0;
        for (Any detail : status.getDetailsList()) {
            try {
                if (detail.is(ErrorInfo.class)) {
                    ErrorInfo info = detail.unpack(ErrorInfo.class);
                    if (info.getDomain().equals(DOMAIN)) {
                        reason = info.getReason();
                        metadata = info.getMetadataMap();
                    }
                } else if (detail.is(RetryInfo.class)) {
                    com.google.protobuf.Duration delay =
                            detail.unpack(RetryInfo.class).getRetryDelay();
                    retryDelay = delay.getSeconds() * 1_000 + delay.getNanos() / 1_000_000;
                }
            } catch (InvalidProtocolBufferException e) {
                // A detail that cannot be read tells nothing; the code and the message stay.
                continue;
            }
        }
        return new WireError(
                Status.fromCodeValue(status.getCode()).getCode(), reason, status.getMessage(), metadata, retryDelay);
    }

    static WireError of(Status status, @Nullable Metadata trailers) {
        com.google.rpc.Status details = trailers == null ? null : trailers.get(DETAILS);
        if (details != null && details.getCode() == status.getCode().value()) {
            return of(details);
        }
        String text = status.getDescription();
        Throwable cause = status.getCause();
        if (cause instanceof StatusRuntimeException other && other.getTrailers() != null) {
            return of(other.getStatus().withCause(null), other.getTrailers()); // of the sign-in that the call needed
        }
        String message = text == null ? status.getCode().name() : text;
        if (cause != null && cause.getMessage() != null) {
            message += ": " + cause.getMessage();
        }
        return new WireError(status.getCode(), "", message, Map.of(), 0);
    }

    /** Makes the exception for an error. */
    static PathkeeperException exception(WireError error, Outcome outcome, @Nullable Throwable cause) {
        String reason = error.reason().isEmpty() ? defaultReason(error.code()) : error.reason();
        boolean retryable = error.unavailable()
                || error.code() == Status.Code.UNAVAILABLE
                || reason.equals(Reason.SIGN_IN_LIMITED)
                || reason.equals(Reason.NOSPACE)
                || reason.equals(Reason.MEMORY);
        ErrorDetails details = new ErrorDetails(reason, error.message(), error.metadata(), retryable, outcome);
        return switch (error.code()) {
            case NOT_FOUND -> new NodeNotFoundException(details, cause);
            case ALREADY_EXISTS ->
                reason.equals(Reason.MEMBER_EXISTS)
                        ? new PreconditionFailedException(details, cause)
                        : new NodeExistsException(details, cause);
            case ABORTED ->
                reason.equals(Reason.TEST_FAILED) || reason.equals(Reason.MEMBERSHIP_BUSY)
                        ? new PreconditionFailedException(details, cause)
                        : new VersionMismatchException(details, cause);
            case FAILED_PRECONDITION -> new PreconditionFailedException(details, cause);
            case INVALID_ARGUMENT, UNIMPLEMENTED -> new InvalidRequestException(details, cause);
            case OUT_OF_RANGE ->
                reason.equals(Reason.REVISION_COMPACTED) || reason.equals(Reason.PAGE_TOKEN_EXPIRED)
                        ? new RevisionCompactedException(details, cause)
                        : new InvalidRequestException(details, cause);
            case RESOURCE_EXHAUSTED ->
                error.overloaded()
                        ? new OverloadedException(details, cause)
                        : new LimitExceededException(details, cause);
            case UNAUTHENTICATED, PERMISSION_DENIED -> new AccessDeniedException(details, cause);
            case UNAVAILABLE -> new UnavailableException(details, cause);
            case DEADLINE_EXCEEDED -> new OperationTimeoutException(details, cause);
            default -> new ServerException(details, cause);
        };
    }

    private static String defaultReason(Status.Code code) {
        return switch (code) {
            case UNAVAILABLE -> Reason.CONNECTION_LOST;
            case DEADLINE_EXCEEDED -> Reason.DEADLINE_EXCEEDED;
            case INVALID_ARGUMENT, UNIMPLEMENTED, OUT_OF_RANGE -> Reason.ARGUMENT_INVALID;
            case RESOURCE_EXHAUSTED -> Reason.REQUEST_TOO_LARGE;
            case UNAUTHENTICATED -> Reason.CREDENTIAL_MISSING;
            case PERMISSION_DENIED -> Reason.DENIED;
            default -> Reason.INTERNAL;
        };
    }

    static PathkeeperException closed(Outcome outcome) {
        return new ClientClosedException(
                new ErrorDetails(Reason.CLIENT_CLOSED, "the client is closed", Map.of(), false, outcome), null);
    }

    static PathkeeperException overloaded(int count, long bytes, int maxCount, long maxBytes) {
        String message = count + " operations of " + bytes + " bytes wait for an answer, and the limits are " + maxCount
                + " and " + maxBytes + " bytes: wait for answers, or raise maxOutstanding or maxOutstandingBytes";
        return new OverloadedException(
                new ErrorDetails(
                        Reason.OVERLOADED,
                        message,
                        Map.of("limit", Integer.toString(maxCount)),
                        true,
                        Outcome.NOT_APPLIED),
                null);
    }

    static PathkeeperException tooLarge(String path, long bytes, long limit) {
        return new LimitExceededException(
                new ErrorDetails(
                        Reason.REQUEST_TOO_LARGE,
                        "the request about " + path + " has " + bytes + " bytes, and the limit is " + limit,
                        Map.of("path", path, "limit", Long.toString(limit)),
                        false,
                        Outcome.NOT_APPLIED),
                null);
    }

    static PathkeeperException protocol(String message, Outcome outcome) {
        return new ServerException(new ErrorDetails(Reason.INTERNAL, message, Map.of(), false, outcome), null);
    }

    static PathkeeperException timeout(String what, long timeoutMillis, Outcome outcome, @Nullable WireError last) {
        String message = what + " had no answer within " + timeoutMillis + " ms"
                + (last == null ? "" : "; the last trouble: " + last.message());
        Map<String, String> metadata = last == null ? Map.of() : last.metadata();
        PathkeeperException cause = last == null ? null : exception(last, outcome, null);
        return new OperationTimeoutException(
                new ErrorDetails(Reason.DEADLINE_EXCEEDED, message, metadata, true, outcome), cause);
    }

    /** What cannot be sent: nothing has happened. */
    static InvalidRequestException invalid(
            String reason, IllegalArgumentException cause, Map<String, String> metadata) {
        String message = cause.getMessage() == null ? "the request cannot be written" : cause.getMessage();
        return new InvalidRequestException(
                new ErrorDetails(reason, message, metadata, false, Outcome.NOT_APPLIED), cause);
    }
}

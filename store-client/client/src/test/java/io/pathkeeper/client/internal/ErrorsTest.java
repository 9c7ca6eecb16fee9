package io.pathkeeper.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.protobuf.StatusProto;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.wire.FakeErrors;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors of the wire become the exceptions, outcomes and decisions that the API promises. */
class ErrorsTest {
    @ParameterizedTest
    @CsvSource({
        "NOT_FOUND, NODE_NOT_FOUND, NodeNotFoundException, NOT_APPLIED, false",
        "NOT_FOUND, PARENT_NOT_FOUND, NodeNotFoundException, NOT_APPLIED, false",
        "NOT_FOUND, QUOTA_NOT_FOUND, NodeNotFoundException, NOT_APPLIED, false",
        "ALREADY_EXISTS, NODE_EXISTS, NodeExistsException, NOT_APPLIED, false",
        "ABORTED, VERSION_MISMATCH, VersionMismatchException, NOT_APPLIED, false",
        "ABORTED, TEST_FAILED, PreconditionFailedException, NOT_APPLIED, false",
        "FAILED_PRECONDITION, NODE_NOT_EMPTY, PreconditionFailedException, NOT_APPLIED, false",
        "FAILED_PRECONDITION, REQUEST_ID_EXPIRED, PreconditionFailedException, UNKNOWN, false",
        "INVALID_ARGUMENT, PATH_INVALID, InvalidRequestException, NOT_APPLIED, false",
        "OUT_OF_RANGE, INT_OVERFLOW, InvalidRequestException, NOT_APPLIED, false",
        "OUT_OF_RANGE, PAGE_TOKEN_EXPIRED, RevisionCompactedException, NOT_APPLIED, false",
        "OUT_OF_RANGE, REVISION_COMPACTED, RevisionCompactedException, NOT_APPLIED, false",
        "RESOURCE_EXHAUSTED, VALUE_TOO_LARGE, LimitExceededException, NOT_APPLIED, false",
        "RESOURCE_EXHAUSTED, QUOTA_EXCEEDED, LimitExceededException, NOT_APPLIED, false",
        "RESOURCE_EXHAUSTED, OVERLOADED, OverloadedException, NOT_APPLIED, true",
        "RESOURCE_EXHAUSTED, RATE_LIMITED, OverloadedException, NOT_APPLIED, true",
        "RESOURCE_EXHAUSTED, NOSPACE, LimitExceededException, NOT_APPLIED, true",
        "RESOURCE_EXHAUSTED, MEMORY, LimitExceededException, NOT_APPLIED, true",
        "UNAVAILABLE, NO_LEADER, UnavailableException, UNKNOWN, true",
        "UNAVAILABLE, STALE, UnavailableException, UNKNOWN, true",
        "PERMISSION_DENIED, DENIED, AccessDeniedException, NOT_APPLIED, false",
        "DEADLINE_EXCEEDED, DEADLINE, OperationTimeoutException, UNKNOWN, true",
        "DATA_LOSS, MEMBER_CORRUPT, ServerException, UNKNOWN, true",
        "INTERNAL, INTERNAL, ServerException, UNKNOWN, false",
        "FAILED_PRECONDITION, SOMETHING_NEWER, PreconditionFailedException, NOT_APPLIED, false"
    })
    void everyReasonHasItsException(Code code, String reason, String name, Outcome outcome, boolean retryable) {
        Errors.WireError error = Errors.of(FakeErrors.error(code, reason, Map.of("path", "/a")));
        assertThat(error.outcome()).isEqualTo(outcome);
        PathkeeperException exception = Errors.exception(error, error.outcome(), null);
        assertThat(exception.getClass().getSimpleName()).isEqualTo(name);
        assertThat(exception.reason()).isEqualTo(reason);
        assertThat(exception.path()).isEqualTo("/a");
        assertThat(exception.outcome()).isEqualTo(outcome);
        assertThat(exception.isRetryable()).isEqualTo(retryable);
    }

    @Test
    void toldOutcomeIsBetterThanTheCode() {
        Errors.WireError error =
                Errors.of(FakeErrors.error(Code.UNAVAILABLE, "NO_LEADER", Map.of("outcome", "NOT_APPLIED")));
        assertThat(error.outcome()).isEqualTo(Outcome.NOT_APPLIED);
        assertThat(error.unavailable()).isTrue();
    }

    @Test
    void staleReadsAreTheCallersAffair() {
        assertThat(Errors.of(FakeErrors.error(Code.UNAVAILABLE, "STALE", Map.of()))
                        .unavailable())
                .isFalse();
    }

    @Test
    void detailsOfAnOrdinaryCallAreRead() {
        com.google.rpc.Status told = FakeErrors.overloaded().toBuilder()
                .addDetails(Any.pack(RetryInfo.newBuilder()
                        .setRetryDelay(com.google.protobuf.Duration.newBuilder()
                                .setSeconds(1)
                                .setNanos(500_000_000))
                        .build()))
                .build();
        var thrown = StatusProto.toStatusRuntimeException(told);
        Errors.WireError error = Errors.of(thrown.getStatus(), thrown.getTrailers());
        assertThat(error.reason()).isEqualTo("OVERLOADED");
        assertThat(error.retryDelayMillis()).isEqualTo(1_500);
    }

    @Test
    void connectionThatBreaksHasAReason() {
        Errors.WireError error = Errors.of(Status.UNAVAILABLE.withDescription("io exception"), null);
        assertThat(error.unreachable()).isTrue();
        assertThat(Errors.exception(error, Outcome.UNKNOWN, null).reason()).isEqualTo("CONNECTION_LOST");
    }
}

package io.pathkeeper.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.store.StoreFailure.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients branch on reasons and codes: the published table and the server say the same. */
@Timeout(30)
class ErrorTableContractTest {
    /** It is worth while to ask again. */
    private static final Set<RejectReason> LATER = Set.of(
            RejectReason.OVERLOADED,
            RejectReason.RATE_LIMITED,
            RejectReason.SIGN_IN_LIMITED,
            RejectReason.NOSPACE,
            RejectReason.MEMORY);

    private static final Path TABLE = Path.of("..", "proto", "README.md");

    private static Map<String, String> table() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        Matcher row = Pattern.compile("(?m)^\\| `([A-Z_]+)` \\| ([A-Z_]+) \\|").matcher(Files.readString(TABLE));
        while (row.find()) {
            assertThat(rows.put(row.group(1), row.group(2)))
                    .as("second row of %s", row.group(1))
                    .isNull();
        }
        return rows;
    }

    @Test
    void everyReasonHasItsRowWithItsCodeAndNoRowIsLeftOver() throws IOException {
        Map<String, String> expected = new TreeMap<>();
        for (RejectReason reason : RejectReason.values()) {
            expected.put(reason.name(), ErrorMapper.code(reason).name());
        }
        assertThat(table()).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(RejectReason.class)
    void everyReasonComesWithItsFacts(RejectReason reason) throws InvalidProtocolBufferException {
        StatusRuntimeException error = ErrorMapper.exception(Rejection.of(reason, "what happened", "path", "/a"));

        com.google.rpc.Status status = StatusProto.fromThrowable(error);
        assertThat(error.getStatus().getCode())
                .isEqualTo(ErrorMapper.code(reason))
                .isNotEqualTo(Status.Code.OK);
        assertThat(error.getStatus().getDescription()).isEqualTo("what happened");
        assertThat(WireFixture.infoOf(status).getDomain()).isEqualTo("pathkeeper");
        assertThat(WireFixture.infoOf(status).getReason()).isEqualTo(reason.name());
        assertThat(WireFixture.infoOf(status).getMetadataMap()).containsEntry("path", "/a");
        assertThat(detail(status, BadRequest.class) != null)
                .isEqualTo(ErrorMapper.code(reason) == Status.Code.INVALID_ARGUMENT);
        assertThat(detail(status, QuotaFailure.class) != null).isEqualTo(reason == RejectReason.QUOTA_EXCEEDED);
        assertThat(detail(status, RetryInfo.class) != null).isEqualTo(LATER.contains(reason));
        assertThat(WireFixture.infoOf(status).getMetadataMap().containsKey("retry_after_ms"))
                .isEqualTo(LATER.contains(reason));
    }

    private static <T extends com.google.protobuf.Message> T detail(com.google.rpc.Status status, Class<T> type)
            throws InvalidProtocolBufferException {
        for (Any any : status.getDetailsList()) {
            if (any.is(type)) {
                return any.unpack(type);
            }
        }
        return null;
    }

    @Test
    void whatIsUsedUpIsNamedByItsQuotaOrAsTheStoreWithoutAPath() throws InvalidProtocolBufferException {
        Rejection quota = Rejection.of(
                RejectReason.QUOTA_EXCEEDED,
                "the quota apps lets /app have 2 znodes",
                "path",
                "/app/a",
                "quota",
                "apps",
                "kind",
                "znodes",
                "used",
                "2",
                "limit",
                "2");
        Rejection store = Rejection.of(
                RejectReason.QUOTA_EXCEEDED, "too many wait", "path", "/locks/a", "limit", "8", "actual", "9");

        assertThat(violation(quota).getSubject()).isEqualTo("quota:apps");
        assertThat(violation(quota).getDescription()).isEqualTo("znodes: 2 used; the limit is 2");
        assertThat(violation(store).getSubject()).isEqualTo("store");
        assertThat(violation(store).getDescription()).isEqualTo("limit: 9; the limit is 8");
    }

    private static QuotaFailure.Violation violation(Rejection rejection) throws InvalidProtocolBufferException {
        return java.util.Objects.requireNonNull(detail(ErrorMapper.status(rejection), QuotaFailure.class))
                .getViolations(0);
    }

    @Test
    void failuresTellOutcomeAndLeader() {
        StoreFailure failure =
                new StoreFailure(Rejection.of(RejectReason.OUTCOME_UNKNOWN, "the leader changed"), Outcome.UNKNOWN);

        assertThat(WireFixture.infoOf(ErrorMapper.status(failure, "s2")).getMetadataMap())
                .containsEntry("outcome", "UNKNOWN")
                .containsEntry("leader", "s2");
        assertThat(WireFixture.infoOf(ErrorMapper.status(failure, "")).getMetadataMap())
                .doesNotContainKey("leader");
    }

    @Test
    void hugeAndInvalidTextsAreCutToWhatAStatusCanCarry() {
        String bad = "x\ud800y" + "z".repeat(100_000);

        com.google.rpc.Status status = ErrorMapper.status(Rejection.of(RejectReason.PATH_INVALID, bad, "path", bad));

        assertThat(status.getSerializedSize()).isLessThan(8_000);
        assertThat(status.getMessage()).startsWith("x\uFFFDyz").endsWith("...");
    }
}

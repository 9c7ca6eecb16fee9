package io.pathkeeper.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.rpc.QuotaFailure;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.protobuf.StatusProto;
import io.pathkeeper.client.cluster.Quota;
import io.pathkeeper.client.cluster.QuotaUsage;
import io.pathkeeper.client.cluster.Quotas;
import io.pathkeeper.client.error.LimitExceededException;
import io.pathkeeper.client.error.NodeNotFoundException;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.wire.FakeErrors;
import io.pathkeeper.client.wire.FakeServer;
import io.pathkeeper.client.wire.FakeStore;
import io.pathkeeper.v1.SetQuotaRequest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Quotas as they go over the wire, and what a write beyond one fails with. */
@Timeout(60)
class QuotasTest {
    private static final Quota APPS = new Quota("apps", "/app", 10L, null, 0L);
    private static final Quota INBOX = new Quota("inbox", "/in", null, 5_000L, null);
    private static final com.google.rpc.Status USED_UP = FakeErrors.error(
                    Code.RESOURCE_EXHAUSTED,
                    "QUOTA_EXCEEDED",
                    Map.of("path", "/app/a", "quota", "apps", "kind", "znodes", "used", "10", "limit", "10"))
            .toBuilder()
            .addDetails(Any.pack(QuotaFailure.newBuilder()
                    .addViolations(QuotaFailure.Violation.newBuilder().setSubject("quota:apps"))
                    .build()))
            .build();

    private final FakeServer server = new FakeServer("a", new FakeStore());
    private PathkeeperClient client;

    @BeforeEach
    void makeClient() {
        client = PathkeeperClient.builder().servers(server.address()).build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private Quotas quotas() {
        return client.quotas();
    }

    private static <E extends PathkeeperException> E failure(Class<E> type, CompletableFuture<?> call) {
        Throwable thrown = catchThrowable(call::join);
        assertThat(thrown).isInstanceOf(CompletionException.class).hasCauseInstanceOf(type);
        return type.cast(thrown.getCause());
    }

    private static void refusedByTheQuota(LimitExceededException refused) {
        assertThat(refused.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
        assertThat(refused.path()).isEqualTo("/app/a");
        assertThat(refused.limit()).isEqualTo(10);
        assertThat(refused.metadata()).containsAllEntriesOf(Map.of("quota", "apps", "kind", "znodes", "used", "10"));
        assertThat(refused.outcome()).isEqualTo(Outcome.NOT_APPLIED);
        assertThat(refused.isRetryable()).isFalse();
    }

    @Test
    void onlyTheLimitsThatAreGivenAreSentAndComeBackWithWhatIsUsed() {
        assertThat(quotas().set(INBOX).join()).isTrue();
        assertThat(quotas().set(APPS).join()).isTrue();
        assertThat(quotas().set(APPS).join()).as("a replaced one is not new").isFalse();

        io.pathkeeper.v1.Quota sent = ((SetQuotaRequest) server.quotas.calls.get(1)).getQuota();
        assertThat(sent.getName()).isEqualTo("apps");
        assertThat(sent.getPath()).isEqualTo("/app");
        assertThat(sent.getMaxZnodes()).isEqualTo(10);
        assertThat(sent.hasMaxBytes()).isFalse();
        assertThat(sent.hasMaxChildren()).as("0 is a limit").isTrue();
        assertThat(quotas().get("inbox").join()).isEqualTo(new QuotaUsage(INBOX, 3, 20, 2));
        assertThat(quotas().list().join())
                .containsExactly(new QuotaUsage(APPS, 3, 20, 2), new QuotaUsage(INBOX, 3, 20, 2));
        quotas().delete("apps").join();
        assertThat(quotas().list().join()).extracting(QuotaUsage::quota).containsExactly(INBOX);
    }

    @Test
    void aListHasAllOfAFullStore() {
        for (int i = 0; i < 256; i++) {
            quotas().set(new Quota("q" + i, "/q" + i, 1L, null, null)).join();
        }
        assertThat(quotas().list().join()).hasSize(256);
    }

    @Test
    void oneThatIsNotThereIsTold() {
        assertThat(failure(NodeNotFoundException.class, quotas().get("none")).reason())
                .isEqualTo(Reason.QUOTA_NOT_FOUND);
        assertThat(failure(NodeNotFoundException.class, quotas().delete("none")).reason())
                .isEqualTo(Reason.QUOTA_NOT_FOUND);
    }

    @Test
    void aSubtreeThatHasMoreAlreadyRefusesTheQuota() {
        server.quotas.errors.add(StatusProto.toStatusRuntimeException(USED_UP));

        refusedByTheQuota(failure(LimitExceededException.class, quotas().set(APPS)));
        assertThat(server.quotas.calls).hasSize(1);
    }

    @Test
    void aWriteBeyondAQuotaFailsWithWhatTheQuotaIsAndIsNotSentAgain() {
        server.refusal = operation -> USED_UP;

        refusedByTheQuota(catchThrowableOfType(
                LimitExceededException.class, () -> client.store().set("/app/a", Value.of(1))));
        assertThat(server.operations()).hasSize(1);
    }

    @Test
    void aChangeThatMayHaveBeenMadeIsNotRepeated() {
        server.quotas.errors.add(Status.UNAVAILABLE.asRuntimeException());
        assertThat(failure(PathkeeperException.class, quotas().set(APPS)).outcome())
                .isEqualTo(Outcome.UNKNOWN);
        server.quotas.errors.add(Status.UNAVAILABLE.asRuntimeException());
        assertThat(failure(PathkeeperException.class, quotas().delete("apps")).outcome())
                .isEqualTo(Outcome.UNKNOWN);
        assertThat(server.quotas.calls).hasSize(2);
    }

    @Test
    void aChangeThatWasNotMadeAndAQuestionAreRepeated() {
        server.quotas.errors.add(StatusProto.toStatusRuntimeException(FakeErrors.noLeader()));
        assertThat(quotas().set(APPS).join()).isTrue();
        server.quotas.errors.add(Status.UNAVAILABLE.asRuntimeException());
        assertThat(quotas().get("apps").join().quota()).isEqualTo(APPS);
        assertThat(server.quotas.calls).hasSize(4);
    }
}

package io.pathkeeper.client.wire;

import com.google.protobuf.Message;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.v1.DeleteQuotaRequest;
import io.pathkeeper.v1.DeleteQuotaResponse;
import io.pathkeeper.v1.GetQuotaRequest;
import io.pathkeeper.v1.GetQuotaResponse;
import io.pathkeeper.v1.ListQuotasRequest;
import io.pathkeeper.v1.ListQuotasResponse;
import io.pathkeeper.v1.Quota;
import io.pathkeeper.v1.QuotaUsage;
import io.pathkeeper.v1.SetQuotaRequest;
import io.pathkeeper.v1.SetQuotaResponse;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Quotas of a fake server, whose subtrees always have 3 znodes, 20 bytes and 2 children. */
public final class FakeQuotas {
    private final NavigableMap<String, Quota> quotas = new ConcurrentSkipListMap<>();
    /** Calls that came, in order. */
    public final List<Message> calls = new CopyOnWriteArrayList<>();
    /** The errors that the next calls get instead of being carried out. */
    public final ConcurrentLinkedQueue<StatusRuntimeException> errors = new ConcurrentLinkedQueue<>();

    private <A> void answer(Message call, StreamObserver<A> answers, Supplier<A> carriedOut) {
        calls.add(call);
        StatusRuntimeException error = errors.poll();
        if (error != null) {
            answers.onError(error);
            return;
        }
        try {
            answers.onNext(carriedOut.get());
            answers.onCompleted();
        } catch (StatusRuntimeException e) {
            answers.onError(e);
        }
    }

    private QuotaUsage usage(String name) {
        Quota quota = quotas.get(name);
        if (quota == null) {
            throw missing(name);
        }
        return QuotaUsage.newBuilder()
                .setQuota(quota)
                .setZnodes(3)
                .setBytes(20)
                .setChildren(2)
                .build();
    }

    private static StatusRuntimeException missing(String name) {
        return StatusProto.toStatusRuntimeException(
                FakeErrors.error(Code.NOT_FOUND, "QUOTA_NOT_FOUND", Map.of("name", name)));
    }

    void set(SetQuotaRequest request, StreamObserver<SetQuotaResponse> answers) {
        Quota quota = request.getQuota();
        answer(
                request,
                answers,
                () -> SetQuotaResponse.newBuilder()
                        .setCreated(quotas.put(quota.getName(), quota) == null)
                        .build());
    }

    void get(GetQuotaRequest request, StreamObserver<GetQuotaResponse> answers) {
        answer(
                request,
                answers,
                () -> GetQuotaResponse.newBuilder()
                        .setQuota(usage(request.getName()))
                        .build());
    }

    void list(ListQuotasRequest request, StreamObserver<ListQuotasResponse> answers) {
        answer(
                request,
                answers,
                () -> ListQuotasResponse.newBuilder()
                        .addAllQuotas(quotas.keySet().stream()
                                .limit(request.getPageSize())
                                .map(this::usage)
                                .toList())
                        .build());
    }

    void delete(DeleteQuotaRequest request, StreamObserver<DeleteQuotaResponse> answers) {
        answer(request, answers, () -> {
            if (quotas.remove(request.getName()) == null) {
                throw missing(request.getName());
            }
            return DeleteQuotaResponse.getDefaultInstance();
        });
    }
}

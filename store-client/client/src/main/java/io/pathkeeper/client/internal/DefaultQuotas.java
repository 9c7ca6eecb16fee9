package io.pathkeeper.client.internal;

import io.pathkeeper.client.cluster.Quota;
import io.pathkeeper.client.cluster.QuotaUsage;
import io.pathkeeper.client.cluster.Quotas;
import io.pathkeeper.v1.ClusterServiceGrpc;
import io.pathkeeper.v1.DeleteQuotaRequest;
import io.pathkeeper.v1.GetQuotaRequest;
import io.pathkeeper.v1.ListQuotasRequest;
import io.pathkeeper.v1.ListQuotasResponse;
import io.pathkeeper.v1.SetQuotaRequest;
import io.pathkeeper.v1.SetQuotaResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Quotas on the wire. Has no state of its own; any thread. */
final class DefaultQuotas implements Quotas {
    /** More than a store has. */
    private static final int ALL = 1_000;

    private final UnaryCalls unary;
    private final long timeoutNanos;

    DefaultQuotas(UnaryCalls unary, Duration requestTimeout) {
        this.unary = unary;
        this.timeoutNanos = requestTimeout.toNanos();
    }

    @Override
    public CompletableFuture<Boolean> set(Quota quota) {
        return unary.once(
                ClusterServiceGrpc.getSetQuotaMethod(),
                SetQuotaRequest.newBuilder().setQuota(proto(quota)).build(),
                timeoutNanos,
                SetQuotaResponse::getCreated);
    }

    @Override
    public CompletableFuture<QuotaUsage> get(String name) {
        return unary.call(
                ClusterServiceGrpc.getGetQuotaMethod(),
                GetQuotaRequest.newBuilder().setName(name).build(),
                timeoutNanos,
                answer -> usage(answer.getQuota()));
    }

    @Override
    public CompletableFuture<List<QuotaUsage>> list() {
        return unary.call(
                ClusterServiceGrpc.getListQuotasMethod(),
                ListQuotasRequest.newBuilder().setPageSize(ALL).build(),
                timeoutNanos,
                DefaultQuotas::usages);
    }

    @Override
    public CompletableFuture<Void> delete(String name) {
        return unary.once(
                        ClusterServiceGrpc.getDeleteQuotaMethod(),
                        DeleteQuotaRequest.newBuilder().setName(name).build(),
                        timeoutNanos,
                        Function.identity())
                .thenAccept(done -> {});
    }

    private static io.pathkeeper.v1.Quota proto(Quota quota) {
        io.pathkeeper.v1.Quota.Builder out =
                io.pathkeeper.v1.Quota.newBuilder().setName(quota.name()).setPath(quota.path());
        Long znodes = quota.maxZnodes();
        Long bytes = quota.maxBytes();
        Long children = quota.maxChildren();
        if (znodes != null) {
            out.setMaxZnodes(znodes);
        }
        if (bytes != null) {
            out.setMaxBytes(bytes);
        }
        if (children != null) {
            out.setMaxChildren(children);
        }
        return out.build();
    }

    private static List<QuotaUsage> usages(ListQuotasResponse page) {
        return page.getQuotasList().stream().map(DefaultQuotas::usage).toList();
    }

    private static QuotaUsage usage(io.pathkeeper.v1.QuotaUsage told) {
        io.pathkeeper.v1.Quota quota = told.getQuota();
        return new QuotaUsage(
                new Quota(
                        quota.getName(),
                        quota.getPath(),
                        limit(quota.hasMaxZnodes(), quota.getMaxZnodes()),
                        limit(quota.hasMaxBytes(), quota.getMaxBytes()),
                        limit(quota.hasMaxChildren(), quota.getMaxChildren())),
                told.getZnodes(),
                told.getBytes(),
                told.getChildren());
    }

    private static @Nullable Long limit(boolean set, long limit) {
        return set ? limit : null;
    }
}

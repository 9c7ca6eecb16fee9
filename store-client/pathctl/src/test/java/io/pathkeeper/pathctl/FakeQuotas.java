package io.pathkeeper.pathctl;

import io.pathkeeper.client.cluster.Quota;
import io.pathkeeper.client.cluster.QuotaUsage;
import io.pathkeeper.client.cluster.Quotas;
import io.pathkeeper.client.error.ErrorDetails;
import io.pathkeeper.client.error.LimitExceededException;
import io.pathkeeper.client.error.NodeNotFoundException;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.Reason;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Quotas of subtrees that all have three znodes, 40 bytes and two children. */
public final class FakeQuotas implements Quotas {
    private final TreeMap<String, Quota> quotas = new TreeMap<>();

    @Override
    public CompletableFuture<Boolean> set(Quota quota) {
        Long znodes = quota.maxZnodes();
        if (znodes != null && znodes < 3) {
            return CompletableFuture.failedFuture(new LimitExceededException(
                    new ErrorDetails(
                            Reason.QUOTA_EXCEEDED,
                            "the quota " + quota.name() + " cannot let " + quota.path() + " have " + znodes
                                    + " znodes: it has 3 already",
                            Map.of(),
                            false,
                            Outcome.NOT_APPLIED),
                    null));
        }
        return CompletableFuture.completedFuture(quotas.put(quota.name(), quota) == null);
    }

    @Override
    public CompletableFuture<QuotaUsage> get(String name) {
        Quota quota = quotas.get(name);
        return quota == null ? missing(name) : CompletableFuture.completedFuture(usage(quota));
    }

    @Override
    public CompletableFuture<List<QuotaUsage>> list() {
        return CompletableFuture.completedFuture(
                quotas.values().stream().map(FakeQuotas::usage).toList());
    }

    @Override
    public CompletableFuture<Void> delete(String name) {
        return quotas.remove(name) == null ? missing(name) : CompletableFuture.completedFuture(null);
    }

    private static QuotaUsage usage(Quota quota) {
        return new QuotaUsage(quota, 3, 40, 2);
    }

    private static <T> CompletableFuture<T> missing(String name) {
        return CompletableFuture.failedFuture(new NodeNotFoundException(
                new ErrorDetails(
                        Reason.QUOTA_NOT_FOUND,
                        "there is no quota of the name " + name,
                        Map.of(),
                        false,
                        Outcome.NOT_APPLIED),
                null));
    }
}

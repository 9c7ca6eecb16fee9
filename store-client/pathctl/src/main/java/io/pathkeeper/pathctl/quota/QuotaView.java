package io.pathkeeper.pathctl.quota;

import io.pathkeeper.client.cluster.Quota;
import io.pathkeeper.client.cluster.QuotaUsage;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.text.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Quotas for people and for programs. */
final class QuotaView {
    private QuotaView() {}

    static Table table(List<QuotaUsage> quotas) {
        Table table = new Table("NAME", "PATH", "ZNODES", "BYTES", "CHILDREN");
        for (QuotaUsage usage : quotas) {
            Quota quota = usage.quota();
            table.row(
                    quota.name(),
                    quota.path(),
                    of(usage.znodes(), quota.maxZnodes()),
                    of(usage.bytes(), quota.maxBytes()),
                    of(usage.children(), quota.maxChildren()));
        }
        return table;
    }

    private static String of(long used, @Nullable Long limit) {
        return limit == null ? Long.toString(used) : used + "/" + limit;
    }

    static Value document(QuotaUsage usage) {
        Quota quota = usage.quota();
        return Value.map(
                "name", quota.name(),
                "path", quota.path(),
                "znodes", kind(usage.znodes(), quota.maxZnodes()),
                "bytes", kind(usage.bytes(), quota.maxBytes()),
                "children", kind(usage.children(), quota.maxChildren()));
    }

    private static Value kind(long used, @Nullable Long limit) {
        return limit == null ? Value.map("used", used) : Value.map("used", used, "limit", limit);
    }
}

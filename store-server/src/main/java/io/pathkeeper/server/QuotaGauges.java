package io.pathkeeper.server;

import io.pathkeeper.server.metrics.MeterNames;
import io.pathkeeper.server.metrics.ServerMeters;
import io.pathkeeper.server.state.Quota;
import io.pathkeeper.server.state.Quotas;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.Znode;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Values for each limit of each quota, as the quotas come, change and go. Of one thread, but for the values. */
final class QuotaGauges {
    private final ServerMeters meters;
    private final Supplier<TreeView> views;
    private final Map<String, Quota> shown = new HashMap<>();
    /** The parent of the records when they were looked at; another one when anything below it has changed. */
    private @Nullable Znode seen;

    /** With where the newest view is found. */
    QuotaGauges(ServerMeters meters, Supplier<TreeView> views) {
        this.meters = meters;
        this.views = views;
    }

    /** Looks whether quotas have changed. */
    void look() {
        TreeView view = views.get();
        Znode top = view.find(Quotas.TOP);
        if (top == seen) {
            return;
        }
        seen = top;
        follow(Quotas.of(view));
    }

    private void follow(Quotas quotas) {
        for (Quota known : Map.copyOf(shown).values()) {
            if (!known.equals(quotas.find(known.name()))) {
                shown.remove(known.name());
                each(known, (kind, limit) -> {
                    meters.remove(MeterNames.QUOTA_USED, labels(known, kind));
                    meters.remove(MeterNames.QUOTA_LIMIT, labels(known, kind));
                });
            }
        }
        for (Quota quota : quotas.all()) {
            if (shown.putIfAbsent(quota.name(), quota) == null) {
                each(quota, (kind, limit) -> show(quota, kind, limit));
            }
        }
    }

    private void show(Quota quota, Quota.Kind kind, long limit) {
        meters.gauge(
                MeterNames.QUOTA_USED,
                "What a subtree has of what a quota lets it have",
                labels(quota, kind),
                () -> Quota.used(kind, views.get().find(quota.path())));
        meters.gauge(MeterNames.QUOTA_LIMIT, "What a quota lets a subtree have", labels(quota, kind), () -> limit);
    }

    private static Map<String, String> labels(Quota quota, Quota.Kind kind) {
        return Map.of("name", quota.name(), "kind", kind.label());
    }

    private interface Limited {
        void of(Quota.Kind kind, long limit);
    }

    private static void each(Quota quota, Limited action) {
        for (Quota.Kind kind : Quota.Kind.values()) {
            if (quota.limit(kind) != Quota.NONE) {
                action.of(kind, quota.limit(kind));
            }
        }
    }
}

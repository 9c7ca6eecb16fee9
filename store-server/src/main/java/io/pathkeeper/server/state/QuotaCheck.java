package io.pathkeeper.server.state;

import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.TreeEditor;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueEncoding;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds writes of clients against the quotas, and changes of quotas against what is there. What a subtree has is known at its top: the tree counts it with every
 * edit, so that nothing here is to be kept or undone. What the servers write by themselves is not limited. Apply thread.
 */
final class QuotaCheck {
    /** Of the value of a parent that is created on the way. */
    private static final int EMPTY_BYTES = ValueEncoding.ofNull().length;

    private final TreeEditor tree;
    private final RevisionDraft draft;
    private Quotas quotas;

    /** With the quotas that the tree has now. */
    QuotaCheck(TreeEditor tree, RevisionDraft draft, Quotas quotas) {
        this.tree = tree;
        this.draft = draft;
        this.quotas = quotas;
    }

    /**
     * Why a creation is refused; null when it is not.
     *
     * @param path what would be created, whose name is known
     * @param missing the parents that would be created, too, from the top
     * @param bytes of the value
     */
    CommandResult.@Nullable Rejected refusedCreation(ZnodePath path, ZnodePath[] missing, long bytes) {
        if (quotas.isEmpty() || draft.isInternal()) {
            return null;
        }
        ZnodePath top = path;
        for (int up = 0; ; up++) {
            int created = Math.min(up, missing.length) + 1; // at and below the top
            long allBytes = bytes + (created - 1L) * EMPTY_BYTES;
            boolean childIsNew = up > 0 && up - 1 <= missing.length;
            for (Quota quota : quotas.at(top)) {
                Znode znode = tree.find(top);
                CommandResult.Rejected refused = refused(quota, Quota.Kind.ZNODES, znode, created, path);
                refused = refused == null ? refused(quota, Quota.Kind.BYTES, znode, allBytes, path) : refused;
                if (refused == null && childIsNew) {
                    refused = refused(quota, Quota.Kind.CHILDREN, znode, 1, path);
                }
                if (refused != null) {
                    return refused;
                }
            }
            if (top.isRoot()) {
                return null;
            }
            top = top.parent();
        }
    }

    /** Why another value is refused; null when it is not. A value that does not grow never is. */
    CommandResult.@Nullable Rejected refusedValue(ZnodePath path, long moreBytes) {
        if (quotas.isEmpty() || moreBytes <= 0 || draft.isInternal()) {
            return null;
        }
        for (ZnodePath top = path; ; top = top.parent()) {
            for (Quota quota : quotas.at(top)) {
                CommandResult.Rejected refused = refused(quota, Quota.Kind.BYTES, tree.find(top), moreBytes, path);
                if (refused != null) {
                    return refused;
                }
            }
            if (top.isRoot()) {
                return null;
            }
        }
    }

    private static CommandResult.@Nullable Rejected refused(
            Quota quota, Quota.Kind kind, @Nullable Znode top, long more, ZnodePath path) {
        long limit = quota.limit(kind);
        long used = Quota.used(kind, top);
        if (limit == Quota.NONE || more <= 0 || used + more <= limit) {
            return null;
        }
        return rejected(
                quota,
                kind,
                used,
                path,
                "the quota " + quota.name() + " lets its subtree have " + limit + " " + words(kind) + ": it has " + used
                        + ", and writing " + path + " would add " + more
                        + "; delete something there first, or raise the quota");
    }

    /**
     * Takes over what a transaction of the servers changed among the quotas.
     *
     * @return why it is refused as a whole; null when it is not
     */
    CommandResult.@Nullable Rejected follow(List<TreeChange> changes) {
        Quotas now = quotas;
        for (TreeChange change : changes) {
            ZnodePath path = change.path();
            if (path.equals(Quotas.TOP) || !path.isWithin(Quotas.TOP)) {
                continue;
            }
            Znode after = change.after();
            if (after == null) {
                now = now.without(new String(path.name(), StandardCharsets.UTF_8));
                continue;
            }
            Quota quota = path.parent().equals(Quotas.TOP) ? Quota.read(path.name(), after.value()) : null;
            if (quota == null || quota.path().isReserved()) {
                return Refusals.of(
                        RejectReason.ARGUMENT_INVALID, path + " is no record of a quota", "path", path.toString());
            }
            now = now.with(quota);
            CommandResult.Rejected refused =
                    now.count() > Quotas.MOST ? tooMany(path) : below(quota, quotas.find(quota.name()));
            if (refused != null) {
                return refused;
            }
        }
        quotas = now;
        return null;
    }

    private static CommandResult.Rejected tooMany(ZnodePath path) {
        return Refusals.overLimit(
                RejectReason.QUOTA_EXCEEDED, path, "quotas of the store", Quotas.MOST + 1, Quotas.MOST);
    }

    /** A limit below what is there is refused, but for one that was there before and is not lowered. */
    private CommandResult.@Nullable Rejected below(Quota quota, @Nullable Quota before) {
        Znode top = tree.find(quota.path());
        for (Quota.Kind kind : Quota.Kind.values()) {
            long used = Quota.used(kind, top);
            boolean stood = before != null
                    && before.path().equals(quota.path())
                    && before.limit(kind) != Quota.NONE
                    && before.limit(kind) <= quota.limit(kind);
            if (quota.limit(kind) != Quota.NONE && used > quota.limit(kind) && !stood) {
                return rejected(
                        quota,
                        kind,
                        used,
                        quota.path(),
                        "the quota " + quota.name() + " cannot let " + quota.path() + " have " + quota.limit(kind) + " "
                                + words(kind) + ": it has " + used + " already; delete something there first, or set a"
                                + " higher limit");
            }
        }
        return null;
    }

    private static CommandResult.Rejected rejected(
            Quota quota, Quota.Kind kind, long used, ZnodePath path, String message) {
        return Refusals.of(
                RejectReason.QUOTA_EXCEEDED,
                message,
                "path",
                path.toString(),
                "quota",
                quota.name(),
                "kind",
                kind.label(),
                "used",
                Long.toString(used),
                "limit",
                Long.toString(quota.limit(kind)));
    }

    private static String words(Quota.Kind kind) {
        return switch (kind) {
            case ZNODES -> "znodes";
            case BYTES -> "bytes of values";
            case CHILDREN -> "children";
        };
    }
}

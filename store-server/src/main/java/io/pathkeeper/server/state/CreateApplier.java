package io.pathkeeper.server.state;

import io.pathkeeper.server.tree.TreeEditor;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodeBuilder;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Applies creations. Checks everything before it changes anything. Apply thread. */
final class CreateApplier {
    /** Most taken names that one sequential creation steps over. */
    static final int MAX_TAKEN_NAMES = 10_000;

    private static final ZnodePath[] NO_PATHS = {};

    private final StateLimits limits;
    private final TreeEditor tree;
    private final RevisionDraft draft;
    private final EphemeralRules ephemerals;
    private final QuotaCheck quotas;
    private long wallMillis;
    private long clusterMillis;

    CreateApplier(
            StateLimits limits, TreeEditor tree, RevisionDraft draft, EphemeralRules ephemerals, QuotaCheck quotas) {
        this.limits = limits;
        this.tree = tree;
        this.draft = draft;
        this.ephemerals = ephemerals;
        this.quotas = quotas;
    }

    void setTime(long newWallMillis, long newClusterMillis) {
        wallMillis = newWallMillis;
        clusterMillis = newClusterMillis;
    }

    CommandResult apply(Command.Create create) {
        return apply(create, 0);
    }

    /** As {@link #apply(Command.Create)}; the first sequential child of the new znode gets {@code firstSequence}. */
    CommandResult apply(Command.Create create, long firstSequence) {
        CommandResult.Rejected refused = refusedFacts(create);
        if (refused != null) {
            return refused;
        }
        ZnodePath prefix = create.path();
        ZnodePath parentPath = prefix.parent();
        Znode parent = tree.find(parentPath);
        ZnodePath[] missing = parent == null ? missingParents(parentPath) : NO_PATHS;
        refused = refusedParent(create, parentPath, parent, missing);
        if (refused != null) {
            return refused;
        }
        long number = parent == null ? 0 : parent.nextSequence();
        ZnodePath path = prefix;
        if (create.sequential()) {
            number = freeNumber(prefix, number);
            path = prefix.withSequence(number);
        }
        Znode there = tree.find(path);
        if (there != null && ephemerals.canTakeOver(create, there)) {
            return takenOver(create, there);
        }
        refused = refusedPath(create, path, there, missing.length + 1);
        if (refused == null) {
            refused = quotas.refusedCreation(path, missing, create.value().length);
        }
        if (refused != null) {
            return refused;
        }
        for (ZnodePath each : missing) {
            tree.insert(each, madeParent(each, create.parents()), 0);
        }
        Znode znode = made(create, path, firstSequence);
        tree.insert(path, znode, create.sequential() ? number + 1 : 0);
        for (ZnodePath each : missing) {
            draft.created(each, Objects.requireNonNull(tree.find(each)));
        }
        draft.created(path, znode);
        return new CommandResult.Created(path, znode, create.sequential() ? number : 0, draft.next());
    }

    private CommandResult takenOver(Command.Create create, Znode there) {
        CommandResult.Rejected refused =
                quotas.refusedValue(create.path(), create.value().length - there.value().length);
        if (refused != null) {
            return refused;
        }
        Znode before = there.detached();
        long owner = ephemerals.owner(create);
        Znode after = tree.handOver(create.path(), create.value(), create.contentType(), owner, draft.next())
                .detached();
        draft.updated(create.path(), before, after);
        return new CommandResult.Created(create.path(), after, 0, draft.next());
    }

    private CommandResult.@Nullable Rejected refusedFacts(Command.Create create) {
        ZnodePath path = create.path();
        if (path.isRoot() && !create.sequential()) {
            return Refusals.root("created");
        }
        CommandResult.Rejected refused = refusedContent(limits, path, create.value(), create.contentType());
        if (refused != null) {
            return refused;
        }
        refused = ephemerals.refused(create);
        if (refused != null) {
            return refused;
        }
        boolean ttl = create.kind() == ZnodeKind.TTL;
        boolean inRange =
                create.ttlMillis() >= StateLimits.MIN_TTL_MILLIS && create.ttlMillis() <= StateLimits.MAX_TTL_MILLIS;
        if (ttl ? !inRange : create.ttlMillis() != 0) {
            return Refusals.of(
                    RejectReason.ARGUMENT_INVALID,
                    "the time to live of " + path + " is " + create.ttlMillis() + " ms; it must be "
                            + StateLimits.MIN_TTL_MILLIS + " to " + StateLimits.MAX_TTL_MILLIS
                            + " ms for a TTL znode and 0 for every other kind",
                    "path",
                    path.toString(),
                    "limit",
                    Long.toString(StateLimits.MAX_TTL_MILLIS),
                    "actual",
                    Long.toString(create.ttlMillis()));
        }
        if (create.parents() == ZnodeKind.EPHEMERAL || create.parents() == ZnodeKind.TTL) {
            return Refusals.of(
                    RejectReason.ARGUMENT_INVALID,
                    "parents of " + path + " can be created as PERSISTENT or CONTAINER, not as " + create.parents(),
                    "path",
                    path.toString());
        }
        return null;
    }

    /** Limits of what a znode holds; the form of the value was checked before the command was proposed. */
    static CommandResult.@Nullable Rejected refusedContent(
            StateLimits limits, ZnodePath path, byte[] value, String contentType) {
        if (value.length > limits.value().maxBytes()) {
            return Refusals.overLimit(
                    RejectReason.VALUE_TOO_LARGE,
                    path,
                    "bytes of the value",
                    value.length,
                    limits.value().maxBytes());
        }
        if (contentType.length() > 0) {
            int bytes = contentType.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > limits.maxContentTypeBytes()) {
                return Refusals.overLimit(
                        RejectReason.ARGUMENT_INVALID,
                        path,
                        "bytes of the content type",
                        bytes,
                        limits.maxContentTypeBytes());
            }
        }
        return null;
    }

    /** The ancestors that do not exist, from the top. */
    private ZnodePath[] missingParents(ZnodePath parentPath) {
        Deque<ZnodePath> missing = new ArrayDeque<>();
        for (ZnodePath path = parentPath; tree.find(path) == null; path = path.parent()) {
            missing.push(path);
        }
        return missing.toArray(NO_PATHS);
    }

    private CommandResult.@Nullable Rejected refusedParent(
            Command.Create create, ZnodePath parentPath, @Nullable Znode parent, ZnodePath[] missing) {
        ZnodePath written = create.sequential() ? parentPath : create.path();
        if (draft.forbids(written)) {
            return Refusals.reserved(create.path());
        }
        Znode nearest = parent != null ? parent : tree.find(missing[0].parent());
        if (nearest != null && nearest.kind() == ZnodeKind.EPHEMERAL) {
            ZnodePath path = parent != null ? parentPath : missing[0].parent();
            return Refusals.ephemeralParent(path);
        }
        if (parent == null && create.parents() == null) {
            return Refusals.of(
                    RejectReason.PARENT_NOT_FOUND,
                    "the parent " + parentPath + " does not exist",
                    "path",
                    parentPath.toString());
        }
        return null;
    }

    /** The first number from this one on whose name is free, as far as it is looked for. */
    private long freeNumber(ZnodePath prefix, long from) {
        long number = from;
        while (number - from < MAX_TAKEN_NAMES && tree.find(prefix.withSequence(number)) != null) {
            number++;
        }
        return number;
    }

    private CommandResult.@Nullable Rejected refusedPath(
            Command.Create create, ZnodePath path, @Nullable Znode there, int more) {
        int length = path.length();
        if (length > ZnodePath.MAX_BYTES) {
            return Refusals.overLimit(
                    RejectReason.PATH_INVALID, create.path(), "bytes of the path", length, ZnodePath.MAX_BYTES);
        }
        int nameLength = path.nameLength();
        if (nameLength > ZnodePath.MAX_NAME_BYTES) {
            return Refusals.overLimit(
                    RejectReason.PATH_INVALID,
                    create.path(),
                    "bytes of the name",
                    nameLength,
                    ZnodePath.MAX_NAME_BYTES);
        }
        if (there != null) {
            return Refusals.of(
                    RejectReason.NODE_EXISTS,
                    path + " exists already",
                    "path",
                    path.toString(),
                    "current_version",
                    Long.toString(there.version()),
                    "current_revision",
                    Long.toString(there.modifiedRevision()),
                    "modified_revision",
                    Long.toString(there.modifiedRevision()));
        }
        if (tree.znodeCount() + more > limits.maxZnodes()) {
            return Refusals.overLimit(
                    RejectReason.QUOTA_EXCEEDED,
                    path,
                    "znodes of the store after the creation",
                    tree.znodeCount() + more,
                    limits.maxZnodes());
        }
        return null;
    }

    private Znode madeParent(ZnodePath path, @Nullable ZnodeKind kind) {
        return builder(path).kind(kind == null ? ZnodeKind.PERSISTENT : kind).build();
    }

    private Znode made(Command.Create create, ZnodePath path, long firstSequence) {
        ZnodeBuilder builder = builder(path)
                .kind(create.kind())
                .value(create.value())
                .contentType(create.contentType())
                .nextSequence(firstSequence);
        if (create.kind() == ZnodeKind.TTL) {
            builder.ttl(create.ttlMillis(), create.ttlAbsolute(), clusterMillis + create.ttlMillis());
        } else if (create.kind() == ZnodeKind.EPHEMERAL) {
            builder.ownerSession(ephemerals.owner(create));
        } else if (create.kind() == ZnodeKind.CONTAINER) {
            builder.ttl(0, false, clusterMillis + limits.unusedContainerMillis());
        }
        return builder.build();
    }

    private ZnodeBuilder builder(ZnodePath path) {
        return new ZnodeBuilder()
                .name(path.name())
                .revisions(draft.next(), draft.next())
                .times(wallMillis, wallMillis);
    }
}

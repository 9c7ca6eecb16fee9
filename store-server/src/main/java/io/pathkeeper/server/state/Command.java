package io.pathkeeper.server.state;

import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.FieldOperation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the log carries: a change of the replicated state that is asked for. Values are canonical encodings, checked before the
 * command is proposed; everything that depends on the state is checked when it is applied.
 */
public sealed interface Command {
    /** No expectation about a version or a revision. */
    long ANY = -1;

    /**
     * Creates a znode.
     *
     * @param path its path; when sequential the prefix, whose last name may be empty
     * @param value canonical encoding
     * @param contentType description of the content, empty for none
     * @param parents kind of missing parents that are created ({@code PERSISTENT} or {@code CONTAINER}), or null to refuse
     * @param ttlMillis time to live for {@link ZnodeKind#TTL}, else 0
     * @param ttlAbsolute whether changes of the value leave the deadline as it is
     * @param sessionId owner of an ephemeral znode, else 0
     */
    record Create(
            ZnodePath path,
            ZnodeKind kind,
            byte[] value,
            String contentType,
            boolean sequential,
            @Nullable ZnodeKind parents,
            long ttlMillis,
            boolean ttlAbsolute,
            long sessionId)
            implements Command {}

    /** Replaces a value. */
    record Set(
            ZnodePath path,
            byte[] value,
            String contentType,
            long expectedVersion,
            long expectedRevision,
            boolean allowMissing,
            boolean ifChanged,
            boolean returnPrevious)
            implements Command {}

    /** Changes fields of a value, all or none. */
    record Patch(
            ZnodePath path,
            List<FieldOperation> operations,
            long expectedVersion,
            long expectedRevision,
            boolean returnPrevious)
            implements Command {}

    /** Deletes a znode, or with {@code recursive} a subtree. */
    record Delete(
            ZnodePath path, boolean recursive, long expectedVersion, long expectedRevision, boolean returnPrevious)
            implements Command {}

    /** Reads a znode; only inside a transaction. */
    record Read(ZnodePath path) implements Command {}

    /** Carries out one of two lists of operations, by conditions, wholly or not at all, at one revision. */
    record Transact(List<Condition> conditions, List<Command> then, List<Command> otherwise) implements Command {}

    /** Lets the state's clock go on and deletes what has reached its deadline, at most so many znodes. */
    record Tick(int limit) implements Command {}

    /** Compares the digest of the tree: a server whose tree at this point has another digest has diverged. */
    record CheckDigest(long revision, long digest) implements Command {}
}

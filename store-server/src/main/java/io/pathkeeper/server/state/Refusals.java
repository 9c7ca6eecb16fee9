package io.pathkeeper.server.state;

import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The words of the refusals that several commands share. Stateless. */
final class Refusals {
    private Refusals() {}

    static CommandResult.Rejected of(RejectReason reason, String message, String... metadata) {
        return new CommandResult.Rejected(Rejection.of(reason, message, metadata));
    }

    static CommandResult.Rejected notFound(ZnodePath path) {
        return of(RejectReason.NODE_NOT_FOUND, "there is no znode " + path, "path", path.toString());
    }

    static CommandResult.Rejected reserved(ZnodePath path) {
        return of(
                RejectReason.PATH_INVALID,
                path + " is reserved: nothing can be written at or below /_sys and /zookeeper",
                "path",
                path.toString());
    }

    static CommandResult.Rejected ephemeralParent(ZnodePath path) {
        return of(
                RejectReason.EPHEMERAL_PARENT,
                path + " is ephemeral and cannot have children",
                "path",
                path.toString());
    }

    static CommandResult.Rejected root(String what) {
        return of(RejectReason.ROOT_IMMUTABLE, "the root \"/\" always exists: it cannot be " + what, "path", "/");
    }

    static CommandResult.Rejected overLimit(
            RejectReason reason, ZnodePath path, String thing, long actual, long limit) {
        return of(
                reason,
                thing + " of " + path + ": " + actual + "; the limit is " + limit,
                "path",
                path.toString(),
                "limit",
                Long.toString(limit),
                "actual",
                Long.toString(actual));
    }

    /**
     * Compares expectations with what is there.
     *
     * @param znode null counts as version 0 and revision 0
     * @return null when they are met
     */
    static CommandResult.@Nullable Rejected unexpected(
            ZnodePath path, @Nullable Znode znode, long expectedVersion, long expectedRevision) {
        long version = znode == null ? 0 : znode.version();
        long revision = znode == null ? 0 : znode.modifiedRevision();
        boolean versionMet = expectedVersion == Command.ANY || expectedVersion == version;
        boolean revisionMet = expectedRevision == Command.ANY || expectedRevision == revision;
        if (versionMet && revisionMet) {
            return null;
        }
        String expected = versionMet ? "modified revision " + expectedRevision : "version " + expectedVersion;
        String found = versionMet ? Long.toString(revision) : Long.toString(version);
        return of(
                RejectReason.VERSION_MISMATCH,
                path + " was expected to have " + expected + " but has " + found + ": read it again",
                "path",
                path.toString(),
                "current_version",
                Long.toString(version),
                "current_revision",
                Long.toString(revision));
    }

    /** The same refusal, saying which operation of a transaction it is about. */
    static CommandResult.Rejected inTransaction(CommandResult.Rejected rejected, int index) {
        Rejection rejection = rejected.rejection();
        Map<String, String> metadata = new HashMap<>(rejection.metadata());
        metadata.put("op_index", Integer.toString(index));
        return new CommandResult.Rejected(new Rejection(
                rejection.reason(), "operation " + index + " of the transaction: " + rejection.message(), metadata));
    }
}

package io.pathkeeper.server.state;

import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.coordination.LockMode;
import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.tree.ZnodePath;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The limits of what is asked of locks and elections, and the words of their refusals. Stateless. */
final class LockFacts {
    private LockFacts() {}

    /** Why a wish makes no sense whatever the state is, or null. */
    static CommandResult.@Nullable Rejected refused(Command.Acquire acquire) {
        ZnodePath path = acquire.path();
        if (path.isReserved()) {
            return Refusals.reserved(path);
        }
        int holder = bytes(acquire.holderId());
        if (holder > StateLimits.MAX_HOLDER_ID_BYTES) {
            return invalid(path, "holder_id", "bytes of the holder id", holder, StateLimits.MAX_HOLDER_ID_BYTES);
        }
        int note = bytes(acquire.note());
        if (note > StateLimits.MAX_NOTE_BYTES) {
            return invalid(path, "note", "bytes of the note", note, StateLimits.MAX_NOTE_BYTES);
        }
        long delay = acquire.lockDelayMillis();
        if (delay < 0 || delay > StateLimits.MAX_LOCK_DELAY_MILLIS) {
            return invalid(
                    path,
                    "lock_delay_ms",
                    "milliseconds of delay (at least 0)",
                    delay,
                    StateLimits.MAX_LOCK_DELAY_MILLIS);
        }
        CommandResult.Rejected refused = refusedPermits(acquire);
        if (refused != null) {
            return refused;
        }
        if (acquire.election()) {
            return refusedElection(acquire);
        }
        return acquire.value().length == 0
                ? null
                : invalid(path, "value", "bytes of the value, which only an election has,", acquire.value().length, 0);
    }

    private static CommandResult.@Nullable Rejected refusedPermits(Command.Acquire acquire) {
        boolean counted = acquire.mode() == LockMode.PERMITS;
        long most = counted ? StateLimits.MAX_PERMITS : 0;
        long least = counted ? 1 : 0;
        if (acquire.maxPermits() < least || acquire.maxPermits() > most) {
            return invalid(
                    acquire.path(),
                    "max_permits",
                    "permits in all (at least " + least + ") in mode " + acquire.mode(),
                    acquire.maxPermits(),
                    most);
        }
        if (acquire.permits() < least || acquire.permits() > acquire.maxPermits()) {
            return invalid(
                    acquire.path(),
                    "permits",
                    "permits (at least " + least + ") in mode " + acquire.mode(),
                    acquire.permits(),
                    acquire.maxPermits());
        }
        return null;
    }

    private static CommandResult.@Nullable Rejected refusedElection(Command.Acquire acquire) {
        if (acquire.mode() != LockMode.EXCLUSIVE) {
            return Refusals.of(
                    RejectReason.ARGUMENT_INVALID,
                    "the election " + acquire.path() + " has one leader: its mode is EXCLUSIVE, not " + acquire.mode(),
                    "path",
                    acquire.path().toString(),
                    "field",
                    "mode");
        }
        return refusedValue(acquire.path(), acquire.value());
    }

    /** Why a value cannot be proclaimed, or null. */
    static CommandResult.@Nullable Rejected refusedValue(ZnodePath path, byte[] value) {
        if (value.length == 0) {
            return Refusals.of(
                    RejectReason.ARGUMENT_INVALID,
                    "the value that is proclaimed on " + path + " has no encoding: null has one, too",
                    "path",
                    path.toString(),
                    "field",
                    "value");
        }
        if (value.length > StateLimits.MAX_PROCLAIMED_BYTES) {
            return Refusals.overLimit(
                    RejectReason.VALUE_TOO_LARGE,
                    path,
                    "bytes of the proclaimed value",
                    value.length,
                    StateLimits.MAX_PROCLAIMED_BYTES);
        }
        return null;
    }

    /** Why a wish cannot stand beside the present holders and waiters, or null. */
    static CommandResult.@Nullable Rejected mismatch(LockState lock, Command.Acquire acquire) {
        if (lock.election() != acquire.election()) {
            return otherUse(lock, acquire.election());
        }
        if (lock.maxPermits() != acquire.maxPermits()) {
            return Refusals.of(
                    RejectReason.LOCK_MODE_MISMATCH,
                    "the lock " + lock.path() + " is used with " + permitsOf(lock.maxPermits()) + " and cannot be used"
                            + " with " + permitsOf(acquire.maxPermits()) + " meanwhile",
                    "path",
                    lock.path().toString(),
                    "max_permits",
                    Long.toString(lock.maxPermits()));
        }
        return null;
    }

    private static String permitsOf(long maxPermits) {
        return maxPermits == 0 ? "no permits" : maxPermits + " permits in all";
    }

    static CommandResult.Rejected otherUse(LockState lock, boolean election) {
        String present = lock.election() ? "an election" : "a lock";
        return Refusals.of(
                RejectReason.LOCK_MODE_MISMATCH,
                lock.path() + " is " + present + ", not " + (election ? "an election" : "a lock")
                        + ": choose another path",
                "path",
                lock.path().toString());
    }

    static CommandResult.Rejected otherWish(LockState lock, Command.Acquire acquire, LockEntry entry) {
        return Refusals.of(
                RejectReason.LOCK_MODE_MISMATCH,
                "holder \"" + acquire.holderId() + "\" of session " + entry.sessionId() + " asked for " + lock.path()
                        + " with mode " + entry.mode() + " and " + entry.permits() + " permits before, not with mode "
                        + acquire.mode() + " and " + acquire.permits() + ": release it first or take another holder id",
                "path",
                lock.path().toString(),
                "mode",
                entry.mode().name());
    }

    static CommandResult.Rejected notHeld(Command.Release release) {
        String path = release.path().toString();
        String what = release.token() == 0 ? "neither holds nor waits for" : "does not hold";
        String grant = release.token() == 0 ? "" : " with token " + release.token();
        return Refusals.of(
                RejectReason.LOCK_NOT_HELD,
                "holder \"" + release.holderId() + "\" of session "
                        + release.session().id() + " " + what + " " + path + grant,
                "path",
                path,
                "token",
                Long.toString(release.token()));
    }

    static CommandResult.Rejected quota(ZnodePath path, String thing, long actual, long limit) {
        return Refusals.overLimit(RejectReason.QUOTA_EXCEEDED, path, thing, actual, limit);
    }

    private static CommandResult.Rejected invalid(ZnodePath path, String field, String thing, long actual, long limit) {
        return Refusals.of(
                RejectReason.ARGUMENT_INVALID,
                thing + " for " + path + ": " + actual + "; the limit is " + limit,
                "path",
                path.toString(),
                "field",
                field,
                "limit",
                Long.toString(limit),
                "actual",
                Long.toString(actual));
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}

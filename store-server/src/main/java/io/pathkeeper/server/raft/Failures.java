package io.pathkeeper.server.raft;

import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.store.StoreFailure.Outcome;
import io.pathkeeper.server.store.StoreUse;
import java.util.Locale;

/** The words for what can go wrong on the way through the log. */
final class Failures {
    private Failures() {}

    static StoreFailure overloaded(String what, long actual, long limit) {
        return new StoreFailure(
                Rejection.of(
                        RejectReason.OVERLOADED,
                        "this server has " + actual + " " + what + " waiting, its limit is " + limit
                                + "; try again a little later",
                        "actual",
                        Long.toString(actual),
                        "limit",
                        Long.toString(limit),
                        "retry_after_ms",
                        "50"),
                Outcome.NOT_APPLIED);
    }

    static StoreFailure noSpace(SpaceRefusal refusal) {
        String what = refusal == SpaceRefusal.ALL
                ? "the disks of a majority of the servers, or the leader's, are full: only reads are served"
                : "the disks of a majority of the servers run full: writes that let the store grow are refused, deletes"
                        + " and reads are not";
        return new StoreFailure(
                Rejection.of(
                        RejectReason.NOSPACE,
                        what + "; make room on the servers' disks, and try again: it ends by itself",
                        "retry_after_ms",
                        "1000"),
                Outcome.NOT_APPLIED);
    }

    static StoreFailure storeFull(StoreUse.Full full, long used) {
        String what = full.kind() == StoreUse.Kind.ZNODES ? " znodes" : " bytes of values";
        return new StoreFailure(
                Rejection.of(
                        RejectReason.MEMORY,
                        "the store has " + used + what + ", and " + full.kind().key() + " is " + full.limit()
                                + ": from " + StoreUse.HARD_PERCENT
                                + " % of it on creates, sets and patches are refused; delete what is not needed, or give"
                                + " the servers more memory and raise the limit; it ends by itself",
                        "kind",
                        full.kind().name().toLowerCase(Locale.ROOT),
                        "used",
                        Long.toString(used),
                        "limit",
                        Long.toString(full.limit()),
                        "retry_after_ms",
                        "1000"),
                Outcome.NOT_APPLIED);
    }

    static StoreFailure noLeader() {
        return new StoreFailure(
                Rejection.of(
                        RejectReason.NO_LEADER,
                        "no leader was known until the deadline; the request had no effect, try again when the servers"
                                + " have elected one"),
                Outcome.NOT_APPLIED);
    }

    static StoreFailure notSent() {
        return new StoreFailure(
                Rejection.of(
                        RejectReason.DEADLINE,
                        "the deadline passed while the request was waiting to be sent; it had no effect"),
                Outcome.NOT_APPLIED);
    }

    static StoreFailure unknown(String why) {
        return new StoreFailure(
                Rejection.of(
                        RejectReason.OUTCOME_UNKNOWN,
                        why + "; the request may have been applied: repeat it with the same request_id, or read"),
                Outcome.UNKNOWN);
    }

    static StoreFailure shuttingDown() {
        return new StoreFailure(
                Rejection.of(RejectReason.SHUTTING_DOWN, "this server is stopping; ask another one"),
                Outcome.NOT_APPLIED);
    }

    static StoreFailure noQuorum(String why) {
        return new StoreFailure(
                Rejection.of(RejectReason.NO_QUORUM, why + "; ask another server or try again"), Outcome.NOT_APPLIED);
    }

    static StoreFailure revisionNotReached(long revision, long have) {
        return new StoreFailure(
                Rejection.of(
                        RejectReason.DEADLINE,
                        "this server is at revision " + have + " and did not reach revision " + revision
                                + " before the deadline; ask another server",
                        "revision",
                        Long.toString(have)),
                Outcome.NOT_APPLIED);
    }
}

package io.pathkeeper.server.rpc;

import io.grpc.Context;
import io.pathkeeper.server.acl.Grants;
import io.pathkeeper.server.acl.Verb;
import io.pathkeeper.server.auth.AuthPaths;
import io.pathkeeper.server.auth.Gatekeeper;
import io.pathkeeper.server.auth.Identity;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.ProposalTimes;
import io.pathkeeper.server.tree.ZnodePath;
import org.jspecify.annotations.Nullable;

/**
 * What the maker of one call may do, and when the call passed the places on its way. Every answer is by the rules as they are at that moment. Any thread.
 *
 * <p>The records of users and roles can be neither read nor written as znodes, whoever asks; the rest of the server's own part of the
 * tree is for administrators.
 */
final class Access {
    private static final Context.Key<Access> KEY = Context.key("access");

    private final Gatekeeper gate;
    private final Identity identity;
    private final String method;
    private final RateLimit.@Nullable Allowance allowance;
    private final boolean caughtUp;
    private volatile Gatekeeper.@Nullable Held held;
    private volatile @Nullable ProposalTimes proposalTimes;
    private volatile long viewNanos;

    /**
     * Makes one.
     *
     * @param allowance how often its maker may call; null: as often as it likes
     * @param caughtUp whether the server had caught up with the others before the call: else rules that would allow it may be missing
     */
    Access(
            Gatekeeper gate,
            Identity identity,
            String method,
            RateLimit.@Nullable Allowance allowance,
            boolean caughtUp) {
        this.gate = gate;
        this.identity = identity;
        this.method = method;
        this.allowance = allowance;
        this.caughtUp = caughtUp;
    }

    /** What the call proposed was applied; for whoever asks where its time went. */
    void proposed(ProposalTimes times) {
        proposalTimes = times;
    }

    /** The call, a read, has got its view just now. */
    void gotView() {
        viewNanos = System.nanoTime();
    }

    @Nullable
    ProposalTimes proposalTimes() {
        return proposalTimes;
    }

    /** When the call got its view, 0 when it has none. */
    long viewNanos() {
        return viewNanos;
    }

    /** Counts further operations of the call; refuses with RATE_LIMITED when its maker has made too many. */
    void count(int operations) {
        if (allowance != null) {
            allowance.take(operations);
        }
    }

    /** Of the present call; on the thread that reads it. */
    static Access current() {
        Access access = KEY.get();
        if (access == null) {
            throw new IllegalStateException("a call came past the gate");
        }
        return access;
    }

    /** A context in which {@link #current} is this. */
    Context within(Context context) {
        return context.withValue(KEY, this);
    }

    Identity identity() {
        return identity;
    }

    Gatekeeper gate() {
        return gate;
    }

    /** Whether this may be done at a path. */
    boolean may(Verb verb, ZnodePath path) {
        if (path.isWithin(ZnodePath.SYSTEM)) {
            return maySystem(verb, path);
        }
        return identity.isUnrestricted() || grants().allows(verb, path.utf8());
    }

    private Grants grants() {
        Gatekeeper.Held now = gate.grants(identity, held);
        held = now;
        return now.grants();
    }

    private boolean maySystem(Verb verb, ZnodePath path) {
        if (isHidden(verb, path)) {
            return false;
        }
        return identity.isUnrestricted()
                || grants().allows(verb, path.utf8()) && grants().allows(Verb.ADMIN, path.utf8());
    }

    /** Whether nobody may do this, as the records of users and roles are no znodes for anybody. */
    static boolean isHidden(Verb verb, ZnodePath path) {
        return path.isWithin(AuthPaths.TOP) && verb != Verb.ADMIN;
    }

    /** Whether this may be done at a path and at everything below it, whatever is there or will be. */
    boolean mayBelow(Verb verb, ZnodePath path) {
        if (ZnodePath.SYSTEM.isWithin(path) || path.isWithin(ZnodePath.SYSTEM)) {
            return false;
        }
        return identity.isUnrestricted() || grants().allowsAllBelow(verb, path.utf8());
    }

    /** Refuses when this may not be done. */
    void require(Verb verb, ZnodePath path) {
        if (!may(verb, path)) {
            throw new RejectedException(denied(verb, path, "no rule allows it, or one denies it"));
        }
    }

    /** Refuses when this may not be done at the path and at everything below it. */
    void requireBelow(Verb verb, ZnodePath path) {
        require(verb, path);
        if (!identity.isUnrestricted() && !mayBelow(verb, path)) {
            throw new RejectedException(denied(verb, path, "a rule denies it at something below"));
        }
    }

    /** Why somebody is refused whom a server with the newest records might know, and let. */
    static Rejection catchingUp() {
        return Rejection.of(
                RejectReason.CATCHING_UP,
                "this server has started and does not have the others' state yet, so it does not know who may do what:"
                        + " try another server, or again",
                "outcome",
                "NOT_APPLIED");
    }

    private Rejection denied(Verb verb, ZnodePath path, String why) {
        if (!caughtUp && !identity.isUnrestricted()) {
            return catchingUp();
        }
        return Rejection.of(
                RejectReason.DENIED,
                identity.principal() + " may not " + verb + " " + path + ": " + why + " (CheckAccess tells more)",
                "principal",
                identity.principal(),
                "verb",
                verb.name(),
                "path",
                path.toString(),
                "method",
                method);
    }
}

package io.pathkeeper.server.rpc;

import io.pathkeeper.server.acl.Verb;
import io.pathkeeper.server.observe.ObserveGate;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.ObserveRequest;
import org.jspecify.annotations.Nullable;

/** Lets an observer be told what its maker may observe at that moment. Any thread. */
final class RightsGate implements ObserveGate {
    private final Access access;
    private final ObserveRequest request;

    RightsGate(Access access, ObserveRequest request) {
        this.access = access;
        this.request = request;
    }

    @Override
    public Object rules() {
        return access.identity().isUnrestricted() ? this : access.gate().state();
    }

    @Override
    public @Nullable Rejection refusal() {
        try {
            AccessRules.observe(access, request);
            return null;
        } catch (RejectedException e) {
            return e.rejection();
        }
    }

    @Override
    public boolean shows(ZnodePath path) {
        return access.may(Verb.OBSERVE, path);
    }
}

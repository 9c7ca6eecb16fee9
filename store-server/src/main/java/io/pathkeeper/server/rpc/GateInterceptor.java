package io.pathkeeper.server.rpc;

import com.google.protobuf.Message;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.pathkeeper.server.audit.AuditLog;
import io.pathkeeper.server.auth.AuthFailure;
import io.pathkeeper.server.auth.Gatekeeper;
import io.pathkeeper.server.auth.Identity;
import io.pathkeeper.server.metrics.AuthMeters;
import io.pathkeeper.server.metrics.RpcMeters;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.wire.ConnectionGate;
import io.pathkeeper.v1.AuthServiceGrpc;
import io.pathkeeper.v1.ClusterServiceGrpc;
import io.pathkeeper.v1.LockServiceGrpc;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The one gate that every call goes through: finds out who makes it, checks every message of the client against {@link AccessRules} before an
 * endpoint sees it, notes it for the audit log, and ends calls that wait or stream when the right to them has gone.
 *
 * <p>Any thread. Messages and the end of a call go out under the monitor of its {@link GatedCall}, as the end may come from the timer.
 */
final class GateInterceptor implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> NAMESPACE =
            Metadata.Key.of("pathkeeper-namespace", Metadata.ASCII_STRING_MARSHALLER);
    private static final String BEARER = "bearer ";
    /** Those whose paths are none of a namespace: users and roles, the cluster, the standard services. */
    private static final Set<String> WHOLE =
            Set.of(AuthServiceGrpc.SERVICE_NAME, ClusterServiceGrpc.SERVICE_NAME, MaintenanceServiceGrpc.SERVICE_NAME);

    private final Gatekeeper gate;
    private final AuditLog audit;
    private final AuthMeters meters;
    private final @Nullable RateLimit rate;
    private final Set<GatedCall<?, ?>> open = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Object seenRules;

    /**
     * Makes one.
     *
     * @param rate how often callers may call; null: as often as they like
     */
    GateInterceptor(Gatekeeper gate, AuditLog audit, AuthMeters meters, @Nullable RateLimit rate) {
        this.rate = rate;
        this.gate = gate;
        this.audit = audit;
        this.meters = meters;
    }

    @Override
    @SuppressWarnings("unchecked") // the table is filled by method descriptors, which have the types
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        MethodRule<Q> rule = (MethodRule<Q>) AccessRules.of(method);
        AuditTrail trail = audit.isOn()
                ? new AuditTrail(audit, method, rule.audited(), CallerAddress.of(call), text(headers.get(NAMESPACE)))
                : null;
        GatedCall<Q, R> gated = new GatedCall<>(call, rule, trail);
        boolean caughtUp = gate.isCaughtUp();
        Identity identity;
        try {
            identity = identify(call, headers, rule.open());
        } catch (AuthFailure e) {
            if (caughtUp) {
                meters.failed();
            }
            return refuseUnknown(
                    gated,
                    caughtUp
                            ? Rejection.of(RejectReason.valueOf(e.reason().name()), String.valueOf(e.getMessage()))
                            : Access.catchingUp());
        }
        if (trail != null) {
            trail.madeBy(identity);
        }
        if (identity.kind() == Identity.Kind.NONE && !rule.open()) {
            meters.failed();
            return refuseUnknown(
                    gated,
                    Rejection.of(
                            RejectReason.CREDENTIAL_MISSING,
                            "this cluster wants to know who calls: send \"authorization: Bearer TOKEN\", with a token"
                                    + " that Authenticate or an administrator gave you"));
        }
        RateLimit.Allowance allowance = allowance(call, identity);
        if (allowance != null) {
            try {
                allowance.take(1);
            } catch (RejectedException e) {
                gated.refuse(e.rejection());
                return new ServerCall.Listener<>() {};
            }
        }
        String namespace = headers.get(NAMESPACE);
        String service = String.valueOf(call.getMethodDescriptor().getServiceName());
        if (namespace != null && !WHOLE.contains(service) && !service.startsWith("grpc.")) {
            ZnodePath root = gate.state().namespaces().get(namespace);
            if (root == null) {
                gated.refuse(
                        caughtUp
                                ? Rejection.of(
                                        RejectReason.NAMESPACE_NOT_FOUND,
                                        "there is no namespace of the name in the metadata \"pathkeeper-namespace\"",
                                        "namespace",
                                        namespace)
                                : Access.catchingUp());
                return new ServerCall.Listener<>() {};
            }
            gated.view = new NamespaceView(root);
        }
        Access access = new Access(gate, identity, method, allowance, caughtUp);
        gated.access = access;
        ServerCall.Listener<Q> listener =
                Contexts.interceptCall(access.within(Context.current()), gated, headers, next);
        gated.listener = listener;
        if (waits(call) && !identity.isUnrestricted()) {
            open.add(gated);
        }
        return new CheckedListener<>(listener, gated);
    }

    /** Ends the call of somebody who did not prove who it is; those count by their address. */
    private <Q> ServerCall.Listener<Q> refuseUnknown(GatedCall<Q, ?> call, Rejection why) {
        RateLimit.Allowance allowance = allowance(call, Identity.NONE);
        Rejection told = why;
        if (allowance != null) {
            try {
                allowance.take(1);
            } catch (RejectedException e) {
                told = e.rejection();
            }
        }
        call.refuse(told);
        return new ServerCall.Listener<>() {};
    }

    /** By whom a call is counted; null for health checks, the break-glass token, and without a limit. */
    private RateLimit.@Nullable Allowance allowance(ServerCall<?, ?> call, Identity identity) {
        RateLimit limit = rate;
        if (limit == null
                || identity.kind() == Identity.Kind.ROOT
                || HealthGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName())) {
            return null;
        }
        boolean nobody = identity.kind() == Identity.Kind.OPEN || identity.kind() == Identity.Kind.NONE;
        return nobody
                ? limit
                .new Allowance(
                        RpcMeters.Caller.ADDRESS,
                        ConnectionGate.addressOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)))
                : limit.new Allowance(RpcMeters.Caller.PRINCIPAL, identity.principal());
    }

    private Identity identify(ServerCall<?, ?> call, Metadata headers, boolean openMethod) throws AuthFailure {
        if (!gate.isEnabled()) {
            return Identity.OPEN;
        }
        String header = headers.get(AUTHORIZATION);
        if (header != null) {
            boolean bearer = header.regionMatches(true, 0, BEARER, 0, BEARER.length());
            return gate.identify(
                    bearer ? header.substring(BEARER.length()).strip() : header.strip(), System.currentTimeMillis());
        }
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        if (session == null || openMethod) {
            return Identity.NONE;
        }
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate certificate
                    ? gate.identify(certificate)
                    : Identity.NONE;
        } catch (SSLPeerUnverifiedException e) {
            return Identity.NONE;
        }
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Whether a call goes on after its answer could have been given: its rights are looked at again. */
    private static boolean waits(ServerCall<?, ?> call) {
        return call.getMethodDescriptor().getType() != MethodType.UNARY
                || call.getMethodDescriptor()
                        .getFullMethodName()
                        .equals(LockServiceGrpc.getTryAcquireLockMethod().getFullMethodName());
    }

    /** Ends the calls whose rights have gone, when the rules have changed. On the timer. */
    void lookAgain() {
        if (open.isEmpty()) {
            return;
        }
        Object rules = gate.state();
        if (rules != seenRules) {
            seenRules = rules;
            open.forEach(GatedCall::lookAgain);
        }
    }

    /** Calls that wait or stream now. */
    int openCount() {
        return open.size();
    }

    private final class GatedCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private final MethodRule<Q> rule;
        private final @Nullable AuditTrail trail;

        @Nullable
        Access access;

        /** Null when the call sees the whole tree. */
        @Nullable
        NamespaceView view;

        ServerCall.@Nullable Listener<Q> listener;
        private volatile @Nullable Q first;
        private volatile boolean closed;

        GatedCall(ServerCall<Q, R> call, MethodRule<Q> rule, @Nullable AuditTrail trail) {
            super(call);
            this.rule = rule;
            this.trail = trail;
        }

        /** Checks a message of the client. */
        void check(Q message) {
            Access maker = access;
            if (trail != null) {
                trail.came(message);
            }
            if (maker != null) {
                try {
                    rule.check().check(maker, message);
                } catch (RejectedException e) {
                    if (e.rejection().reason() == RejectReason.DENIED) {
                        meters.denied();
                    } else if (maker.identity().isUnrestricted()) {
                        return; // the endpoint refuses it, too, and says which field it is
                    }
                    throw e;
                }
                if (first == null) {
                    first = message;
                }
            }
        }

        private void lookAgain() {
            Access maker = access;
            Q message = first;
            if (maker == null) {
                return;
            }
            if (maker.identity().isRevoked(gate.state())) {
                end(Rejection.of(
                        RejectReason.TOKEN_INVALID,
                        "the credential of " + maker.identity().principal() + " was taken back"));
            } else if (message != null) {
                try {
                    rule.check().check(maker, message);
                } catch (RejectedException e) {
                    end(e.rejection());
                }
            }
        }

        /** Ends a call that is under way; its endpoint sees it cancelled. What it asked for before may have been done. */
        private void end(Rejection why) {
            meters.denied();
            Map<String, String> facts = new HashMap<>(why.metadata());
            facts.put("outcome", "UNKNOWN");
            refuse(new Rejection(why.reason(), why.message(), facts));
            ServerCall.Listener<Q> endpoint = listener;
            if (endpoint != null) {
                endpoint.onCancel();
            }
        }

        void refuse(Rejection why) {
            StatusRuntimeException status = ErrorMapper.exception(why);
            Metadata trailers = status.getTrailers();
            close(status.getStatus(), trailers == null ? new Metadata() : trailers);
        }

        @Override
        public void sendHeaders(Metadata headers) {
            synchronized (this) {
                if (!closed) {
                    super.sendHeaders(headers);
                }
            }
        }

        @Override
        public void sendMessage(R whole) {
            R message = seen(whole);
            synchronized (this) {
                if (!closed) {
                    if (trail != null) {
                        trail.goes(whole);
                    }
                    super.sendMessage(message);
                }
            }
        }

        @Override
        public void close(Status status, Metadata trailers) {
            synchronized (this) {
                if (closed) {
                    return;
                }
                closed = true;
            }
            over(status, trailers);
            CallGuard.timed(delegate(), access);
            NamespaceView namespace = view;
            if (namespace == null || status.isOk()) {
                super.close(status, trailers);
                return;
            }
            StatusRuntimeException shown = ErrorMapper.exception(
                    namespace.seen(StatusProto.fromThrowable(new StatusRuntimeException(status, trailers))));
            Metadata more = shown.getTrailers();
            super.close(shown.getStatus(), more == null ? new Metadata() : more);
        }

        /** A request as the whole tree has it. */
        @SuppressWarnings("unchecked") // the same message with other texts
        Q whole(Q message) {
            NamespaceView namespace = view;
            return namespace != null && message instanceof Message request ? (Q) namespace.whole(request) : message;
        }

        @SuppressWarnings("unchecked") // the same message with other texts
        private R seen(R message) {
            NamespaceView namespace = view;
            if (namespace == null) {
                return message;
            }
            if (message instanceof ObserveFrames.Frame frame) {
                return (R) namespace.seen(frame);
            }
            return message instanceof Message answer ? (R) namespace.seen(answer) : message;
        }

        boolean isDone() {
            return closed;
        }

        /** The client has its end, which is not the endpoint's when that one failed. */
        void completed() {
            StatusRuntimeException end = CallGuard.closedWith(delegate());
            over(end.getStatus(), end.getTrailers());
        }

        void over(Status status, @Nullable Metadata trailers) {
            open.remove(this);
            if (trail != null) {
                trail.ended(status, trailers);
            }
        }
    }

    private final class CheckedListener<Q> extends SimpleForwardingServerCallListener<Q> {
        private final GatedCall<Q, ?> call;

        CheckedListener(ServerCall.Listener<Q> listener, GatedCall<Q, ?> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onMessage(Q seen) {
            if (call.isDone()) {
                return; // it was on its way when the call was refused
            }
            Q message = call.whole(seen);
            try {
                call.check(message);
            } catch (RejectedException e) {
                call.refuse(e.rejection());
                return;
            }
            super.onMessage(message);
        }

        @Override
        public void onHalfClose() {
            if (!call.isDone()) {
                super.onHalfClose();
            }
        }

        @Override
        public void onCancel() {
            call.over(Status.CANCELLED, null);
            super.onCancel();
        }

        @Override
        public void onComplete() {
            call.completed();
            super.onComplete();
        }
    }
}

package io.pathkeeper.client.internal;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.pathkeeper.client.Credentials;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.v1.AuthServiceGrpc;
import io.pathkeeper.v1.AuthenticateRequest;
import io.pathkeeper.v1.AuthenticateResponse;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Puts a token on every call. A password is exchanged for one before the first call, again when two thirds of the token's life are over, and again
 * when a server refuses it: a call whose token was good once ends as if the server had been away, so that it is made again. Calls wait for a token
 * on a worker, never on the I/O thread. Any thread.
 */
final class SignIn implements ClientInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> NAMESPACE =
            Metadata.Key.of("pathkeeper-namespace", Metadata.ASCII_STRING_MARSHALLER);
    private static final long SIGN_IN_SECONDS = 10;

    /** A password that was refused is not tried again for so long: the servers count failed sign-ins. */
    private static final long REFUSED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Credentials credentials;
    private final Executor workers;
    private final boolean renewable;
    private volatile @Nullable Token token;
    private @Nullable StatusRuntimeException refused;
    private long refusedNanos;

    private static final class Token {
        final String text;
        final long renewNanos;
        /** Some server has carried out a call with it. */
        volatile boolean accepted;

        Token(String text, long renewNanos) {
            this.text = text;
            this.renewNanos = renewNanos;
        }

        boolean isFresh() {
            return renewNanos == Long.MAX_VALUE || System.nanoTime() - renewNanos < 0;
        }
    }

    /**
     * @param workers signs in, which takes a call of its own and must not keep the I/O thread
     */
    SignIn(Credentials credentials, Executor workers) {
        this.credentials = credentials;
        this.workers = workers;
        this.renewable = credentials.changes() || !credentials.user().isEmpty();
    }

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        if (method.getFullMethodName()
                .equals(AuthServiceGrpc.getAuthenticateMethod().getFullMethodName())) {
            return next.newCall(method, options);
        }
        OnCall credential = new OnCall(next);
        return new SimpleForwardingClientCall<>(next.newCall(method, options.withCallCredentials(credential))) {
            @Override
            public void start(Listener<R> listener, Metadata headers) {
                super.start(new Watched<>(listener, credential), headers);
            }
        };
    }

    /** Looks whether the token of a call is accepted. */
    private final class Watched<R> extends SimpleForwardingClientCallListener<R> {
        private final OnCall credential;

        Watched(ClientCall.Listener<R> listener, OnCall credential) {
            super(listener);
            this.credential = credential;
        }

        @Override
        public void onMessage(R message) {
            Token used = credential.used;
            if (used != null && !used.accepted) {
                used.accepted = true;
            }
            super.onMessage(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            Token used = credential.used;
            if (status.getCode() != Status.Code.UNAUTHENTICATED || used == null || !renewable) {
                super.onClose(status, trailers);
                return;
            }
            if (used == token) {
                token = null; // the next call signs in anew
            }
            if (used.accepted) {
                // It was good once: the call may be made again with the next one.
                super.onClose(
                        Status.UNAVAILABLE.withDescription(
                                "the token counts no more and is renewed: " + status.getDescription()),
                        renewal(status));
            } else {
                super.onClose(status, trailers);
            }
        }
    }

    private static Metadata renewal(Status status) {
        Metadata trailers = StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                        .setCode(Status.Code.UNAVAILABLE.value())
                        .setMessage("the token counts no more and is renewed: " + status.getDescription())
                        .addDetails(Any.pack(ErrorInfo.newBuilder()
                                .setDomain("pathkeeper")
                                .setReason(Reason.TOKEN_INVALID)
                                .build()))
                        .build())
                .getTrailers();
        return trailers == null ? new Metadata() : trailers;
    }

    private synchronized Token renewed(Channel channel) {
        Token known = token;
        if (known != null && known.isFresh()) {
            return known;
        }
        StatusRuntimeException before = refused;
        if (before != null && System.nanoTime() - refusedNanos < REFUSED_NANOS) {
            throw before;
        }
        refused = null;
        String given = credentials.token();
        Token made = given != null
                ? new Token(given, credentials.changes() ? System.nanoTime() : Long.MAX_VALUE)
                : exchanged(channel);
        token = made;
        return made;
    }

    private Token exchanged(Channel channel) {
        try {
            AuthenticateResponse answer = AuthServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(SIGN_IN_SECONDS, TimeUnit.SECONDS)
                    .authenticate(AuthenticateRequest.newBuilder()
                            .setUser(credentials.user())
                            .setPassword(credentials.password())
                            .build());
            long life = TimeUnit.MILLISECONDS.toNanos(answer.getRemainingMs());
            return new Token(answer.getToken(), System.nanoTime() + life / 3 * 2);
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
                refused = e;
                refusedNanos = System.nanoTime();
            }
            throw e;
        }
    }

    /** The credentials of one call. */
    private final class OnCall extends CallCredentials {
        private final Channel channel;
        /** What was sent; null while nothing was. */
        volatile @Nullable Token used;

        OnCall(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
            Token known = token;
            if (known != null && known.isFresh()) {
                applier.apply(headers(known));
                return;
            }
            try {
                workers.execute(() -> signInAndApply(applier)); // the call's own executor may be the I/O thread
            } catch (RejectedExecutionException e) {
                applier.fail(Status.UNAVAILABLE.withDescription("the client is closed"));
            }
        }

        private void signInAndApply(MetadataApplier applier) {
            try {
                applier.apply(headers(renewed(channel)));
            } catch (StatusRuntimeException e) {
                applier.fail(e.getStatus().withCause(e)); // Errors reads its reason
            } catch (RuntimeException e) {
                applier.fail(Status.UNAUTHENTICATED
                        .withDescription("the credential cannot be had: " + e.getMessage())
                        .withCause(e));
            }
        }

        private Metadata headers(Token known) {
            used = known;
            Metadata headers = new Metadata();
            if (!known.text.isEmpty()) {
                headers.put(AUTHORIZATION, "Bearer " + known.text);
            }
            String namespace = credentials.namespace();
            if (!namespace.isEmpty()) {
                headers.put(NAMESPACE, namespace);
            }
            return headers;
        }
    }
}

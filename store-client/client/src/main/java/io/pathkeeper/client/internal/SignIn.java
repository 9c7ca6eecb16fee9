package io.pathkeeper.client.internal;

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
import io.pathkeeper.client.Credentials;
import io.pathkeeper.v1.AuthServiceGrpc;
import io.pathkeeper.v1.AuthenticateRequest;
import io.pathkeeper.v1.AuthenticateResponse;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Puts a token on every call. A password is exchanged for one before the first call, again when two thirds of the token's life are over, and again
 * when a server refuses it. Calls wait for that on a worker, never on the I/O thread. Any thread.
 */
final class SignIn implements ClientInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> NAMESPACE =
            Metadata.Key.of("pathkeeper-namespace", Metadata.ASCII_STRING_MARSHALLER);
    private static final long SIGN_IN_SECONDS = 10;

    private final Credentials credentials;
    private volatile @Nullable Token token;

    private record Token(String text, long renewNanos) {
        boolean isFresh() {
            return renewNanos == Long.MAX_VALUE || System.nanoTime() - renewNanos < 0;
        }
    }

    SignIn(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        if (method.getFullMethodName()
                .equals(AuthServiceGrpc.getAuthenticateMethod().getFullMethodName())) {
            return next.newCall(method, options);
        }
        ClientCall<Q, R> call = next.newCall(method, options.withCallCredentials(new OnCall(next)));
        return new SimpleForwardingClientCall<>(call) {
            @Override
            public void start(Listener<R> listener, Metadata headers) {
                Token used = token;
                super.start(
                        new SimpleForwardingClientCallListener<>(listener) {
                            @Override
                            public void onClose(Status status, Metadata trailers) {
                                if (status.getCode() == Status.Code.UNAUTHENTICATED && used != null && used == token) {
                                    token = null; // the next call signs in anew
                                }
                                super.onClose(status, trailers);
                            }
                        },
                        headers);
            }
        };
    }

    private synchronized Token renewed(Channel channel) {
        Token known = token;
        if (known != null && known.isFresh()) {
            return known;
        }
        String given = credentials.token();
        Token made;
        if (given != null) {
            made = new Token(given, credentials.changes() ? System.nanoTime() : Long.MAX_VALUE);
        } else {
            AuthenticateResponse answer = AuthServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(SIGN_IN_SECONDS, TimeUnit.SECONDS)
                    .authenticate(AuthenticateRequest.newBuilder()
                            .setUser(credentials.user())
                            .setPassword(credentials.password())
                            .build());
            long life = TimeUnit.MILLISECONDS.toNanos(answer.getRemainingMs());
            made = new Token(answer.getToken(), System.nanoTime() + life / 3 * 2);
        }
        token = made;
        return made;
    }

    /** The credentials of one call. */
    private final class OnCall extends CallCredentials {
        private final Channel channel;

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
            executor.execute(() -> {
                try {
                    applier.apply(headers(renewed(channel)));
                } catch (StatusRuntimeException e) {
                    applier.fail(e.getStatus());
                } catch (RuntimeException e) {
                    applier.fail(Status.UNAUTHENTICATED
                            .withDescription("the credential cannot be had: " + e.getMessage())
                            .withCause(e));
                }
            });
        }

        private Metadata headers(Token known) {
            Metadata headers = new Metadata();
            if (!known.text().isEmpty()) {
                headers.put(AUTHORIZATION, "Bearer " + known.text());
            }
            String namespace = credentials.namespace();
            if (!namespace.isEmpty()) {
                headers.put(NAMESPACE, namespace);
            }
            return headers;
        }
    }
}

package io.pathkeeper.server.rpc;

import io.pathkeeper.server.auth.AuthFailure;
import io.pathkeeper.server.auth.Gatekeeper;
import io.pathkeeper.server.auth.User;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.v1.AuthenticateRequest;
import io.pathkeeper.v1.AuthenticateResponse;
import io.pathkeeper.v1.ResponseHeader;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Checks and hashes passwords, on one thread of its own, as that takes tenths of a second of a processor: a storm of sign-ins costs one
 * processor and no more. At most {@value #MOST_WAITING} wait. Life: {@link #close}.
 */
final class SignIns implements AutoCloseable {
    private static final int MOST_WAITING = 64;
    private static final int MAX_PASSWORD = 1_024;

    private final Gate gate;
    private final ThreadPoolExecutor worker =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                Thread thread = new Thread(task, "rpc-password");
                thread.setDaemon(true);
                return thread;
            });

    SignIns(Gate gate) {
        this.gate = gate;
    }

    void authenticate(UnaryCall<AuthenticateResponse> call, AuthenticateRequest r, ResponseHeader header) {
        if (!gate.keeper().isEnabled()) {
            throw RejectedException.argument(
                    "user", "cannot sign in: authentication is off on this server (auth.enabled), calls need no token");
        }
        check(call, r.getUser(), r.getPassword(), user -> {
            long now = System.currentTimeMillis();
            long life = gate.signInLife().toMillis();
            String token = gate.keeper().token(user, now, now + life);
            if (token == null) {
                throw new IllegalStateException("there are users and no signing key");
            }
            call.answer(() -> AuthenticateResponse.newBuilder()
                    .setHeader(header)
                    .setToken(token)
                    .setExpiresAtMs(now + life)
                    .setRemainingMs(life)
                    .build());
        });
    }

    /** Checks a password and goes on with its user, later. */
    <R> void check(UnaryCall<R> call, String name, String password, Consumer<User> then) {
        Gatekeeper keeper = gate.keeper();
        String peer = CallerAddress.current();
        String host = peer.substring(0, Math.max(0, peer.lastIndexOf(':')));
        if (password.length() > MAX_PASSWORD || name.length() > MAX_PASSWORD) {
            throw RejectedException.argument("password", "or user has more than " + MAX_PASSWORD + " characters");
        }
        if (!keeper.isCaughtUp()) {
            throw new RejectedException(Access.catchingUp());
        }
        limit(keeper, host, name);
        later(call, () -> {
            try {
                limit(keeper, host, name); // others may have failed while this waited
                then.accept(keeper.signIn(host, name, password));
            } catch (AuthFailure e) {
                gate.meters().failed();
                throw new RejectedException(
                        Rejection.of(RejectReason.valueOf(e.reason().name()), String.valueOf(e.getMessage())));
            }
        });
    }

    private static void limit(Gatekeeper keeper, String host, String name) {
        try {
            keeper.checkSignIns(host, name);
        } catch (AuthFailure e) {
            throw new RejectedException(
                    Rejection.of(RejectReason.valueOf(e.reason().name()), String.valueOf(e.getMessage())));
        }
    }

    /** Does something with a password; what it throws is the call's answer. */
    <R> void later(UnaryCall<R> call, Runnable work) {
        try {
            worker.execute(() -> {
                try {
                    work.run();
                } catch (RuntimeException e) {
                    call.answer(() -> {
                        throw e;
                    });
                }
            });
        } catch (RejectedExecutionException e) {
            throw new RejectedException(Rejection.of(
                    RejectReason.OVERLOADED,
                    MOST_WAITING + " passwords wait to be checked or hashed, which is the limit: try again later",
                    "limit",
                    Integer.toString(MOST_WAITING)));
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}

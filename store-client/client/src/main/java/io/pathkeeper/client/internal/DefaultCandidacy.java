package io.pathkeeper.client.internal;

import io.pathkeeper.client.coordination.CampaignRequest;
import io.pathkeeper.client.coordination.Candidacy;
import io.pathkeeper.client.coordination.ElectionObservation;
import io.pathkeeper.client.coordination.Leadership;
import io.pathkeeper.client.error.ErrorDetails;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.PreconditionFailedException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.session.SessionListener;
import io.pathkeeper.client.session.SessionState;
import io.pathkeeper.v1.CampaignResponse;
import io.pathkeeper.v1.ElectionServiceGrpc;
import io.pathkeeper.v1.ResignRequest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One candidate. While it waits, each stream stands under a candidate id of its own, for the reason of {@link LockAcquisition}. Once it leads,
 * it is not asked again when the stream breaks: the server behind a stream that breaks before it has told of the election gives the
 * leadership up. Whether it leads still is then observed, which changes nothing. All state is owned by the sequence of callbacks, but what
 * belongs to {@link #resign()}.
 *
 * <pre>
 * waiting -> leading -> over      waiting -> over: refused, resigned, session lost
 * </pre>
 */
final class DefaultCandidacy
        implements ResumingCall.Handler<io.pathkeeper.v1.CampaignRequest, CampaignResponse>, Candidacy {
    private final CoordinationCalls calls;
    private final CampaignRequest request;
    private final Executor serial;
    private final ResumingCall<io.pathkeeper.v1.CampaignRequest, CampaignResponse> call;
    private final SessionListener sessionListener;
    private final CompletableFuture<Leadership> elected = new CompletableFuture<>();
    private volatile String candidateId;
    private volatile @Nullable DefaultLeadership leadership;
    private @Nullable CompletableFuture<Void> resignation;
    private @Nullable ElectionObservation watch;
    private int attempts;
    private boolean over;

    DefaultCandidacy(CoordinationCalls calls, CampaignRequest request) {
        this.calls = calls;
        this.request = request;
        this.serial = calls.callbacks().get();
        this.candidateId = request.candidateId();
        this.call = new ResumingCall<>(calls.streams(), ElectionServiceGrpc.getCampaignMethod(), serial, this);
        this.sessionListener = (session, state) -> {
            if (state == SessionState.LOST) {
                serial.execute(() -> end(SessionProto.lost(session.id())));
            }
        };
    }

    Candidacy start() {
        request.session().addListener(sessionListener);
        call.start();
        return this;
    }

    @Override
    public io.pathkeeper.v1.@Nullable CampaignRequest request(boolean first) {
        if (over || leadership != null) {
            return null;
        }
        try {
            attempts++;
            if (!first) {
                String left = candidateId;
                candidateId = request.candidateId() + "~" + attempts;
                resign(left, 0);
            }
            return io.pathkeeper.v1.CampaignRequest.newBuilder()
                    .setPath(request.path())
                    .setSession(SessionProto.usableKey(request.session()))
                    .setCandidateId(candidateId)
                    .setData(ToProto.payload(request.value(), ""))
                    .setLockDelayMs(request.lockDelay().toMillis())
                    .build();
        } catch (PathkeeperException e) {
            end(e);
            return null;
        }
    }

    @Override
    public void message(CampaignResponse answer) {
        if (over || !answer.hasElected() || leadership != null) {
            return;
        }
        DefaultLeadership won = new DefaultLeadership(
                calls, request, candidateId, answer.getElected().getTerm(), this::resign);
        leadership = won;
        elected.complete(won);
    }

    @Override
    public boolean broken(Errors.WireError error) {
        if (error.reason().equals(Reason.LEADERSHIP_LOST)
                || (ResumingCall.isRefusal(error) && !error.reason().equals(Reason.LOCK_NOT_HELD))) {
            end(Errors.exception(error, Outcome.NOT_APPLIED, null));
            return false;
        }
        DefaultLeadership leading = leadership;
        if (leading == null) {
            return !over;
        }
        watch = new ElectionWatch(calls, request.path(), (leader, revision) -> {
                    if (leader.isEmpty() || leader.get().term() != leading.term()) {
                        serial.execute(() -> end(lost("another term has begun, or nobody leads")));
                    }
                })
                .start();
        return false;
    }

    @Override
    public void clientClosed(PathkeeperException error) {
        end(error);
    }

    private PathkeeperException lost(String why) {
        return new PreconditionFailedException(
                new ErrorDetails(
                        Reason.LEADERSHIP_LOST,
                        "the candidate " + candidateId + " of " + request.path() + " does not stand any more: " + why,
                        Map.of("path", request.path()),
                        false,
                        Outcome.NOT_APPLIED),
                null);
    }

    private void end(PathkeeperException why) {
        if (over) {
            return;
        }
        over = true;
        request.session().removeListener(sessionListener);
        call.end();
        ElectionObservation observing = watch;
        if (observing != null) {
            observing.close();
        }
        DefaultLeadership leading = leadership;
        if (leading != null) {
            leading.end();
        }
        elected.completeExceptionally(why);
    }

    @Override
    public CompletableFuture<Leadership> elected() {
        return elected.copy();
    }

    @Override
    public CompletableFuture<Void> resign() {
        DefaultLeadership leading = leadership;
        if (leading != null) {
            // At once, not in its turn: nothing may be done as a leader any more.
            leading.end();
        }
        CompletableFuture<Void> left = new CompletableFuture<>();
        serial.execute(() -> {
            end(lost("it has resigned"));
            CompletableFuture<Void> running = resignation;
            if (running == null || running.isCompletedExceptionally()) {
                DefaultLeadership led = leadership;
                running = resign(candidateId, led == null ? 0 : led.term());
                resignation = running;
            }
            running.whenComplete((done, error) -> {
                if (error == null) {
                    left.complete(null);
                } else {
                    left.completeExceptionally(Futures.cause(error));
                }
            });
        });
        return left;
    }

    private CompletableFuture<Void> resign(String candidate, long term) {
        return CoordinationCalls.gone(calls.write(
                ElectionServiceGrpc.getResignMethod(),
                requestId -> ResignRequest.newBuilder()
                        .setPath(request.path())
                        .setSession(SessionProto.key(request.session().key()))
                        .setCandidateId(candidate)
                        .setTerm(term)
                        .setRequestId(requestId)
                        .build(),
                response -> response));
    }
}

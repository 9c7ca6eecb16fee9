package io.pathkeeper.client.internal;

import io.pathkeeper.client.coordination.ElectionListener;
import io.pathkeeper.client.coordination.ElectionObservation;
import io.pathkeeper.client.coordination.Leader;
import io.pathkeeper.client.error.ErrorDetails;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.v1.ElectionServiceGrpc;
import io.pathkeeper.v1.ElectionServiceObserveRequest;
import io.pathkeeper.v1.ElectionServiceObserveResponse;
import io.pathkeeper.v1.ValueFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One observation of an election, over as many streams as it takes: each begins behind what was told. All state is owned by the sequence of
 * callbacks.
 */
final class ElectionWatch
        implements ResumingCall.Handler<ElectionServiceObserveRequest, ElectionServiceObserveResponse>,
                ElectionObservation {
    private final String path;
    private final ElectionListener listener;
    private final Executor serial;
    private final ResumingCall<ElectionServiceObserveRequest, ElectionServiceObserveResponse> call;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private long toldRevision;
    private boolean over;

    ElectionWatch(CoordinationCalls calls, String path, ElectionListener listener) {
        this.path = path;
        this.listener = listener;
        this.serial = calls.callbacks().get();
        this.call = new ResumingCall<>(calls.streams(), ElectionServiceGrpc.getObserveMethod(), serial, this);
    }

    ElectionObservation start() {
        call.start();
        return this;
    }

    @Override
    public @Nullable ElectionServiceObserveRequest request(boolean first) {
        return ElectionServiceObserveRequest.newBuilder()
                .setPath(path)
                .setStartRevision(toldRevision == 0 ? 0 : toldRevision + 1)
                .setValueFormat(ValueFormat.VALUE_FORMAT_VALUE)
                .build();
    }

    @Override
    public void message(ElectionServiceObserveResponse answer) {
        if (over || answer.getRevision() <= toldRevision) {
            return;
        }
        toldRevision = answer.getRevision();
        Optional<Leader> leader =
                answer.hasLeader() ? Optional.of(CoordinationProto.leader(answer.getLeader())) : Optional.empty();
        tell(() -> listener.onLeader(leader, answer.getRevision()));
    }

    private void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException e) {
            call.end();
            end(new PathkeeperException(
                    new ErrorDetails(
                            Reason.LISTENER_FAILED,
                            "the listener failed: " + e,
                            Map.of("path", path),
                            false,
                            Outcome.NOT_APPLIED),
                    e));
        }
    }

    @Override
    public boolean broken(Errors.WireError error) {
        if (error.reason().equals(Reason.REVISION_COMPACTED)) {
            toldRevision = 0;
            tell(listener::onReset);
        } else if (ResumingCall.isRefusal(error)) {
            end(Errors.exception(error, Outcome.NOT_APPLIED, null));
        }
        return !over;
    }

    @Override
    public void clientClosed(PathkeeperException error) {
        end(null);
    }

    private void end(@Nullable PathkeeperException error) {
        if (over) {
            return;
        }
        over = true;
        try {
            listener.onEnd(error);
        } finally {
            if (error == null) {
                ended.complete(null);
            } else {
                ended.completeExceptionally(error);
            }
        }
    }

    @Override
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    @Override
    public void close() {
        serial.execute(() -> {
            call.end();
            end(null);
        });
    }
}

package io.pathkeeper.client.internal;

import io.pathkeeper.client.coordination.CampaignRequest;
import io.pathkeeper.client.coordination.Candidacy;
import io.pathkeeper.client.coordination.ElectionListener;
import io.pathkeeper.client.coordination.ElectionObservation;
import io.pathkeeper.client.coordination.Elections;
import io.pathkeeper.client.coordination.Leader;
import io.pathkeeper.v1.ElectionServiceGrpc;
import io.pathkeeper.v1.GetLeaderRequest;
import io.pathkeeper.v1.ValueFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Elections. Has no state of its own; any thread. */
final class DefaultElections implements Elections {
    private final CoordinationCalls calls;

    DefaultElections(CoordinationCalls calls) {
        this.calls = calls;
    }

    @Override
    public Candidacy campaign(CampaignRequest request) {
        return new DefaultCandidacy(calls, Objects.requireNonNull(request, "request")).start();
    }

    @Override
    public CompletableFuture<Optional<Leader>> leader(String path) {
        return calls.unary()
                .call(
                        ElectionServiceGrpc.getGetLeaderMethod(),
                        GetLeaderRequest.newBuilder()
                                .setPath(path)
                                .setValueFormat(ValueFormat.VALUE_FORMAT_VALUE)
                                .build(),
                        calls.requestTimeoutNanos(),
                        response -> response.hasLeader()
                                ? Optional.of(CoordinationProto.leader(response.getLeader()))
                                : Optional.empty());
    }

    @Override
    public ElectionObservation observe(String path, ElectionListener listener) {
        return new ElectionWatch(
                        calls, Objects.requireNonNull(path, "path"), Objects.requireNonNull(listener, "listener"))
                .start();
    }
}

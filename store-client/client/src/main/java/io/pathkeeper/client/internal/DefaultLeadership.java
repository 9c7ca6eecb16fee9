package io.pathkeeper.client.internal;

import io.pathkeeper.client.coordination.CampaignRequest;
import io.pathkeeper.client.coordination.Leadership;
import io.pathkeeper.client.model.Guards;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.v1.ElectionServiceGrpc;
import io.pathkeeper.v1.ProclaimRequest;
import io.pathkeeper.v1.ProclaimResponse;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The leadership of one term. Any thread. */
final class DefaultLeadership implements Leadership {
    private final CoordinationCalls calls;
    private final CampaignRequest request;
    private final String candidateId;
    private final long term;
    private final Supplier<CompletableFuture<Void>> resign;
    private final CompletableFuture<Void> lost = new CompletableFuture<>();

    DefaultLeadership(
            CoordinationCalls calls,
            CampaignRequest request,
            String candidateId,
            long term,
            Supplier<CompletableFuture<Void>> resign) {
        this.calls = calls;
        this.request = request;
        this.candidateId = candidateId;
        this.term = term;
        this.resign = resign;
    }

    /** It is over. */
    void end() {
        lost.complete(null);
    }

    @Override
    public String path() {
        return request.path();
    }

    @Override
    public long term() {
        return term;
    }

    @Override
    public boolean isLeader() {
        return !lost.isDone() && request.session().isConnected();
    }

    @Override
    public CompletableFuture<Void> whenLost() {
        return lost.copy();
    }

    @Override
    public Guards guards() {
        return Guards.none().requireLock(request.path(), term);
    }

    @Override
    public CompletableFuture<Long> proclaim(Value value) {
        return calls.write(
                ElectionServiceGrpc.getProclaimMethod(),
                requestId -> ProclaimRequest.newBuilder()
                        .setPath(request.path())
                        .setSession(SessionProto.key(request.session().key()))
                        .setCandidateId(candidateId)
                        .setTerm(term)
                        .setData(ToProto.payload(value, ""))
                        .setRequestId(requestId)
                        .build(),
                ProclaimResponse::getRevision);
    }

    @Override
    public CompletableFuture<Void> resign() {
        return resign.get();
    }

    @Override
    public String toString() {
        return "Leadership[" + request.path() + " term " + term + "]";
    }
}

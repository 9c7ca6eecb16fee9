package io.pathkeeper.client.memory;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.client.memory.MemoryLocks.Entry;
import io.pathkeeper.v1.CampaignRequest;
import io.pathkeeper.v1.CampaignResponse;
import io.pathkeeper.v1.Elected;
import io.pathkeeper.v1.ElectionServiceGrpc;
import io.pathkeeper.v1.ElectionServiceObserveRequest;
import io.pathkeeper.v1.ElectionServiceObserveResponse;
import io.pathkeeper.v1.GetLeaderRequest;
import io.pathkeeper.v1.GetLeaderResponse;
import io.pathkeeper.v1.Leader;
import io.pathkeeper.v1.LockMode;
import io.pathkeeper.v1.LockQueued;
import io.pathkeeper.v1.ProclaimRequest;
import io.pathkeeper.v1.ProclaimResponse;
import io.pathkeeper.v1.ResignRequest;
import io.pathkeeper.v1.ResignResponse;
import org.jspecify.annotations.Nullable;

/** Elections at the wire. */
final class ElectionEndpoint extends ElectionServiceGrpc.ElectionServiceImplBase {
    private final MemoryServer server;
    private final MemoryCluster cluster;
    private final CoordinationEndpoints switches;

    ElectionEndpoint(MemoryServer server, CoordinationEndpoints switches) {
        this.server = server;
        this.cluster = server.cluster;
        this.switches = switches;
    }

    @Override
    public void campaign(CampaignRequest r, StreamObserver<CampaignResponse> out) {
        switches
                .new Waiting<>(
                        out,
                        r.getPath(),
                        r.getSession().getId(),
                        r.getCandidateId(),
                        true,
                        position -> CampaignResponse.newBuilder()
                                .setQueued(LockQueued.newBuilder().setPosition(position))
                                .build(),
                        term -> CampaignResponse.newBuilder()
                                .setElected(Elected.newBuilder().setTerm(term))
                                .build())
                .start(() -> {
                    Entry entry = new Entry(
                            cluster.find(r.getSession()).id(),
                            r.getCandidateId(),
                            LockMode.LOCK_MODE_EXCLUSIVE,
                            0,
                            cluster.revision(),
                            r.getData());
                    return cluster.locks.queue(r.getPath(), true, 0, entry);
                });
    }

    @Override
    public void proclaim(ProclaimRequest r, StreamObserver<ProclaimResponse> out) {
        server.answer(
                out,
                () -> cluster.change(() -> {
                    Entry entry = cluster.locks.find(
                            r.getPath(), cluster.find(r.getSession()).id(), r.getCandidateId());
                    if (entry == null || entry.token != r.getTerm()) {
                        throw Refused.precondition("LOCK_NOT_HELD", r.getPath());
                    }
                    entry.value = r.getData();
                    entry.revision = cluster.revision();
                    return ProclaimResponse.newBuilder()
                            .setRevision(cluster.revision())
                            .build();
                }));
    }

    @Override
    public void resign(ResignRequest r, StreamObserver<ResignResponse> out) {
        server.answer(
                out,
                () -> cluster.change(() -> {
                    long session = cluster.find(r.getSession()).id();
                    if (!cluster.locks.remove(r.getPath(), session, r.getCandidateId(), r.getTerm())) {
                        throw Refused.precondition("LOCK_NOT_HELD", r.getPath());
                    }
                    return ResignResponse.newBuilder()
                            .setRevision(cluster.revision())
                            .build();
                }));
    }

    private @Nullable Leader leader(String path) {
        MemoryLocks.Queue queue = cluster.locks.queues.get(path);
        if (queue == null || queue.holders.isEmpty()) {
            return null;
        }
        Entry entry = queue.holders.get(0);
        return Leader.newBuilder()
                .setTerm(entry.token)
                .setSessionId(entry.sessionId)
                .setCandidateId(entry.holderId)
                .setData(entry.value)
                .setRevision(entry.revision)
                .build();
    }

    @Override
    public void getLeader(GetLeaderRequest r, StreamObserver<GetLeaderResponse> out) {
        server.answer(out, () -> {
            synchronized (cluster) {
                Leader leader = leader(r.getPath());
                GetLeaderResponse.Builder response = GetLeaderResponse.newBuilder();
                return leader == null
                        ? response.build()
                        : response.setLeader(leader).build();
            }
        });
    }

    /** Tells the present leader whenever it is another one: what happened while the stream was broken is left out. */
    @Override
    public void observe(ElectionServiceObserveRequest r, StreamObserver<ElectionServiceObserveResponse> responses) {
        ServerCallStreamObserver<ElectionServiceObserveResponse> out =
                (ServerCallStreamObserver<ElectionServiceObserveResponse>) responses;
        synchronized (cluster) {
            server.streams.add(out);
            Object[] told = {this};
            Runnable watcher = () -> {
                Leader leader = leader(r.getPath());
                boolean same = told[0] != this && java.util.Objects.equals(told[0], leader);
                if (!same && server.streams.contains(out) && !out.isCancelled()) {
                    told[0] = leader;
                    ElectionServiceObserveResponse.Builder frame =
                            ElectionServiceObserveResponse.newBuilder().setRevision(cluster.revision());
                    out.onNext(
                            leader == null
                                    ? frame.build()
                                    : frame.setLeader(leader).build());
                }
            };
            cluster.watchers.add(watcher);
            out.setOnCancelHandler(() -> cluster.watchers.remove(watcher));
            watcher.run();
        }
    }
}

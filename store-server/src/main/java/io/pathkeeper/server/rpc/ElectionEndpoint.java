package io.pathkeeper.server.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.coordination.CallId;
import io.pathkeeper.server.coordination.LockMode;
import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueLimits;
import io.pathkeeper.v1.CampaignRequest;
import io.pathkeeper.v1.CampaignResponse;
import io.pathkeeper.v1.ElectionServiceGrpc;
import io.pathkeeper.v1.ElectionServiceObserveRequest;
import io.pathkeeper.v1.ElectionServiceObserveResponse;
import io.pathkeeper.v1.GetLeaderRequest;
import io.pathkeeper.v1.GetLeaderResponse;
import io.pathkeeper.v1.ProclaimRequest;
import io.pathkeeper.v1.ProclaimResponse;
import io.pathkeeper.v1.ResignRequest;
import io.pathkeeper.v1.ResignResponse;
import io.pathkeeper.v1.ValueFormat;

/** ElectionService on the wire. Calls are read on the transport's threads, which never wait here. */
final class ElectionEndpoint extends ElectionServiceGrpc.ElectionServiceImplBase {
    private static final int MAX_VALUE_BYTES = 64 << 10;
    private static final ValueLimits VALUES = new ValueLimits(
            MAX_VALUE_BYTES,
            StateLimits.DEFAULT.value().maxDepth(),
            StateLimits.DEFAULT.value().maxElements(),
            StateLimits.DEFAULT.value().maxKeyBytes());

    private final CoordinationContext context;

    ElectionEndpoint(CoordinationContext context) {
        this.context = context;
    }

    @Override
    public void campaign(CampaignRequest r, StreamObserver<CampaignResponse> observer) {
        Command.Acquire wish = new Command.Acquire(
                FieldReader.path(r.getPath()),
                true,
                FieldReader.session("session", r.hasSession(), r.getSession()),
                candidate(r.getCandidateId()),
                LockMode.EXCLUSIVE,
                0,
                0,
                FieldReader.within("lock_delay_ms", r.getLockDelayMs(), 0, LockMessages.MAX_LOCK_DELAY_MILLIS),
                "",
                Payloads.read(r.getData(), VALUES),
                true);
        long attempt = FieldReader.within("attempt", r.getAttempt(), 0, CallId.MAX_ATTEMPT);
        new CampaignCall(context, (ServerCallStreamObserver<CampaignResponse>) observer, wish, attempt).start();
    }

    private static String candidate(String id) {
        return FieldReader.text("candidate_id", id, LockMessages.MAX_HOLDER_ID_BYTES);
    }

    @Override
    public void proclaim(ProclaimRequest r, StreamObserver<ProclaimResponse> observer) {
        UnaryCall<ProclaimResponse> call = context.call(observer);
        call.read(() -> {
            Command.Proclaim proclaim = new Command.Proclaim(
                    FieldReader.path(r.getPath()),
                    FieldReader.session("session", r.hasSession(), r.getSession()),
                    candidate(r.getCandidateId()),
                    FieldReader.within("term", r.getTerm(), 1, Long.MAX_VALUE),
                    Payloads.read(r.getData(), VALUES));
            context.write(call, proclaim, FieldReader.requestId(r.hasRequestId(), r.getRequestId()), result -> {
                long revision = ResultWriter.expect(result, CommandResult.Proclaimed.class)
                        .revision();
                return ProclaimResponse.newBuilder()
                        .setHeader(context.calls().headers().header(revision))
                        .setRevision(revision)
                        .build();
            });
        });
    }

    @Override
    public void resign(ResignRequest r, StreamObserver<ResignResponse> observer) {
        UnaryCall<ResignResponse> call = context.call(observer);
        call.read(() -> {
            Command.Release release = new Command.Release(
                    FieldReader.path(r.getPath()),
                    true,
                    FieldReader.session("session", r.hasSession(), r.getSession()),
                    candidate(r.getCandidateId()),
                    FieldReader.within("term", r.getTerm(), 0, Long.MAX_VALUE));
            context.write(call, release, FieldReader.requestId(r.hasRequestId(), r.getRequestId()), result -> {
                long revision = ResultWriter.expect(result, CommandResult.Released.class)
                        .revision();
                return ResignResponse.newBuilder()
                        .setHeader(context.calls().headers().header(revision))
                        .setRevision(revision)
                        .build();
            });
        });
    }

    @Override
    public void getLeader(GetLeaderRequest r, StreamObserver<GetLeaderResponse> observer) {
        UnaryCall<GetLeaderResponse> call = context.call(observer);
        call.read(() -> {
            ZnodePath path = FieldReader.path(r.getPath());
            ValueFormat format = FieldReader.format(r.getValueFormat());
            context.read(call, FieldReader.readOptions(r.getOptions()), view -> {
                GetLeaderResponse.Builder out = GetLeaderResponse.newBuilder()
                        .setHeader(context.calls().headers().header(view.revision()));
                LockState state = context.calls().store().locks().find(path);
                if (state != null && state.election()) {
                    out.setCandidateCount(state.waiters().size());
                    state.holders().stream()
                            .findFirst()
                            .ifPresent(leader -> out.setLeader(LockMessages.leader(
                                    leader, context.calls().store().sessions(), format)));
                }
                return out.build();
            });
        });
    }

    @Override
    public void observe(ElectionServiceObserveRequest r, StreamObserver<ElectionServiceObserveResponse> observer) {
        FieldReader.within("start_revision", r.getStartRevision(), 0, Long.MAX_VALUE);
        new ElectionObservation(
                        context,
                        (ServerCallStreamObserver<ElectionServiceObserveResponse>) observer,
                        FieldReader.path(r.getPath()),
                        FieldReader.format(r.getValueFormat()))
                .start(r.getStartRevision());
    }
}

package io.pathkeeper.server.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.state.RevisionDigest;
import io.pathkeeper.server.store.ClusterAlarms;
import io.pathkeeper.server.store.ClusterStatus;
import io.pathkeeper.server.store.StoreService;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.v1.Alarm;
import io.pathkeeper.v1.BackupRequest;
import io.pathkeeper.v1.BackupResponse;
import io.pathkeeper.v1.GetMemberStatusRequest;
import io.pathkeeper.v1.GetMemberStatusResponse;
import io.pathkeeper.v1.ListAlarmsRequest;
import io.pathkeeper.v1.ListAlarmsResponse;
import io.pathkeeper.v1.MaintenanceServiceGrpc;

/** MaintenanceService on the wire. Needs no quorum and waits for nothing, but for the backups that ask for it. */
final class MaintenanceEndpoint extends MaintenanceServiceGrpc.MaintenanceServiceImplBase {
    private final StoreService store;
    private final StoreContext context;
    private final Headers headers;
    private final ProcessFacts facts;
    private final BackupCalls backups;

    MaintenanceEndpoint(StoreContext context, ProcessFacts facts, BackupCalls backups) {
        this.backups = backups;
        this.context = context;
        this.store = context.store();
        this.headers = context.headers();
        this.facts = facts;
    }

    @Override
    public void getMemberStatus(GetMemberStatusRequest r, StreamObserver<GetMemberStatusResponse> observer) {
        ClusterStatus status = store.status();
        TreeView view = store.view();
        RevisionDigest digest = store.digest();
        Runtime runtime = Runtime.getRuntime();
        observer.onNext(GetMemberStatusResponse.newBuilder()
                .setHeader(headers.header(digest.revision()))
                .setVersion(facts.version())
                .setRole(ClusterEndpoint.role(status.role()))
                .setCommitIndex(status.commitIndex())
                .setAppliedIndex(status.appliedIndex())
                .setZnodeCount(view.znodeCount())
                .setDataBytes(view.dataBytes())
                .setDigest(digest.digest())
                .setOldestRevision(store.oldestRevision())
                .setObservationCount(facts.observationCount())
                .setSnapshotIndex(status.snapshotIndex())
                .setUptimeMs(facts.uptimeMillis())
                .setHeapUsedBytes(runtime.totalMemory() - runtime.freeMemory())
                .setDiskFreeBytes(facts.diskFreeBytes())
                .setReady(facts.ready())
                .addAllAlarms(facts.alarms())
                .build());
        observer.onCompleted();
    }

    @Override
    public void listAlarms(ListAlarmsRequest r, StreamObserver<ListAlarmsResponse> observer) {
        UnaryCall<ListAlarmsResponse> call = new UnaryCall<>(observer, context.workers(), headers);
        call.read(() -> facts.clusterAlarms().list(listing -> call.answer(() -> answer(listing))));
    }

    private ListAlarmsResponse answer(ClusterAlarms.Listing listing) {
        ListAlarmsResponse.Builder answer = ListAlarmsResponse.newBuilder()
                .setHeader(headers.header(store.view().revision()))
                .addAllUnreachedMemberIds(listing.unreached());
        for (ClusterAlarms.OfMember one : listing.alarms()) {
            answer.addAlarms(Alarm.newBuilder()
                    .setMemberId(one.memberId())
                    .setType(one.alarm().type())
                    .setSubject(one.alarm().subject())
                    .setMessage(one.alarm().message())
                    .setRaisedAtMs(one.alarm().sinceMillis()));
        }
        return answer.build();
    }

    @Override
    public void backup(BackupRequest r, StreamObserver<BackupResponse> observer) {
        backups.start(r, (ServerCallStreamObserver<BackupResponse>) observer);
    }
}

package io.pathkeeper.server.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.logging.LogLevels;
import io.pathkeeper.server.state.RevisionDigest;
import io.pathkeeper.server.store.ClusterAlarms;
import io.pathkeeper.server.store.ClusterStatus;
import io.pathkeeper.server.store.StoreService;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.v1.Alarm;
import io.pathkeeper.v1.BackupRequest;
import io.pathkeeper.v1.BackupResponse;
import io.pathkeeper.v1.CallCount;
import io.pathkeeper.v1.GetMemberStatusRequest;
import io.pathkeeper.v1.GetMemberStatusResponse;
import io.pathkeeper.v1.ListAlarmsRequest;
import io.pathkeeper.v1.ListAlarmsResponse;
import io.pathkeeper.v1.ListLogLevelsRequest;
import io.pathkeeper.v1.ListLogLevelsResponse;
import io.pathkeeper.v1.LogLevel;
import io.pathkeeper.v1.LoggerLevel;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import io.pathkeeper.v1.SetLogLevelRequest;
import io.pathkeeper.v1.SetLogLevelResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** MaintenanceService on the wire. Needs no quorum and waits for nothing, but for the backups that ask for it. */
final class MaintenanceEndpoint extends MaintenanceServiceGrpc.MaintenanceServiceImplBase {
    private static final String LEVEL_PREFIX = "LOG_LEVEL_";
    private static final Duration LEVEL_LIFE = Duration.ofMinutes(10);

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
                .setSessionCount(store.sessions().count())
                .setLockCount(store.locks().count())
                .addAllCalls(calls())
                .setPipelineOperationCount(context.meters().pipelineOperations())
                .build());
        observer.onCompleted();
    }

    private List<CallCount> calls() {
        return context.meters().calls().stream()
                .map(calls -> CallCount.newBuilder()
                        .setMethod(calls.method())
                        .setEndedCount(calls.ended())
                        .setTotalUs(TimeUnit.NANOSECONDS.toMicros(calls.totalNanos()))
                        .build())
                .toList();
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
    public void setLogLevel(SetLogLevelRequest r, StreamObserver<SetLogLevelResponse> observer) {
        UnaryCall<SetLogLevelResponse> call = new UnaryCall<>(observer, context.workers(), headers);
        call.read(() -> {
            LogLevels levels = facts.logLevels();
            String level = level(r.getLevel());
            try {
                if (level.isEmpty()) {
                    levels.reset(r.getLogger());
                } else {
                    long millis = r.getDurationMs();
                    levels.set(r.getLogger(), level, millis == 0 ? LEVEL_LIFE : Duration.ofMillis(millis));
                }
            } catch (IllegalArgumentException e) {
                throw RejectedException.argument(e);
            }
            call.answer(() -> SetLogLevelResponse.newBuilder()
                    .setHeader(headers.header(store.view().revision()))
                    .addAllLevels(standing())
                    .build());
        });
    }

    @Override
    public void listLogLevels(ListLogLevelsRequest r, StreamObserver<ListLogLevelsResponse> observer) {
        UnaryCall<ListLogLevelsResponse> call = new UnaryCall<>(observer, context.workers(), headers);
        call.read(() -> call.answer(() -> ListLogLevelsResponse.newBuilder()
                .setHeader(headers.header(store.view().revision()))
                .addAllLevels(standing())
                .build()));
    }

    private List<LoggerLevel> standing() {
        return facts.logLevels().list().stream()
                .map(level -> LoggerLevel.newBuilder()
                        .setLogger(level.logger())
                        .setLevel(LogLevel.valueOf(LEVEL_PREFIX + level.level()))
                        .setUntilMs(level.untilMillis())
                        .build())
                .toList();
    }

    private static String level(LogLevel level) {
        return switch (level) {
            case UNRECOGNIZED -> throw RejectedException.argument("level", "is not one that this server knows");
            case LOG_LEVEL_UNSPECIFIED -> "";
            default -> level.name().substring(LEVEL_PREFIX.length());
        };
    }

    @Override
    public void backup(BackupRequest r, StreamObserver<BackupResponse> observer) {
        backups.start(r, (ServerCallStreamObserver<BackupResponse>) observer);
    }
}

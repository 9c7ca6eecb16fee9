package io.pathkeeper.client.internal;

import io.pathkeeper.client.model.Alarm;
import io.pathkeeper.client.model.AlarmList;
import io.pathkeeper.client.model.BackupEnd;
import io.pathkeeper.client.model.BackupInfo;
import io.pathkeeper.client.model.BackupPart;
import io.pathkeeper.client.model.CallCount;
import io.pathkeeper.client.model.ClusterInfo;
import io.pathkeeper.client.model.Limits;
import io.pathkeeper.client.model.LogLevel;
import io.pathkeeper.client.model.LoggerLevel;
import io.pathkeeper.client.model.Member;
import io.pathkeeper.client.model.MemberRole;
import io.pathkeeper.client.model.MemberStatus;
import io.pathkeeper.client.model.ResponseHeader;
import io.pathkeeper.v1.BackupResponse;
import io.pathkeeper.v1.GetClusterInfoResponse;
import io.pathkeeper.v1.GetMemberStatusResponse;
import io.pathkeeper.v1.ListAlarmsResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads facts about the cluster from the form of the wire. */
final class ClusterProto {
    private ClusterProto() {}

    static ResponseHeader header(io.pathkeeper.v1.ResponseHeader header) {
        return new ResponseHeader(
                header.getClusterId(),
                header.getMemberId(),
                header.getLeaderId(),
                header.getTerm(),
                header.getRevision(),
                Duration.ofMillis(header.getLastContactMs()));
    }

    static List<Member> members(List<io.pathkeeper.v1.Member> members) {
        return members.stream()
                .map(member -> new Member(
                        member.getMemberId(),
                        member.getClientAddress(),
                        member.getRaftAddress(),
                        role(member.getRole()),
                        member.getVoter(),
                        member.getPriority(),
                        member.hasLagEntries() ? OptionalLong.of(member.getLagEntries()) : OptionalLong.empty(),
                        member.hasLastContactMs()
                                ? Optional.of(Duration.ofMillis(member.getLastContactMs()))
                                : Optional.empty()))
                .toList();
    }

    private static MemberRole role(io.pathkeeper.v1.MemberRole role) {
        return switch (role) {
            case MEMBER_ROLE_LEADER -> MemberRole.LEADER;
            case MEMBER_ROLE_FOLLOWER -> MemberRole.FOLLOWER;
            case MEMBER_ROLE_CANDIDATE -> MemberRole.CANDIDATE;
            case MEMBER_ROLE_LISTENER -> MemberRole.LISTENER;
            default -> MemberRole.UNKNOWN;
        };
    }

    static ClusterInfo clusterInfo(GetClusterInfoResponse response) {
        io.pathkeeper.v1.Limits limits = response.getLimits();
        return new ClusterInfo(
                header(response.getHeader()),
                members(response.getMembersList()),
                new Limits(
                        limits.getMaxValueBytes(),
                        limits.getMaxPathBytes(),
                        limits.getMaxNameBytes(),
                        limits.getMaxDepth(),
                        limits.getMaxRequestBytes(),
                        limits.getMaxTransactionOperations(),
                        limits.getMaxBatchPaths(),
                        limits.getMaxPageSize(),
                        limits.getMaxRecursiveDelete(),
                        limits.getMaxObserveTargets(),
                        limits.getMaxObservations()),
                response.getVersion(),
                response.getFeaturesList());
    }

    static MemberStatus memberStatus(GetMemberStatusResponse response) {
        return new MemberStatus(
                header(response.getHeader()),
                response.getVersion(),
                role(response.getRole()),
                response.getCommitIndex(),
                response.getAppliedIndex(),
                response.getZnodeCount(),
                response.getDataBytes(),
                response.getDigest(),
                response.getOldestRevision(),
                response.getObservationCount(),
                response.getSnapshotIndex(),
                Duration.ofMillis(response.getUptimeMs()),
                response.getHeapUsedBytes(),
                response.getDiskFreeBytes(),
                response.getReady(),
                response.getAlarmsList(),
                response.getSessionCount(),
                response.getLockCount(),
                response.getCallsList().stream()
                        .map(calls -> new CallCount(
                                calls.getMethod(),
                                calls.getEndedCount(),
                                Duration.of(calls.getTotalUs(), ChronoUnit.MICROS)))
                        .toList(),
                response.getPipelineOperationCount());
    }

    static List<LoggerLevel> levels(List<io.pathkeeper.v1.LoggerLevel> levels) {
        return levels.stream()
                .map(level -> new LoggerLevel(
                        level.getLogger(), level(level.getLevel()), Instant.ofEpochMilli(level.getUntilMs())))
                .toList();
    }

    private static LogLevel level(io.pathkeeper.v1.LogLevel level) {
        return switch (level) {
            case LOG_LEVEL_ERROR -> LogLevel.ERROR;
            case LOG_LEVEL_WARN -> LogLevel.WARN;
            case LOG_LEVEL_INFO -> LogLevel.INFO;
            case LOG_LEVEL_DEBUG -> LogLevel.DEBUG;
            // what a newer server has beside these tells no less
            case LOG_LEVEL_TRACE, LOG_LEVEL_UNSPECIFIED, UNRECOGNIZED -> LogLevel.TRACE;
        };
    }

    static AlarmList alarms(ListAlarmsResponse response) {
        return new AlarmList(
                header(response.getHeader()),
                response.getAlarmsList().stream()
                        .map(alarm -> new Alarm(
                                alarm.getType(),
                                alarm.getMemberId(),
                                alarm.getSubject(),
                                alarm.getMessage(),
                                Instant.ofEpochMilli(alarm.getRaisedAtMs())))
                        .toList(),
                response.getUnreachedMemberIdsList());
    }

    static BackupPart backupPart(BackupResponse response) {
        return new BackupPart(
                response.hasInfo() ? backupInfo(response.getInfo()) : null,
                response.getChunk().asReadOnlyByteBuffer(),
                response.hasEnd() ? backupEnd(response.getEnd()) : null);
    }

    private static BackupInfo backupInfo(io.pathkeeper.v1.BackupInfo info) {
        return new BackupInfo(
                info.getFormatVersion(),
                info.getClusterId(),
                info.getMemberId(),
                info.getServerVersion(),
                info.getRevision(),
                info.getZnodeCount(),
                Instant.ofEpochMilli(info.getCreatedAtMs()));
    }

    private static BackupEnd backupEnd(io.pathkeeper.v1.BackupEnd end) {
        return new BackupEnd(
                end.getFileBytes(), HexFormat.of().formatHex(end.getSha256().toByteArray()));
    }
}

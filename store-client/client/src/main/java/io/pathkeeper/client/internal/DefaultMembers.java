package io.pathkeeper.client.internal;

import io.grpc.MethodDescriptor;
import io.pathkeeper.client.cluster.MemberUpdate;
import io.pathkeeper.client.cluster.Members;
import io.pathkeeper.client.cluster.NewMember;
import io.pathkeeper.client.model.Member;
import io.pathkeeper.v1.AddMemberRequest;
import io.pathkeeper.v1.ClusterServiceGrpc;
import io.pathkeeper.v1.DemoteMemberRequest;
import io.pathkeeper.v1.ListMembersRequest;
import io.pathkeeper.v1.ListMembersResponse;
import io.pathkeeper.v1.PromoteMemberRequest;
import io.pathkeeper.v1.RemoveMemberRequest;
import io.pathkeeper.v1.ReplaceMemberRequest;
import io.pathkeeper.v1.TransferLeadershipRequest;
import io.pathkeeper.v1.UpdateMemberRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The members of the cluster and their changes. Has no state of its own; any thread. */
final class DefaultMembers implements Members {
    private static final long CHANGE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long CATCH_UP_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final UnaryCalls unary;
    private final long timeoutNanos;

    DefaultMembers(UnaryCalls unary, Duration requestTimeout) {
        this.unary = unary;
        this.timeoutNanos = requestTimeout.toNanos();
    }

    @Override
    public CompletableFuture<List<Member>> list() {
        ListMembersRequest request = ListMembersRequest.getDefaultInstance();
        return unary.call(ClusterServiceGrpc.getListMembersMethod(), request, timeoutNanos, Function.identity())
                .thenCompose(answer -> {
                    List<Member> members = ClusterProto.members(answer.getMembersList());
                    String leader = leaderAddress(answer);
                    return leader.isEmpty()
                            ? CompletableFuture.completedFuture(members)
                            : unary.callAt(
                                            leader,
                                            ClusterServiceGrpc.getListMembersMethod(),
                                            request,
                                            UnaryCalls.patience(timeoutNanos),
                                            told -> ClusterProto.members(told.getMembersList()))
                                    .exceptionally(error -> members);
                });
    }

    /** Empty when the answer is the leader's own, or none is known. */
    private static String leaderAddress(ListMembersResponse answer) {
        String leader = answer.getHeader().getLeaderId();
        if (leader.isEmpty() || leader.equals(answer.getHeader().getMemberId())) {
            return "";
        }
        try {
            return answer.getMembersList().stream()
                    .filter(member -> member.getMemberId().equals(leader))
                    .map(member -> ClientSettings.normalizeAddress(member.getClientAddress()))
                    .findFirst()
                    .orElse("");
        } catch (IllegalArgumentException e) {
            return ""; // the leader tells of an address that nobody can use
        }
    }

    private <Q, A> CompletableFuture<Void> change(MethodDescriptor<Q, A> method, Q request, long leastNanos) {
        return unary.once(method, request, Math.max(timeoutNanos, leastNanos), Function.identity())
                .thenAccept(done -> {});
    }

    @Override
    public CompletableFuture<Void> add(NewMember member) {
        return change(
                ClusterServiceGrpc.getAddMemberMethod(),
                AddMemberRequest.newBuilder()
                        .setMemberId(member.memberId())
                        .setRaftAddress(member.raftAddress())
                        .setClientAddress(member.clientAddress())
                        .setListener(!member.voter())
                        .setPriority(member.priority())
                        .build(),
                CATCH_UP_NANOS);
    }

    @Override
    public CompletableFuture<Void> remove(String memberId) {
        return change(
                ClusterServiceGrpc.getRemoveMemberMethod(),
                RemoveMemberRequest.newBuilder().setMemberId(memberId).build(),
                CHANGE_NANOS);
    }

    @Override
    public CompletableFuture<Void> update(String memberId, MemberUpdate update) {
        UpdateMemberRequest.Builder request = UpdateMemberRequest.newBuilder().setMemberId(memberId);
        String raft = update.raftAddress();
        String client = update.clientAddress();
        Integer priority = update.priority();
        if (raft != null) {
            request.setRaftAddress(raft);
        }
        if (client != null) {
            request.setClientAddress(client);
        }
        if (priority != null) {
            request.setPriority(priority);
        }
        return change(ClusterServiceGrpc.getUpdateMemberMethod(), request.build(), CATCH_UP_NANOS);
    }

    @Override
    public CompletableFuture<Void> replace(
            String memberId, String newMemberId, String raftAddress, String clientAddress) {
        return change(
                ClusterServiceGrpc.getReplaceMemberMethod(),
                ReplaceMemberRequest.newBuilder()
                        .setMemberId(memberId)
                        .setNewMemberId(newMemberId)
                        .setRaftAddress(raftAddress)
                        .setClientAddress(clientAddress)
                        .build(),
                CATCH_UP_NANOS);
    }

    @Override
    public CompletableFuture<Void> promote(String memberId) {
        return change(
                ClusterServiceGrpc.getPromoteMemberMethod(),
                PromoteMemberRequest.newBuilder().setMemberId(memberId).build(),
                CHANGE_NANOS);
    }

    @Override
    public CompletableFuture<Void> demote(String memberId) {
        return change(
                ClusterServiceGrpc.getDemoteMemberMethod(),
                DemoteMemberRequest.newBuilder().setMemberId(memberId).build(),
                CHANGE_NANOS);
    }

    @Override
    public CompletableFuture<Void> transferLeadership(String memberId) {
        return change(
                ClusterServiceGrpc.getTransferLeadershipMethod(),
                TransferLeadershipRequest.newBuilder().setMemberId(memberId).build(),
                CHANGE_NANOS);
    }
}

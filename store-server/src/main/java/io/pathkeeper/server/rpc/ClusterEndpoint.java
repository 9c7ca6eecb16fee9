package io.pathkeeper.server.rpc;

import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.store.ClusterStatus;
import io.pathkeeper.server.store.MembershipControl;
import io.pathkeeper.server.store.StoreService;
import io.pathkeeper.v1.AddMemberRequest;
import io.pathkeeper.v1.AddMemberResponse;
import io.pathkeeper.v1.ClusterServiceGrpc;
import io.pathkeeper.v1.DeleteQuotaRequest;
import io.pathkeeper.v1.DeleteQuotaResponse;
import io.pathkeeper.v1.DemoteMemberRequest;
import io.pathkeeper.v1.DemoteMemberResponse;
import io.pathkeeper.v1.GetClusterInfoRequest;
import io.pathkeeper.v1.GetClusterInfoResponse;
import io.pathkeeper.v1.GetQuotaRequest;
import io.pathkeeper.v1.GetQuotaResponse;
import io.pathkeeper.v1.Limits;
import io.pathkeeper.v1.ListMembersRequest;
import io.pathkeeper.v1.ListMembersResponse;
import io.pathkeeper.v1.ListQuotasRequest;
import io.pathkeeper.v1.ListQuotasResponse;
import io.pathkeeper.v1.Member;
import io.pathkeeper.v1.MemberRole;
import io.pathkeeper.v1.PromoteMemberRequest;
import io.pathkeeper.v1.PromoteMemberResponse;
import io.pathkeeper.v1.RemoveMemberRequest;
import io.pathkeeper.v1.RemoveMemberResponse;
import io.pathkeeper.v1.ReplaceMemberRequest;
import io.pathkeeper.v1.ReplaceMemberResponse;
import io.pathkeeper.v1.SetQuotaRequest;
import io.pathkeeper.v1.SetQuotaResponse;
import io.pathkeeper.v1.TransferLeadershipRequest;
import io.pathkeeper.v1.TransferLeadershipResponse;
import io.pathkeeper.v1.UpdateMemberRequest;
import io.pathkeeper.v1.UpdateMemberResponse;
import java.util.ArrayList;
import java.util.List;

/** ClusterService on the wire: facts that this server has, never waited for; and changes of the members, which last. */
final class ClusterEndpoint extends ClusterServiceGrpc.ClusterServiceImplBase {
    private static final List<String> FEATURES = List.of(
            "pipeline",
            "patch",
            "transact",
            "observe",
            "ttl",
            "container",
            "session",
            "lock",
            "election",
            "membership",
            "quota");

    private final StoreService store;
    private final Headers headers;
    private final MemberCalls members;
    private final QuotaCalls quotas;
    private final Limits limits;
    private final String version;

    ClusterEndpoint(CoordinationContext context, MembershipControl membership, Limits limits, String version) {
        this.store = context.calls().store();
        this.headers = context.calls().headers();
        this.members = new MemberCalls(context, membership);
        this.quotas = new QuotaCalls(context);
        this.limits = limits;
        this.version = version;
    }

    @Override
    public void getClusterInfo(GetClusterInfoRequest r, StreamObserver<GetClusterInfoResponse> observer) {
        observer.onNext(GetClusterInfoResponse.newBuilder()
                .setHeader(headers.header(store.view().revision()))
                .addAllMembers(members(store.status()))
                .setLimits(limits)
                .setVersion(version)
                .addAllFeatures(FEATURES)
                .build());
        observer.onCompleted();
    }

    @Override
    public void listMembers(ListMembersRequest r, StreamObserver<ListMembersResponse> observer) {
        observer.onNext(ListMembersResponse.newBuilder()
                .setHeader(headers.header(store.view().revision()))
                .addAllMembers(members(store.status()))
                .build());
        observer.onCompleted();
    }

    @Override
    public void addMember(AddMemberRequest r, StreamObserver<AddMemberResponse> observer) {
        members.addMember(r, observer);
    }

    @Override
    public void removeMember(RemoveMemberRequest r, StreamObserver<RemoveMemberResponse> observer) {
        members.removeMember(r, observer);
    }

    @Override
    public void updateMember(UpdateMemberRequest r, StreamObserver<UpdateMemberResponse> observer) {
        members.updateMember(r, observer);
    }

    @Override
    public void replaceMember(ReplaceMemberRequest r, StreamObserver<ReplaceMemberResponse> observer) {
        members.replaceMember(r, observer);
    }

    @Override
    public void promoteMember(PromoteMemberRequest r, StreamObserver<PromoteMemberResponse> observer) {
        members.promoteMember(r, observer);
    }

    @Override
    public void demoteMember(DemoteMemberRequest r, StreamObserver<DemoteMemberResponse> observer) {
        members.demoteMember(r, observer);
    }

    @Override
    public void transferLeadership(TransferLeadershipRequest r, StreamObserver<TransferLeadershipResponse> observer) {
        members.transferLeadership(r, observer);
    }

    @Override
    public void setQuota(SetQuotaRequest r, StreamObserver<SetQuotaResponse> observer) {
        quotas.setQuota(r, observer);
    }

    @Override
    public void getQuota(GetQuotaRequest r, StreamObserver<GetQuotaResponse> observer) {
        quotas.getQuota(r, observer);
    }

    @Override
    public void listQuotas(ListQuotasRequest r, StreamObserver<ListQuotasResponse> observer) {
        quotas.listQuotas(r, observer);
    }

    @Override
    public void deleteQuota(DeleteQuotaRequest r, StreamObserver<DeleteQuotaResponse> observer) {
        quotas.deleteQuota(r, observer);
    }

    private static List<Member> members(ClusterStatus status) {
        List<Member> members = new ArrayList<>();
        for (ClusterStatus.Member member : status.members()) {
            Member.Builder out = Member.newBuilder()
                    .setMemberId(member.id())
                    .setClientAddress(member.clientAddress())
                    .setRaftAddress(member.raftAddress())
                    .setRole(role(member.role()))
                    .setVoter(member.voter())
                    .setPriority(member.priority());
            if (member.lag() >= 0) {
                out.setLagEntries(member.lag());
            }
            if (member.lastContactMillis() >= 0) {
                out.setLastContactMs(member.lastContactMillis());
            }
            members.add(out.build());
        }
        return members;
    }

    static MemberRole role(ClusterStatus.Role role) {
        return switch (role) {
            case LEADER -> MemberRole.MEMBER_ROLE_LEADER;
            case FOLLOWER -> MemberRole.MEMBER_ROLE_FOLLOWER;
            case CANDIDATE -> MemberRole.MEMBER_ROLE_CANDIDATE;
            case LISTENER -> MemberRole.MEMBER_ROLE_LISTENER;
            case UNKNOWN -> MemberRole.MEMBER_ROLE_UNSPECIFIED;
        };
    }
}

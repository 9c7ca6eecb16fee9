package io.pathkeeper.server.rpc;

import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.store.ClusterStatus;
import io.pathkeeper.server.store.StoreService;
import io.pathkeeper.v1.ClusterServiceGrpc;
import io.pathkeeper.v1.GetClusterInfoRequest;
import io.pathkeeper.v1.GetClusterInfoResponse;
import io.pathkeeper.v1.Limits;
import io.pathkeeper.v1.ListMembersRequest;
import io.pathkeeper.v1.ListMembersResponse;
import io.pathkeeper.v1.Member;
import io.pathkeeper.v1.MemberRole;
import java.util.ArrayList;
import java.util.List;

/** ClusterService on the wire: facts that this server has, never waited for. */
final class ClusterEndpoint extends ClusterServiceGrpc.ClusterServiceImplBase {
    private static final List<String> FEATURES =
            List.of("pipeline", "patch", "transact", "observe", "ttl", "container", "session", "lock", "election");

    private final StoreService store;
    private final Headers headers;
    private final Limits limits;
    private final String version;

    ClusterEndpoint(StoreService store, Headers headers, Limits limits, String version) {
        this.store = store;
        this.headers = headers;
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

    private static List<Member> members(ClusterStatus status) {
        List<Member> members = new ArrayList<>();
        for (ClusterStatus.Member member : status.members()) {
            members.add(Member.newBuilder()
                    .setMemberId(member.id())
                    .setClientAddress(member.clientAddress())
                    .setRaftAddress(member.raftAddress())
                    .setRole(role(member.role()))
                    .build());
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

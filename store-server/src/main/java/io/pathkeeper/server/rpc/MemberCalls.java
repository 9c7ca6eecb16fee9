package io.pathkeeper.server.rpc;

import com.google.protobuf.Message;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.config.Address;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.MembershipChange;
import io.pathkeeper.server.store.MembershipControl;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.v1.AddMemberRequest;
import io.pathkeeper.v1.AddMemberResponse;
import io.pathkeeper.v1.DemoteMemberRequest;
import io.pathkeeper.v1.DemoteMemberResponse;
import io.pathkeeper.v1.PromoteMemberRequest;
import io.pathkeeper.v1.PromoteMemberResponse;
import io.pathkeeper.v1.RemoveMemberRequest;
import io.pathkeeper.v1.RemoveMemberResponse;
import io.pathkeeper.v1.ReplaceMemberRequest;
import io.pathkeeper.v1.ReplaceMemberResponse;
import io.pathkeeper.v1.ResponseHeader;
import io.pathkeeper.v1.TransferLeadershipRequest;
import io.pathkeeper.v1.TransferLeadershipResponse;
import io.pathkeeper.v1.UpdateMemberRequest;
import io.pathkeeper.v1.UpdateMemberResponse;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Calls of ClusterService that change the members. Each waits for the end of its change, as long as its client does. */
final class MemberCalls {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,31}");
    private static final int MOST_PRIORITY = 100;

    private final CoordinationContext context;
    private final MembershipControl membership;

    MemberCalls(CoordinationContext context, MembershipControl membership) {
        this.context = context;
        this.membership = membership;
    }

    void addMember(AddMemberRequest r, StreamObserver<AddMemberResponse> observer) {
        change(
                observer,
                () -> new MembershipChange.Add(
                        id("member_id", r.getMemberId()),
                        address("raft_address", r.getRaftAddress()),
                        address("client_address", r.getClientAddress()),
                        r.getListener(),
                        priority(r.getPriority())),
                header -> AddMemberResponse.newBuilder().setHeader(header).build());
    }

    void removeMember(RemoveMemberRequest r, StreamObserver<RemoveMemberResponse> observer) {
        change(
                observer,
                () -> new MembershipChange.Remove(id("member_id", r.getMemberId())),
                header -> RemoveMemberResponse.newBuilder().setHeader(header).build());
    }

    void updateMember(UpdateMemberRequest r, StreamObserver<UpdateMemberResponse> observer) {
        change(
                observer,
                () -> new MembershipChange.Update(
                        id("member_id", r.getMemberId()),
                        r.getRaftAddress().isEmpty() ? "" : address("raft_address", r.getRaftAddress()),
                        r.getClientAddress().isEmpty() ? "" : address("client_address", r.getClientAddress()),
                        r.hasPriority() ? priority(r.getPriority()) : MembershipChange.Update.KEEP),
                header -> UpdateMemberResponse.newBuilder().setHeader(header).build());
    }

    void replaceMember(ReplaceMemberRequest r, StreamObserver<ReplaceMemberResponse> observer) {
        change(
                observer,
                () -> {
                    String old = id("member_id", r.getMemberId());
                    String next = id("new_member_id", r.getNewMemberId());
                    if (old.equals(next)) {
                        throw RejectedException.argument(
                                "new_member_id", "is the same as member_id: give it new addresses with UpdateMember");
                    }
                    return new MembershipChange.Replace(
                            old,
                            next,
                            address("raft_address", r.getRaftAddress()),
                            address("client_address", r.getClientAddress()));
                },
                header -> ReplaceMemberResponse.newBuilder().setHeader(header).build());
    }

    void promoteMember(PromoteMemberRequest r, StreamObserver<PromoteMemberResponse> observer) {
        change(
                observer,
                () -> new MembershipChange.Promote(id("member_id", r.getMemberId())),
                header -> PromoteMemberResponse.newBuilder().setHeader(header).build());
    }

    void demoteMember(DemoteMemberRequest r, StreamObserver<DemoteMemberResponse> observer) {
        change(
                observer,
                () -> new MembershipChange.Demote(id("member_id", r.getMemberId())),
                header -> DemoteMemberResponse.newBuilder().setHeader(header).build());
    }

    void transferLeadership(TransferLeadershipRequest r, StreamObserver<TransferLeadershipResponse> observer) {
        change(
                observer,
                () -> new MembershipChange.Transfer(r.getMemberId().isEmpty() ? "" : id("member_id", r.getMemberId())),
                header -> TransferLeadershipResponse.newBuilder()
                        .setHeader(header)
                        .build());
    }

    /** Reads a request. */
    private interface Reading {
        /** May throw {@link RejectedException}. */
        MembershipChange read();
    }

    private <R extends Message> void change(
            StreamObserver<R> observer, Reading request, Function<ResponseHeader, R> answer) {
        UnaryCall<R> call = context.call(observer);
        call.read(() -> membership.change(
                request.read(),
                UnaryCall.deadlineNanos(context.calls().defaultDeadlineNanos()),
                new MembershipControl.Listener() {
                    @Override
                    public void done() {
                        call.answer(() -> answer.apply(context.header()));
                    }

                    @Override
                    public void rejected(Rejection rejection) {
                        call.answer(() -> {
                            throw new RejectedException(rejection);
                        });
                    }

                    @Override
                    public void failed(StoreFailure failure) {
                        call.fail(failure);
                    }
                }));
    }

    private static String id(String field, String text) {
        if (!ID.matcher(text).matches()) {
            throw RejectedException.argument(
                    field,
                    "must have 1 to 32 letters, digits, '.', '_' or '-', a letter or digit first; it is '"
                            + text.substring(0, Math.min(64, text.length())) + "'");
        }
        return text;
    }

    private static String address(String field, String text) {
        try {
            Address address = Address.parse(text);
            if (address.port() == 0) {
                throw new IllegalArgumentException("port 0 cannot be reached by others");
            }
            return address.toString();
        } catch (IllegalArgumentException e) {
            throw RejectedException.argument(field, "is no host:port: " + e.getMessage());
        }
    }

    private static int priority(int value) {
        if (value < 0 || value > MOST_PRIORITY) {
            throw RejectedException.argument("priority", "must be 0 to " + MOST_PRIORITY + "; it is " + value);
        }
        return value;
    }
}

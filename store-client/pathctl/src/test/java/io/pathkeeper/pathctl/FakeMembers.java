package io.pathkeeper.pathctl;

import io.pathkeeper.client.cluster.MemberUpdate;
import io.pathkeeper.client.cluster.Members;
import io.pathkeeper.client.cluster.NewMember;
import io.pathkeeper.client.error.ErrorDetails;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PreconditionFailedException;
import io.pathkeeper.client.model.Member;
import io.pathkeeper.client.model.MemberRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** Members that keep what they are told: s1 leads, s2 follows, s3 listens. */
public final class FakeMembers implements Members {
    /** What was asked for. */
    public final List<String> asked = new ArrayList<>();
    /** Why the next change is refused; empty: it is not. */
    public String refusal = "";

    private CompletableFuture<Void> change(String what) {
        asked.add(what);
        if (!refusal.isEmpty()) {
            return CompletableFuture.failedFuture(new PreconditionFailedException(
                    new ErrorDetails(refusal, "refused: " + refusal, Map.of(), false, Outcome.NOT_APPLIED), null));
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<List<Member>> list() {
        return CompletableFuture.completedFuture(List.of(
                new Member("s1", "h1:1", "h1:2", MemberRole.LEADER, true, 0, OptionalLong.of(0), heard(0)),
                new Member("s2", "h2:1", "h2:2", MemberRole.FOLLOWER, true, 7, OptionalLong.of(12), heard(90)),
                new Member(
                        "s3", "h3:1", "h3:2", MemberRole.LISTENER, false, 0, OptionalLong.empty(), Optional.empty())));
    }

    private static Optional<Duration> heard(long millis) {
        return Optional.of(Duration.ofMillis(millis));
    }

    @Override
    public CompletableFuture<Void> add(NewMember member) {
        return change("add " + member);
    }

    @Override
    public CompletableFuture<Void> remove(String memberId) {
        return change("remove " + memberId);
    }

    @Override
    public CompletableFuture<Void> update(String memberId, MemberUpdate update) {
        return change("update " + memberId + " " + update);
    }

    @Override
    public CompletableFuture<Void> replace(
            String memberId, String newMemberId, String raftAddress, String clientAddress) {
        return change("replace " + memberId + " " + newMemberId + " " + raftAddress + " " + clientAddress);
    }

    @Override
    public CompletableFuture<Void> promote(String memberId) {
        return change("promote " + memberId);
    }

    @Override
    public CompletableFuture<Void> demote(String memberId) {
        return change("demote " + memberId);
    }

    @Override
    public CompletableFuture<Void> transferLeadership(String memberId) {
        return change("transfer '" + memberId + "'");
    }
}

package io.pathkeeper.client.cluster;

import io.pathkeeper.client.model.Member;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Who belongs to the cluster. Nothing here waits; futures complete on callback threads. Any server takes a change and brings it to the leader;
 * one is made at a time, and one that is there already is done at once.
 *
 * <p>Changes need {@code ADMIN} on {@code /}. They fail with {@link io.pathkeeper.client.error.AccessDeniedException}, {@link
 * io.pathkeeper.client.error.InvalidRequestException}, {@link io.pathkeeper.client.error.NodeNotFoundException} ({@code MEMBER_NOT_FOUND}),
 * {@link io.pathkeeper.client.error.PreconditionFailedException} ({@code MEMBER_EXISTS}, {@code MEMBER_MISMATCH}, {@code
 * MEMBER_UNREACHABLE}, {@code MEMBER_BEHIND}, {@code QUORUM_AT_RISK}, {@code MEMBERSHIP_BUSY}) and {@link
 * io.pathkeeper.client.error.LimitExceededException} ({@code QUOTA_EXCEEDED}): nothing has changed then. They are not repeated once they
 * may have been made: with the outcome {@code UNKNOWN}, look at {@link #list()}. A change has at least half a minute, and one that waits for a server
 * to catch up two minutes, also where the client's request timeout is shorter.
 */
public interface Members {
    /** Lists the members with what the leader knows of them; without a leader, as some server knows them. */
    CompletableFuture<List<Member>> list();

    /** Takes a server in. Completes when it has caught up and, as a voter, votes. */
    CompletableFuture<Void> add(NewMember member);

    /** Puts a member out, whose process ends. A leader hands leadership over first. */
    CompletableFuture<Void> remove(String memberId);

    /** Changes what is known of a member. One that answers at another address with an empty disk is put out and taken in again. */
    CompletableFuture<Void> update(String memberId, MemberUpdate update);

    /** Takes a server in and puts a member out in one step; the new one has the role of the old one. */
    CompletableFuture<Void> replace(String memberId, String newMemberId, String raftAddress, String clientAddress);

    /** Gives a listener a vote, unless it lacks 1,000 log entries or more. */
    CompletableFuture<Void> promote(String memberId);

    /** Makes a voter a listener. */
    CompletableFuture<Void> demote(String memberId);

    /**
     * Has another member lead.
     *
     * @param memberId empty: any other
     */
    CompletableFuture<Void> transferLeadership(String memberId);
}

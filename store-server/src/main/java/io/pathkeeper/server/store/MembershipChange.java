package io.pathkeeper.server.store;

/** A change of the cluster's members, or of who leads it. Addresses are host:port. */
public sealed interface MembershipChange {
    /** The member that it is about; empty when any will do. */
    String memberId();

    /**
     * Takes a server in that waits to join.
     *
     * @param raftAddress where the other servers reach it
     * @param clientAddress where clients reach it
     * @param listener whether it follows without a vote
     * @param priority who of those that may lead is preferred, the highest; 0 as a rule
     */
    record Add(String memberId, String raftAddress, String clientAddress, boolean listener, int priority)
            implements MembershipChange {}

    /** Puts a member out. */
    record Remove(String memberId) implements MembershipChange {}

    /**
     * Changes what is known of a member. Where its disk is empty, too, it is put out and taken in again.
     *
     * @param raftAddress empty: as before
     * @param clientAddress empty: as before
     * @param priority {@link #KEEP}: as before
     */
    record Update(String memberId, String raftAddress, String clientAddress, int priority) implements MembershipChange {
        /** Leaves the priority as it is. */
        public static final int KEEP = -1;
    }

    /** Takes a server in that waits to join, and puts a member out in whose place it stands, in one step. */
    record Replace(String memberId, String newMemberId, String raftAddress, String clientAddress)
            implements MembershipChange {}

    /** Gives a listener a vote. */
    record Promote(String memberId) implements MembershipChange {}

    /** Takes a member's vote. */
    record Demote(String memberId) implements MembershipChange {}

    /** Has a member lead; an empty id: any other than the one that leads now. */
    record Transfer(String memberId) implements MembershipChange {}
}

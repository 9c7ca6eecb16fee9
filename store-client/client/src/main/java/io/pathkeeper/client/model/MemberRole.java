package io.pathkeeper.client.model;

/** The part that a member of the cluster plays. */
public enum MemberRole {
    /** Not known to the answering server. */
    UNKNOWN,
    /** Leads. */
    LEADER,
    /** Follows and votes. */
    FOLLOWER,
    /** Stands for election. */
    CANDIDATE,
    /** Follows without a vote. */
    LISTENER
}

package io.pathkeeper.client.model;

/**
 * A member of the cluster.
 *
 * @param memberId identity
 * @param clientAddress address for clients, {@code host:port}
 * @param raftAddress address for the other servers, {@code host:port}
 * @param role part that it plays, as far as the answering server knows
 */
public record Member(String memberId, String clientAddress, String raftAddress, MemberRole role) {}

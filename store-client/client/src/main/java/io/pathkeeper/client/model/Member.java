package io.pathkeeper.client.model;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A member of the cluster.
 *
 * @param memberId identity
 * @param clientAddress address for clients, {@code host:port}
 * @param raftAddress address for the other servers, {@code host:port}
 * @param role part that it plays, as far as the answering server knows
 * @param voter whether it votes and may lead
 * @param priority who is preferred as the leader: the highest
 * @param lag log entries that it does not have yet; empty when the answering server does not lead
 * @param lastContact time since the leader heard of it; empty when the answering server does not lead
 */
public record Member(
        String memberId,
        String clientAddress,
        String raftAddress,
        MemberRole role,
        boolean voter,
        int priority,
        OptionalLong lag,
        Optional<Duration> lastContact) {}

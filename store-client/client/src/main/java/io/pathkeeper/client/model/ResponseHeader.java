package io.pathkeeper.client.model;

import java.time.Duration;

/**
 * Facts about the server that answered and the state it answered from.
 *
 * @param clusterId identity of the cluster
 * @param memberId identity of the server that answered
 * @param leaderId identity of the leader as that server knows it; empty while it knows none
 * @param term Raft term of that server
 * @param revision revision of the state that the answer was made from
 * @param lastContact time since that server last heard from its leader; zero on the leader itself
 */
public record ResponseHeader(
        String clusterId, String memberId, String leaderId, long term, long revision, Duration lastContact) {}

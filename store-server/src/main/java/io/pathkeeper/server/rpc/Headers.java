package io.pathkeeper.server.rpc;

import io.pathkeeper.server.store.ClusterControl;
import io.pathkeeper.server.store.ClusterStatus;
import io.pathkeeper.v1.ResponseHeader;

/** Builds the header that every response carries. Any thread. */
public final class Headers {
    private final ClusterControl cluster;

    /** Makes the builder for one server. */
    public Headers(ClusterControl cluster) {
        this.cluster = cluster;
    }

    /** The header of an answer that was made from the state of a revision. */
    public ResponseHeader header(long revision) {
        ClusterStatus status = cluster.status();
        return ResponseHeader.newBuilder()
                .setClusterId(status.clusterId())
                .setMemberId(status.memberId())
                .setLeaderId(status.leaderId())
                .setTerm(status.term())
                .setRevision(revision)
                .setLastContactMs(status.lastContactMillis())
                .build();
    }

    /** Identity of the leader, empty while none is known. */
    public String leaderId() {
        return cluster.status().leaderId();
    }
}

package io.pathkeeper.client.model;

import java.time.Duration;
import java.util.List;

/**
 * The state of one server.
 *
 * @param header who answered
 * @param version version of the server
 * @param role part that it plays
 * @param commitIndex Raft log index that is known to be committed
 * @param appliedIndex Raft log index that is applied
 * @param znodeCount number of znodes
 * @param dataBytes bytes of all values
 * @param digest digest of the tree, the sessions and the locks at the header's revision; equal on all servers at equal revisions
 * @param oldestRevision oldest revision that an observation can start from
 * @param observationCount observations that this server serves
 * @param snapshotIndex Raft log index of the newest snapshot; 0 when there is none
 * @param uptime time since the server started
 * @param heapUsedBytes bytes of heap in use
 * @param diskFreeBytes bytes that the file system of the data directory has left
 * @param ready true when the server answers linearizable reads and writes
 * @param sessionCount open sessions of the cluster
 * @param lockCount locks and elections of the cluster that are held or waited for
 * @param calls calls to this server that have ended since it started, by method
 * @param pipelineOperations operations that came to this server through pipelines since it started
 * @param alarms what an operator has to look at, each as one sentence; empty when all is well
 */
public record MemberStatus(
        ResponseHeader header,
        String version,
        MemberRole role,
        long commitIndex,
        long appliedIndex,
        long znodeCount,
        long dataBytes,
        long digest,
        long oldestRevision,
        long observationCount,
        long snapshotIndex,
        Duration uptime,
        long heapUsedBytes,
        long diskFreeBytes,
        boolean ready,
        List<String> alarms,
        long sessionCount,
        long lockCount,
        List<CallCount> calls,
        long pipelineOperations) {
    /** Copies the lists. */
    public MemberStatus {
        alarms = List.copyOf(alarms);
        calls = List.copyOf(calls);
    }
}

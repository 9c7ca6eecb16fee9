package io.pathkeeper.server.raft;

import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.raftlog.RaftLogIOException;
import org.jspecify.annotations.Nullable;

/**
 * Sends entries to one follower, and the commit index when there is no entry for it to travel with. Ratis's loop wakes up when
 * the commit index moves, but finds nothing to send then.
 *
 * <p>Its fields belong to the sender's own thread; Ratis reads the wait time from others, too.
 */
final class CommitAppender extends GrpcLogAppender {
    private final FollowerAppenders appenders;
    private final String follower;
    private long sentCommit = -1;
    private long behindSince;
    private volatile boolean entriesFirst;

    CommitAppender(RaftServer.Division server, LeaderState state, FollowerInfo info, FollowerAppenders appenders) {
        super(server, state, info);
        this.appenders = appenders;
        this.follower = info.getId().toString();
        appenders.register(follower, this);
    }

    @Override
    public @Nullable AppendEntriesRequestProto newAppendEntriesRequest(long callId, boolean heartbeat)
            throws RaftLogIOException {
        long commit = getRaftLog().getLastCommittedIndex();
        entriesFirst = !heartbeat && hasAppendEntries();
        AppendEntriesRequestProto request = super.newAppendEntriesRequest(callId, heartbeat);
        entriesFirst = false;
        if (request == null && mayTell(commit)) {
            request = super.newAppendEntriesRequest(callId, true);
        }
        if (request != null && !hasPendingDataRequests()) {
            sentCommit = Math.max(sentCommit, commit);
            behindSince = 0;
        }
        return request;
    }

    /**
     * Entries come before heartbeats. A follower that lost its disk is found by an entry that does not fit; while errors delay
     * the sender, heartbeats would always be due first, and their refusals never move the index back.
     */
    @Override
    public long getHeartbeatWaitTimeMs() {
        long wait = super.getHeartbeatWaitTimeMs();
        return entriesFirst ? Math.max(wait, getServer().properties().minRpcTimeoutMs() / 4) : wait;
    }

    private boolean isBehind(long commit) {
        return commit > sentCommit && commit > getFollower().getCommitIndex();
    }

    private boolean mayTell(long commit) {
        // While an entry is under way its acknowledgement wakes this loop again; before that the follower may not have
        // it.
        if (!isBehind(commit) || hasPendingDataRequests()) {
            return false;
        }
        if (appenders.isWaiting(follower)) {
            return true;
        }
        long now = System.nanoTime();
        if (behindSince == 0) {
            behindSince = now;
        }
        return now - behindSince >= FollowerAppenders.LAZY_MILLIS * 1_000_000;
    }

    @Override
    public long getWaitTimeMs() {
        long wait = super.getWaitTimeMs();
        return isBehind(getRaftLog().getLastCommittedIndex()) && !hasPendingDataRequests()
                ? Math.min(wait, FollowerAppenders.LAZY_MILLIS)
                : wait;
    }
}

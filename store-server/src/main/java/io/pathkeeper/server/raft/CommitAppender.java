package io.pathkeeper.server.raft;

import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.raftlog.RaftLogIOException;
import org.apache.ratis.util.AwaitForSignal;
import org.jspecify.annotations.Nullable;

/**
 * Sends entries to one follower, and the commit index when there is no entry for it to travel with. Ratis's loop wakes up when
 * the commit index moves, but finds nothing to send then.
 *
 * <p>Ratis wakes all senders at every entry, every reply and every commit index that anybody tells of: here only what gives the sender
 * something to send wakes it.
 *
 * <p>Its fields belong to the sender's own thread; Ratis reads the wait time from others, too.
 */
final class CommitAppender extends GrpcLogAppender {
    private final FollowerAppenders appenders;
    private final String follower;
    private final SenderSignal signal;
    private volatile long sentCommit = -1;
    private long behindSince;
    private volatile boolean entriesFirst;

    CommitAppender(RaftServer.Division server, LeaderState state, FollowerInfo info, FollowerAppenders appenders) {
        super(server, state, info);
        this.appenders = appenders;
        this.follower = info.getId().toString();
        this.signal = new SenderSignal(follower);
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

    @Override
    public AwaitForSignal getEventAwaitForSignal() {
        return signal;
    }

    @Override
    public void notifyLogAppender() {
        if (shouldSendAppendEntries() || mayTellAtOnce(getRaftLog().getLastCommittedIndex())) {
            signal.signal();
        }
    }

    private boolean isBehind(long commit) {
        return commit > sentCommit && commit > getFollower().getCommitIndex();
    }

    private boolean mayTellAtOnce(long commit) {
        // While an entry is under way its acknowledgement comes back here; before that the follower may not have it.
        return isBehind(commit) && !hasPendingDataRequests() && appenders.isWaiting(follower);
    }

    private boolean mayTell(long commit) {
        if (mayTellAtOnce(commit)) {
            return true;
        }
        if (!isBehind(commit) || hasPendingDataRequests()) {
            return false;
        }
        long now = System.nanoTime();
        if (behindSince == 0) {
            behindSince = now;
        }
        return now - behindSince >= FollowerAppenders.LOOK_MILLIS * 1_000_000;
    }

    @Override
    public long getWaitTimeMs() {
        long wait = super.getWaitTimeMs();
        return hasPendingDataRequests() || isBehind(getRaftLog().getLastCommittedIndex())
                ? Math.min(wait, FollowerAppenders.LOOK_MILLIS)
                : wait;
    }
}

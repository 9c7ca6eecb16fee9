package io.pathkeeper.server.raft;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/** Ratis's gRPC transport with our senders in it. Ratis makes an instance by the name of the class. */
public final class RatisTransport implements RpcType {
    private static final String APPENDERS = "pathkeeper.follower-appenders";

    /** For Ratis. */
    public RatisTransport() {}

    static void setAppenders(Parameters parameters, FollowerAppenders appenders) {
        parameters.put(APPENDERS, appenders, FollowerAppenders.class);
    }

    @Override
    public String name() {
        return RatisTransport.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new Factory(parameters);
    }

    private static final class Factory extends GrpcFactory {
        private final FollowerAppenders appenders;

        Factory(Parameters parameters) {
            super(parameters);
            this.appenders = parameters.getNonNull(APPENDERS, FollowerAppenders.class);
        }

        @Override
        public LogAppender newLogAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
            return new CommitAppender(server, state, follower, appenders);
        }
    }
}

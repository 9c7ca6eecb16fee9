package io.pathkeeper.server.raft;

import java.util.List;
import org.apache.ratis.thirdparty.io.grpc.InternalConfigurator;
import org.apache.ratis.thirdparty.io.grpc.InternalConfiguratorRegistry;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannelBuilder;

/**
 * Has what other servers answer to Ratis taken on the transport's own threads: a reply is noted in a moment, and two hops to threads of an executor and back cost an
 * entry more than that. Ratis has no setting for it; its own copy of gRPC, which nobody but the servers' connections uses, has one for the whole process.
 */
final class ChannelThreads {
    static {
        InternalConfiguratorRegistry.setConfigurators(List.of(new InternalConfigurator() {
            @Override
            public void configureChannelBuilder(ManagedChannelBuilder<?> builder) {
                builder.directExecutor();
            }
        }));
    }

    private ChannelThreads() {}

    /** From the first call on, before any connection is made. */
    static void useTransport() {
        // the class was initialized
    }
}

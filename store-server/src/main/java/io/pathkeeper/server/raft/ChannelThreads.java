package io.pathkeeper.server.raft;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.thirdparty.io.grpc.InternalConfigurator;
import org.apache.ratis.thirdparty.io.grpc.InternalConfiguratorRegistry;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannelBuilder;
import org.apache.ratis.thirdparty.io.netty.util.concurrent.FastThreadLocalThread;

/**
 * Has what other servers answer to Ratis taken on the transport's own threads: a reply is noted in a moment, and two hops to threads of an executor and back cost an
 * entry more than that. Ratis has no setting for it; its own copy of gRPC, which nobody but the servers' connections uses, has one for the whole process.
 *
 * <p>Only what the transport's threads bring is taken there. A call that fails while it is begun fails on the thread that begins it, and Ratis's senders, which are not done
 * with beginning it then, would use the broken call for ever.
 */
final class ChannelThreads {
    private static final int THREADS = 4;
    private static final int IDLE_SECONDS = 30;

    static {
        ThreadPoolExecutor others = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "raft-calls");
                    thread.setDaemon(true);
                    return thread;
                });
        others.allowCoreThreadTimeOut(true);
        Executor executor = task -> {
            if (Thread.currentThread() instanceof FastThreadLocalThread) {
                task.run();
            } else {
                others.execute(task);
            }
        };
        InternalConfiguratorRegistry.setConfigurators(List.of(new InternalConfigurator() {
            @Override
            public void configureChannelBuilder(ManagedChannelBuilder<?> builder) {
                builder.executor(executor);
            }
        }));
    }

    private ChannelThreads() {}

    /** From the first call on, before any connection is made. */
    static void useTransport() {
        // the class was initialized
    }
}

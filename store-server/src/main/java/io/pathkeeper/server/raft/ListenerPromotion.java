package io.pathkeeper.server.raft;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the thread that watches for the end of the leader before a listener, as each server that joins is one, takes a configuration that may make it a voter. Ratis 3.3 ends
 * that thread itself, but waits for it under the server's monitor, which the thread takes each time its timeout is over: when both meet, the server takes no
 * entry any more until it is started again. A listener has no use for the thread, and a voter gets another one.
 *
 * <p>On the transport's threads, one message with a configuration at a time.
 */
final class ListenerPromotion implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerPromotion.class);
    /** It waits for the monitor at most as long as an append takes. */
    private static final long END_MILLIS = 10_000;

    private final Supplier<RaftServer.@Nullable Division> division;

    /**
     * @param division of this server; null while it is not known yet
     */
    ListenerPromotion(Supplier<RaftServer.@Nullable Division> division) {
        this.division = division;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        ServerCall.Listener<Q> listener = next.startCall(call, headers);
        if (!call.getMethodDescriptor().getFullMethodName().equals(PeerService.APPEND_METHOD)) {
            return listener;
        }
        return new SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onMessage(Q message) {
                if (message instanceof AppendEntriesRequestProto append
                        && append.getEntriesList().stream().anyMatch(LogEntryProto::hasConfigurationEntry)) {
                    // two messages at a time: the second one would end the thread of the voter
                    synchronized (ListenerPromotion.this) {
                        endWatch();
                        super.onMessage(message);
                    }
                } else {
                    super.onMessage(message);
                }
            }
        };
    }

    private void endWatch() {
        RaftServer.Division known = division.get();
        if (known == null || known.getInfo().getCurrentRole() != RaftPeerRole.LISTENER) {
            return;
        }
        String name = known.getMemberId() + "-FollowerState";
        for (Thread thread : threads()) {
            if (thread.getName().equals(name)) {
                end(thread);
            }
        }
    }

    private static void end(Thread thread) {
        thread.interrupt();
        try {
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.atWarn().addKeyValue("thread", thread.getName()).log("a thread of the engine did not end in time");
        }
    }

    /** All of this process, for it is one of a few threads whose group the engine keeps to itself. */
    private static List<Thread> threads() {
        ThreadGroup top = Thread.currentThread().getThreadGroup();
        while (top.getParent() != null) {
            top = top.getParent();
        }
        Thread[] found = new Thread[2 * top.activeCount() + 16];
        int count = top.enumerate(found, true);
        return Arrays.asList(found).subList(0, count);
    }
}

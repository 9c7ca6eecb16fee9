package io.pathkeeper.server.raft;

import io.pathkeeper.server.disk.SpaceLevel;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.store.ClusterAlarms;
import io.pathkeeper.server.store.MembershipChange;
import io.pathkeeper.server.store.StoreUse;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallExecutorSupplier;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.ServerServiceDefinition;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.stub.ServerCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the streams that other servers open to this one. Runs on gRPC's threads, one call at a time for each stream. */
final class PeerService {
    private static final Logger LOG = LoggerFactory.getLogger(PeerService.class);

    private static final long[] NO_SESSIONS = {};

    /** What the streams need of this server. Callable from any thread, must not block. */
    interface Local {
        long currentTerm();

        /** How this server's disk stands. */
        SpaceLevel space();

        /** Another server, which leads or thinks so, refuses this; growth for the limit of the store {@code full} if that is not null. */
        void leaderRefuses(String memberId, SpaceRefusal refusal, StoreUse.@Nullable Full full);

        /** Another server has told of its state. */
        void digestTold(String memberId, DigestWord word);

        /** Another server has lost the leader. */
        void leaderLost(String memberId, LostLeader.Report report);

        /** Whether this server leads in exactly this term. */
        boolean leads(long term);

        ForwardedBatches forwarded();

        /** Something was forwarded. */
        void signal();

        /** Callers of that server wait for what is committed next. */
        void heardFrom(String memberId);

        /** Confirms leadership; exactly one callback runs. */
        void confirmLeadership(LongConsumer index, Runnable failed);

        /** Gives sessions their whole timeout from now on; returns those that were refused. */
        long[] touch(long[] sessions);

        /** Who this server is. */
        PeerProbe.Answer.Known who();

        /** What an operator has to look at here. */
        List<ClusterAlarms.Standing> alarms();

        /** Carries a change of the members out if this server leads; the end is told once, on any thread. */
        void changeHere(MembershipChange change, long millis, Consumer<ChangeEnd> end);
    }

    private static final String RATIS_SERVICE = "ratis.grpc.RaftServerProtocolService";
    static final String APPEND_METHOD = RATIS_SERVICE + "/appendEntries";

    private final NodeSettings settings;
    private final Local local;

    PeerService(NodeSettings settings, Local local) {
        this.settings = settings;
        this.local = local;
    }

    ServerServiceDefinition definition() {
        return ServerServiceDefinition.builder(PeerMethod.SERVICE)
                .addMethod(PeerMethod.LINK, ServerCalls.asyncBidiStreamingCall(Stream::new))
                .build();
    }

    /** Refuses Ratis's client and administration services on the Raft port: only servers talk there. */
    static ServerInterceptor onlyServers() {
        return new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                String service = String.valueOf(call.getMethodDescriptor().getServiceName());
                if (service.equals(PeerMethod.SERVICE) || service.equals(RATIS_SERVICE)) {
                    return next.startCall(call, headers);
                }
                call.close(
                        Status.PERMISSION_DENIED.withDescription("this port is for the cluster's servers only"),
                        new Metadata());
                return new ServerCall.Listener<>() {};
            }
        };
    }

    /**
     * Appends and frames are taken on the transport's own threads: what they do there is brief, and a hop to another thread costs each
     * entry more than the work itself. Votes and snapshots, which write files, go to the default executor.
     */
    static ServerCallExecutorSupplier executors() {
        return new ServerCallExecutorSupplier() {
            @Override
            public <Q, A> @Nullable Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
                String method = call.getMethodDescriptor().getFullMethodName();
                return method.equals(APPEND_METHOD) || method.equals(PeerMethod.LINK.getFullMethodName())
                        ? Runnable::run
                        : null;
            }
        };
    }

    /** One stream. */
    private final class Stream implements StreamObserver<byte[]> {
        private final StreamObserver<byte[]> out;
        private String opener = "";
        private boolean ended;

        Stream(StreamObserver<byte[]> out) {
            this.out = out;
        }

        @Override
        public void onNext(byte[] frame) {
            try {
                handle(new ByteSource(frame));
            } catch (CorruptBytesException e) {
                refuse("frame cannot be read: " + e.getMessage());
            }
        }

        private void handle(ByteSource source) throws CorruptBytesException {
            int kind = source.getByte();
            if (opener.isEmpty()) {
                greet(kind, source);
                return;
            }
            switch (kind) {
                case PeerFrames.BEGIN -> begin(source.getVarint(), source.getVarint());
                case PeerFrames.FORWARD -> forward(source.getVarint(), PeerFrames.readForwarded(source));
                case PeerFrames.TERM ->
                    term(
                            source.getVarint(),
                            SpaceRefusal.of(PeerFrames.readAddition(source)),
                            PeerFrames.readFull(source));
                case PeerFrames.READ_INDEX -> readIndex(source.getVarint(), PeerFrames.readAddition(source) == 1);
                case PeerFrames.RENEW -> renew(source.getVarint(), PeerFrames.readSessions(source));
                case PeerFrames.CHANGE -> change(source.getVarint(), source.getVarint(), source.getBytes("change"));
                case PeerFrames.WHO ->
                    who(
                            source.getVarint(),
                            PeerFrames.readAddition(source) == 1,
                            DigestWord.of(PeerFrames.readAddition(source)),
                            PeerFrames.readLost(source));
                default -> throw source.corrupt("frame of unknown kind " + kind);
            }
        }

        private void greet(int kind, ByteSource source) throws CorruptBytesException {
            if (kind != PeerFrames.HELLO) {
                refuse("a stream begins with a greeting");
                return;
            }
            long version = source.getVarint();
            String cluster = source.getText("cluster");
            String member = source.getText("member");
            if (version != PeerFrames.VERSION) {
                refuse("version " + version + " of the frames between servers is not known here, only "
                        + PeerFrames.VERSION);
            } else if (!cluster.equals(settings.clusterId())) {
                refuse("server " + member + " belongs to cluster " + cluster + ", this one to " + settings.clusterId());
            } else {
                opener = member;
            }
        }

        private void begin(long term, long origin) {
            if (local.leads(term)) {
                long next = local.forwarded().nextSequence(origin, term);
                send(PeerFrames.numbers(PeerFrames.BEGUN, term, Math.max(0, next)));
            }
        }

        private void forward(long term, ForwardedBatches.Batch batch) {
            if (!local.leads(term)) {
                return;
            }
            local.heardFrom(opener);
            if (local.forwarded().offer(term, batch)) {
                local.signal();
            } else {
                send(PeerFrames.numbers(PeerFrames.GAP, term));
            }
        }

        private void term(long id, SpaceRefusal refusal, StoreUse.@Nullable Full full) {
            local.leaderRefuses(opener, refusal, full);
            send(PeerFrames.numbers(
                    PeerFrames.TERM_IS, id, local.currentTerm(), local.space().ordinal()));
        }

        private void readIndex(long id, boolean patient) {
            if (!patient) {
                local.heardFrom(opener);
            }
            local.confirmLeadership(
                    index -> send(PeerFrames.numbers(PeerFrames.READ_INDEX_IS, id, 1, index)),
                    () -> send(PeerFrames.numbers(PeerFrames.READ_INDEX_IS, id, 0, 0)));
        }

        /** Touches first, then confirms: a leader that was deposed in between must not say that the sessions were renewed. */
        private void renew(long id, long[] sessions) {
            local.heardFrom(opener);
            long[] refused = local.touch(sessions);
            local.confirmLeadership(
                    index -> send(PeerFrames.renewed(id, true, index, refused)),
                    () -> send(PeerFrames.renewed(id, false, 0, NO_SESSIONS)));
        }

        private void who(long id, boolean alarms, DigestWord word, LostLeader.@Nullable Report lost) {
            local.digestTold(opener, word);
            if (lost != null) {
                local.leaderLost(opener, lost);
            }
            send(alarms ? PeerFrames.itIs(id, local.who(), local.alarms()) : PeerFrames.itIs(id, local.who()));
        }

        private void change(long id, long millis, byte[] bytes) throws CorruptBytesException {
            local.changeHere(
                    MembershipCodec.decode(bytes),
                    millis,
                    end -> send(PeerFrames.changed(id, MembershipCodec.encode(end))));
        }

        private synchronized void send(byte[] frame) {
            if (!ended) {
                out.onNext(frame);
            }
        }

        private synchronized void refuse(String why) {
            if (!ended) {
                ended = true;
                LOG.atWarn().addKeyValue("problem", why).log("refused a stream of another server");
                out.onError(Status.FAILED_PRECONDITION.withDescription(why).asRuntimeException());
            }
        }

        @Override
        public synchronized void onError(Throwable error) {
            ended = true;
        }

        @Override
        public synchronized void onCompleted() {
            if (!ended) {
                ended = true;
                out.onCompleted();
            }
        }
    }
}

package io.pathkeeper.server.raft;

import io.pathkeeper.server.disk.SpaceLevel;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.store.ClusterAlarms;
import io.pathkeeper.server.wire.TlsEndpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream that this server opens to one other server. Opened when it is needed, and again after it broke, at most ten times
 * a second. All questions that were under way when it broke are answered with a failure.
 *
 * <p>Safe for all threads through its monitor; callbacks run on the connection's thread, outside of the monitor, and must not
 * block.
 */
final class PeerLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerLink.class);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int MAX_MESSAGE_BYTES = 20 << 20;
    private static final int MAX_QUESTIONS = 1_024;
    private static final int MAX_CHANGES = 64;
    private static final long[] NO_SESSIONS = {};

    /** Who asked something, and when. */
    private record Question(Consumer<Reply> answer, Runnable failed, long nanos) {}

    /** Somebody waits for a change of the members. */
    private record Change(Consumer<byte[]> end, Runnable lost) {}

    /** What was answered: a number, to renewals the sessions that were refused, to the question for alarms those that stand. */
    private record Reply(long value, long[] refused, List<ClusterAlarms.Standing> alarms) {
        static Reply of(long value) {
            return new Reply(value, NO_SESSIONS, List.of());
        }
    }

    /** Takes the answer to a renewal: a number, and the sessions that were refused. */
    interface Answer {
        void accept(long value, long[] refused);
    }

    /** Makes the frame of a question. */
    private interface Frame {
        byte[] of(long id);
    }

    private final NodeSettings settings;
    private final NodeSettings.Peer peer;
    private final Runnable changed;
    private final Consumer<SpaceLevel> space;
    private final Runnable broke;
    private final ManagedChannel channel;
    private final Map<Long, Question> questions = new HashMap<>();
    private final Map<Long, Change> changes = new HashMap<>();
    private @Nullable StreamObserver<byte[]> out;
    private long generation;
    private long nextQuestion;
    private long nextAttempt = System.nanoTime();
    private long beginTerm;
    private long begunTerm;
    private long begunNext;
    private boolean resent;
    private boolean heard;
    private boolean closed;
    private volatile long rttNanos = -1;
    private final LongAdder unanswered = new LongAdder();

    /**
     * @param changed is run when the link has begun a term or broke
     * @param space is told how the other server's disk stands, with every answer to {@link #askTerm}
     * @param broke is run when the link broke that the other server had answered on; not for its own {@link #close}
     */
    PeerLink(
            NodeSettings settings,
            NodeSettings.Peer peer,
            Runnable changed,
            Consumer<SpaceLevel> space,
            Runnable broke) {
        this.settings = settings;
        this.peer = peer;
        this.changed = changed;
        this.space = space;
        this.broke = broke;
        TlsEndpoint tls = settings.tls();
        NettyChannelBuilder builder = NettyChannelBuilder.forTarget(peer.raftAddress());
        if (tls == null) {
            builder.usePlaintext();
        } else {
            builder.sslContext(RaftTls.forClient(tls));
        }
        this.channel = builder.proxyDetector(target -> null)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .keepAliveTime(5, TimeUnit.SECONDS)
                .keepAliveTimeout(2, TimeUnit.SECONDS)
                .directExecutor()
                .build();
    }

    /**
     * Makes sure that batches of this term can be forwarded here.
     *
     * @return true when the other server said where it wants this origin to go on
     */
    synchronized boolean begin(long term, long origin) {
        if (!open()) {
            return false;
        }
        if (begunTerm == term) {
            return true;
        }
        if (beginTerm != term) {
            beginTerm = term;
            write(PeerFrames.begin(term, origin));
        }
        return false;
    }

    /** Sends again what the other server has not got of this term; once behind each {@code begin}. */
    synchronized void resend(long term, long origin, InFlight inFlight) {
        if (resent || begunTerm != term) {
            return;
        }
        resent = true;
        for (SentBatch batch : inFlight.list()) {
            if (batch.term() == term && batch.firstSequence() >= begunNext) {
                write(PeerFrames.forward(origin, batch));
            }
        }
    }

    synchronized void forward(long origin, SentBatch batch) {
        if (out != null && begunTerm == batch.term()) {
            write(PeerFrames.forward(origin, batch));
        }
    }

    /**
     * Asks for the other server's current term. Exactly one callback runs.
     *
     * @param refusal what this server refuses as the leader
     */
    void askTerm(Refusal refusal, LongConsumer answer, Runnable failed) {
        long asked = System.nanoTime();
        ask(
                id -> PeerFrames.term(id, refusal),
                reply -> {
                    rttNanos = System.nanoTime() - asked;
                    answer.accept(reply.value());
                },
                () -> {
                    unanswered.increment();
                    failed.run();
                });
    }

    /** How long the newest answer to {@link #askTerm} took; -1 when there was none. Any thread. */
    long rttNanos() {
        return rttNanos;
    }

    /** How often {@link #askTerm} was not answered: the link was broken, or the other server silent. Any thread. */
    long unansweredCount() {
        return unanswered.sum();
    }

    /**
     * Asks the leader for an index that a linearizable read has to wait for. Exactly one callback runs.
     *
     * @param patient nobody here waits for the leader's commits
     */
    void askReadIndex(boolean patient, LongConsumer answer, Runnable failed) {
        ask(
                id -> PeerFrames.numbers(PeerFrames.READ_INDEX, id, patient ? 1 : 0),
                reply -> answer.accept(reply.value()),
                failed);
    }

    /**
     * Asks the leader to renew sessions. Exactly one callback runs.
     *
     * @param answer gets an index that this server has to apply before it answers, and the sessions that were not renewed
     */
    void askRenewal(long[] sessions, Answer answer, Runnable failed) {
        ask(id -> PeerFrames.renew(id, sessions), reply -> answer.accept(reply.value(), reply.refused()), failed);
    }

    /** Asks which alarms stand on the other server. Exactly one callback runs; {@code failed} also when it is too old to tell. */
    void askAlarms(Consumer<List<ClusterAlarms.Standing>> answer, Runnable failed) {
        ask(id -> PeerFrames.numbers(PeerFrames.WHO, id, 1), reply -> answer.accept(reply.alarms()), failed);
    }

    /** Tells of this server's state. One of the two is run. */
    void tellDigest(DigestWord word, Runnable heard, Runnable failed) {
        ask(id -> PeerFrames.numbers(PeerFrames.WHO, id, 1, word.ordinal()), reply -> heard.run(), failed);
    }

    /** Tells of the loss of the leader. */
    void tellLost(LostLeader.Report report) {
        ask(id -> PeerFrames.lost(id, report), reply -> {}, () -> {});
    }

    /** Opens the link if it is not open, so that the other server's end is noticed. */
    void keep() {
        if (!isHeard()) {
            ask(id -> PeerFrames.numbers(PeerFrames.WHO, id), reply -> {}, () -> {});
        }
    }

    private synchronized boolean isHeard() {
        return out != null && heard;
    }

    private void ask(Frame frame, Consumer<Reply> answer, Runnable failed) {
        synchronized (this) {
            if (open() && questions.size() < MAX_QUESTIONS) {
                long id = ++nextQuestion;
                questions.put(id, new Question(answer, failed, System.nanoTime()));
                write(frame.of(id));
                return;
            }
        }
        failed.run();
    }

    /**
     * Has the leader carry a change of the members out. When it was sent, exactly one of the callbacks runs, {@code lost} when the link broke
     * before the end was told.
     *
     * @return whether it was sent
     */
    synchronized boolean askChange(long millis, byte[] change, Consumer<byte[]> end, Runnable lost) {
        if (!open() || changes.size() >= MAX_CHANGES) {
            return false;
        }
        long id = ++nextQuestion;
        changes.put(id, new Change(end, lost));
        write(PeerFrames.change(id, millis, change));
        return true;
    }

    /** Where the other server is. */
    String address() {
        return peer.raftAddress();
    }

    private boolean open() {
        if (closed) {
            return false;
        }
        if (out != null) {
            return true;
        }
        long now = System.nanoTime();
        if (now - nextAttempt < 0) {
            return false;
        }
        nextAttempt = now + RETRY_NANOS;
        channel.resetConnectBackoff();
        long mine = ++generation;
        beginTerm = 0;
        begunTerm = 0;
        resent = false;
        heard = false;
        Answers answers = new Answers(mine);
        StreamObserver<byte[]> stream =
                ClientCalls.asyncBidiStreamingCall(channel.newCall(PeerMethod.LINK, CallOptions.DEFAULT), answers);
        if (answers.ended) {
            // Refused at once, on this thread, before the stream could be kept.
            return false;
        }
        out = stream;
        write(PeerFrames.hello(settings.clusterId(), settings.memberId()));
        return out != null;
    }

    /** Fails the questions that were not answered in time: the other server is there, but silent. Called now and then. */
    void expire(long nowNanos, long timeoutNanos) {
        List<Question> late = new ArrayList<>();
        synchronized (this) {
            questions.values().removeIf(question -> {
                boolean tooOld = nowNanos - question.nanos() > timeoutNanos;
                if (tooOld) {
                    late.add(question);
                }
                return tooOld;
            });
        }
        late.forEach(question -> question.failed().run());
    }

    private void write(byte[] frame) {
        StreamObserver<byte[]> stream = out;
        if (stream != null) {
            stream.onNext(frame);
        }
    }

    private void onFrame(long mine, byte[] frame) throws CorruptBytesException {
        ByteSource source = new ByteSource(frame);
        int kind = source.getByte();
        Question asked = null;
        Change change = null;
        byte[] end = {};
        Reply reply = Reply.of(0);
        boolean ok = true;
        boolean begun = false;
        SpaceLevel level = null;
        synchronized (this) {
            if (mine != generation) {
                return;
            }
            heard = true;
            switch (kind) {
                case PeerFrames.BEGUN -> {
                    begunTerm = source.getVarint();
                    begunNext = source.getVarint();
                    resent = false;
                    begun = true;
                }
                case PeerFrames.TERM_IS -> {
                    asked = questions.remove(source.getVarint());
                    reply = Reply.of(source.getVarint());
                    level = SpaceLevel.of(PeerFrames.readAddition(source));
                }
                case PeerFrames.READ_INDEX_IS -> {
                    asked = questions.remove(source.getVarint());
                    ok = source.getVarint() == 1;
                    reply = Reply.of(source.getVarint());
                }
                case PeerFrames.RENEWED -> {
                    asked = questions.remove(source.getVarint());
                    ok = source.getVarint() == 1;
                    reply = new Reply(source.getVarint(), PeerFrames.readSessions(source), List.of());
                }
                case PeerFrames.IT_IS -> {
                    asked = questions.remove(source.getVarint());
                    PeerFrames.readWho(source);
                    List<ClusterAlarms.Standing> alarms = PeerFrames.readAlarms(source);
                    ok = alarms != null;
                    reply = new Reply(0, NO_SESSIONS, alarms == null ? List.of() : alarms);
                }
                case PeerFrames.CHANGED -> {
                    change = changes.remove(source.getVarint());
                    end = source.getBytes("end of a change");
                }
                case PeerFrames.GAP -> {
                    beginTerm = 0;
                    begunTerm = 0;
                    begun = true;
                }
                default -> throw source.corrupt("frame of unknown kind " + kind);
            }
        }
        if (level != null) {
            space.accept(level);
        }
        if (asked != null) {
            if (ok) {
                asked.answer().accept(reply);
            } else {
                asked.failed().run();
            }
        }
        if (change != null) {
            change.end().accept(end);
        }
        if (begun) {
            changed.run();
        }
    }

    private void broken(long mine, @Nullable Throwable why) {
        Map<Long, Question> left;
        List<Change> unended;
        boolean lost;
        synchronized (this) {
            if (mine != generation || out == null) {
                return;
            }
            out = null;
            lost = heard && !closed;
            heard = false;
            begunTerm = 0;
            beginTerm = 0;
            left = new HashMap<>(questions);
            questions.clear();
            unended = List.copyOf(changes.values());
            changes.clear();
        }
        LOG.atDebug()
                .addKeyValue("peer", peer.id())
                .addKeyValue("cause", String.valueOf(why))
                .log("link to another server broke");
        left.values().forEach(question -> question.failed().run());
        unended.forEach(change -> change.lost().run());
        changed.run();
        if (lost) {
            broke.run();
        }
    }

    @Override
    public void close() {
        StreamObserver<byte[]> stream;
        synchronized (this) {
            closed = true;
            stream = out;
        }
        if (stream != null) {
            stream.onCompleted();
        }
        channel.shutdownNow();
    }

    /** Where the other server's frames arrive. */
    private final class Answers implements StreamObserver<byte[]> {
        private final long mine;
        private volatile boolean ended;

        Answers(long mine) {
            this.mine = mine;
        }

        @Override
        public void onNext(byte[] frame) {
            try {
                onFrame(mine, frame);
            } catch (CorruptBytesException e) {
                LOG.atWarn()
                        .addKeyValue("peer", peer.id())
                        .addKeyValue("problem", e.getMessage())
                        .log("another server sent a frame that cannot be read");
                throw new IllegalArgumentException(e);
            }
        }

        @Override
        public void onError(Throwable error) {
            ended = true;
            broken(mine, error);
        }

        @Override
        public void onCompleted() {
            ended = true;
            broken(mine, null);
        }
    }
}

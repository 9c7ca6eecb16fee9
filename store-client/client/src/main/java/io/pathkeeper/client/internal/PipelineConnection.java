package io.pathkeeper.client.internal;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.pathkeeper.v1.ClusterServiceGrpc;
import io.pathkeeper.v1.ListMembersRequest;
import io.pathkeeper.v1.ListMembersResponse;
import io.pathkeeper.v1.ResponseHeader;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one stream to one server, reconnects for ever, and moves to the leader. Owned by the I/O thread.
 *
 * <pre>
 * away --(delay over)--> connecting --(transport ready)--> up --(break)--> away
 *                            up + candidate to the leader --(ready, nothing under way)--> up on the candidate
 * </pre>
 */
final class PipelineConnection {
    private static final Logger LOG = LoggerFactory.getLogger(PipelineConnection.class);
    /** So long an attempt to connect may take at first; each that fails doubles it, for a machine that is short of time. */
    private static final long MIN_CONNECT_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final long MAX_CONNECT_NANOS = TimeUnit.SECONDS.toNanos(24);
    /** So long a new stream may wait to learn where the leader is before it takes operations. */
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final long MIN_MOVE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long MAX_MOVE_NANOS = TimeUnit.SECONDS.toNanos(60);
    /** A stream that lived for so long and answered was good: the way back begins without a delay. */
    private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** So long a caller that was refused is not tried again. */
    private static final long UNWELCOME_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long ASK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Transport transport;
    private final ServerDirectory directory;
    private final boolean preferLeader;
    private final PipelineStream.Listener listener;
    private final Executor engine;
    private final Backoff backoff = new Backoff();

    private @Nullable PipelineStream current;
    private @Nullable PipelineStream candidate;
    private String nextAddress;
    private long connectAtNanos;
    private long connectLimitNanos = MIN_CONNECT_NANOS;
    private String leaderId = "";
    private long moveSpacingNanos = MIN_MOVE_NANOS;
    private long nextMoveNanos;
    private long nextAskNanos;
    /** The last server would not have this client: asking again without need would only count as one more failed sign-in. */
    private boolean unwelcome;

    /**
     * Makes a connection that opens at the first {@link #tick}.
     *
     * @param listener takes what comes, on the I/O thread
     * @param engine runs tasks on the I/O thread
     */
    PipelineConnection(
            Transport transport,
            ServerDirectory directory,
            boolean preferLeader,
            PipelineStream.Listener listener,
            Executor engine) {
        this.transport = transport;
        this.directory = directory;
        this.preferLeader = preferLeader;
        this.listener = listener;
        this.engine = engine;
        long now = System.nanoTime();
        this.nextAddress = directory.candidates().get(0);
        this.connectAtNanos = now;
        this.nextMoveNanos = now;
        this.nextAskNanos = now;
    }

    @Nullable
    PipelineStream current() {
        return current;
    }

    /** Whether the leader's stream is ready and only waits until nothing is under way on this one. */
    boolean isDraining() {
        PipelineStream next = candidate;
        return next != null && next.ready && current != null;
    }

    /**
     * Whether the current stream may take operations: it is ready, and either knows that it is at the leader, or has waited long enough to
     * be told. A move before the first operation costs nothing; behind one it would lose the page tokens that a server gave.
     */
    boolean takesOperations(long now) {
        PipelineStream stream = current;
        return stream != null && stream.ready && !isDraining() && !isSettling(stream, now);
    }

    private boolean isSettling(PipelineStream stream, long now) {
        boolean decided = !preferLeader || stream.answered || !stream.expectedMember.isEmpty();
        return !decided && (!stream.greeted || candidate != null) && now - stream.readyNanos < SETTLE_NANOS;
    }

    /**
     * Opens, gives up and moves as it is time. Returns the error when the current stream was given up.
     *
     * @param wanted whether something waits to be sent
     */
    Errors.@Nullable WireError tick(long now, boolean nothingInFlight, boolean wanted) {
        Errors.WireError error = null;
        PipelineStream stream = current;
        if (stream != null && !stream.ready && now - stream.openedNanos > connectLimitNanos) {
            long seconds = TimeUnit.NANOSECONDS.toSeconds(connectLimitNanos);
            connectLimitNanos = Math.min(MAX_CONNECT_NANOS, 2 * connectLimitNanos);
            error = abandon("no connection to " + stream.address + " within " + seconds + " s", now);
        }
        PipelineStream next = candidate;
        if (next != null && !next.ready && now - next.openedNanos > connectLimitNanos) {
            dropCandidate("no connection in time");
        }
        next = candidate;
        if (next != null && next.ready && (current == null || nothingInFlight)) {
            switchTo(next, now);
        }
        if (current == null && now - connectAtNanos >= 0 && (wanted || !unwelcome)) {
            current = open(nextAddress, "", now);
        }
        considerLeader(now);
        return error;
    }

    private PipelineStream open(String address, String expectedMember, long now) {
        PipelineStream stream = new PipelineStream(address, transport.open(address), now);
        stream.expectedMember = expectedMember;
        stream.start(listener);
        return stream;
    }

    private void switchTo(PipelineStream next, long now) {
        PipelineStream old = current;
        if (old != null) {
            LOG.debug("moves to the leader from={} to={}", old.address, next.address);
            old.cancel("moves to the leader", null);
        }
        current = next;
        candidate = null;
        moveSpacingNanos = Math.min(MAX_MOVE_NANOS, 2 * moveSpacingNanos);
        nextMoveNanos = now + moveSpacingNanos;
        nextAddress = next.address;
    }

    private void dropCandidate(String why) {
        PipelineStream dropped = candidate;
        if (dropped != null) {
            LOG.debug("stays where it is, the leader cannot be reached address={} why={}", dropped.address, why);
            candidate = null;
            directory.failed(dropped.address);
            dropped.cancel(why, null);
        }
    }

    void onReady(PipelineStream stream, long now) {
        if (!stream.ready && (stream == current || stream == candidate)) {
            stream.ready = true;
            connectLimitNanos = MIN_CONNECT_NANOS;
            stream.readyNanos = now;
            stream.lastReceivedNanos = now;
            if (stream == current && preferLeader) {
                askForMembers(stream, now);
            }
        }
    }

    /** Notes who answered and who leads. */
    void onHeader(PipelineStream stream, ResponseHeader header, long now) {
        if (stream != current) {
            return;
        }
        unwelcome = false;
        if (!stream.greeted || !stream.memberId.equals(header.getMemberId())) {
            stream.greeted = true;
            stream.memberId = header.getMemberId();
            directory.identified(stream.address, header.getMemberId());
            if (!stream.expectedMember.isEmpty() && !stream.expectedMember.equals(header.getMemberId())) {
                directory.failed(stream.address);
            }
        }
        leaderId = header.getLeaderId();
        if (leaderId.equals(stream.memberId)) {
            moveSpacingNanos = MIN_MOVE_NANOS;
        }
    }

    private boolean wantsToMove() {
        PipelineStream stream = current;
        return preferLeader
                && stream != null
                && stream.greeted
                && candidate == null
                && !leaderId.isEmpty()
                && !leaderId.equals(stream.memberId);
    }

    private void considerLeader(long now) {
        PipelineStream stream = current;
        if (stream == null || !wantsToMove() || now - nextMoveNanos < 0) {
            return;
        }
        String address = directory.addressOf(leaderId);
        if (address != null && !address.equals(stream.address)) {
            candidate = open(address, leaderId, now);
        } else {
            nextMoveNanos = now + ASK_NANOS;
            if (!directory.knows(leaderId) && now - nextAskNanos >= 0) {
                askForMembers(stream, now);
            }
        }
    }

    private void askForMembers(PipelineStream stream, long now) {
        nextAskNanos = now + ASK_NANOS;
        ClientCall<ListMembersRequest, ListMembersResponse> call = stream.channel()
                .newCall(
                        ClusterServiceGrpc.getListMembersMethod(),
                        CallOptions.DEFAULT
                                .withExecutor(MoreExecutors.directExecutor())
                                .withDeadlineAfter(3, TimeUnit.SECONDS));
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(ListMembersResponse response) {
                        engine.execute(() -> {
                            directory.learn(response.getMembersList());
                            onHeader(stream, response.getHeader(), System.nanoTime());
                        });
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        if (!status.isOk()) {
                            LOG.debug("the members could not be learned address={} status={}", stream.address, status);
                        }
                        engine.execute(() -> stream.greeted = true);
                    }
                },
                new Metadata());
        call.request(2);
        call.sendMessage(ListMembersRequest.getDefaultInstance());
        call.halfClose();
    }

    /** Returns whether the stream was the one in use: what was under way on it must be sent again. */
    boolean onClosed(PipelineStream stream, Errors.WireError error, long now) {
        if (stream == candidate) {
            dropCandidate(error.message());
            return false;
        }
        if (stream != current) {
            return false;
        }
        leave(stream, error.message(), now);
        if (error.refusesCaller()) {
            unwelcome = true;
            connectAtNanos = Math.min(connectAtNanos, now + UNWELCOME_NANOS);
        }
        return true;
    }

    /** Gives up the current stream and goes to another server. Returns the error for what was under way. */
    Errors.WireError abandon(String why, long now) {
        PipelineStream stream = current;
        if (stream != null) {
            leave(stream, why, now);
        }
        return new Errors.WireError(Status.Code.UNAVAILABLE, "", why, java.util.Map.of(), 0);
    }

    private void leave(PipelineStream stream, String why, long now) {
        stream.cancel(why, null);
        current = null;
        if (!stream.ready) {
            directory.failed(stream.address);
        }
        leaderId = "";
        int servers = directory.candidates().size();
        boolean wasGood = stream.answered && now - stream.openedNanos > GOOD_NANOS;
        if (wasGood) {
            backoff.reset();
        }
        long delay = backoff.nextMillis(servers);
        if (wasGood && servers > 1) {
            delay = 0;
        }
        nextAddress = directory.after(stream.address);
        connectAtNanos = now + TimeUnit.MILLISECONDS.toNanos(delay);
        LOG.debug("reconnects address={} next={} delayMillis={} why={}", stream.address, nextAddress, delay, why);
    }

    /** Returns how long nothing has to be done here. */
    long nanosToNextTick(long now, boolean wanted) {
        long left = Long.MAX_VALUE;
        PipelineStream stream = current;
        if (stream == null) {
            left = unwelcome && !wanted ? left : connectAtNanos - now;
        } else if (!stream.ready) {
            left = stream.openedNanos + connectLimitNanos - now;
        }
        PipelineStream next = candidate;
        if (next != null && !next.ready) {
            left = Math.min(left, next.openedNanos + connectLimitNanos - now);
        }
        if (stream != null && stream.ready && isSettling(stream, now)) {
            left = Math.min(left, stream.readyNanos + SETTLE_NANOS - now);
        }
        if (wantsToMove()) {
            left = Math.min(left, nextMoveNanos - now);
        }
        return Math.max(0, left);
    }

    void close() {
        PipelineStream stream = current;
        if (stream != null) {
            stream.cancel("the client is closed", null);
        }
        PipelineStream next = candidate;
        if (next != null) {
            next.cancel("the client is closed", null);
        }
    }
}

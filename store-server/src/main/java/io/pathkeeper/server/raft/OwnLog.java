package io.pathkeeper.server.raft;

import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.metrics.RaftMeters;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts entries into this server's own log while it leads: commands of its own and of the other servers, as many in one entry as there are.
 *
 * <p>Belongs to whoever has the proposer's turn; {@code done} runs on Ratis's threads.
 */
final class OwnLog {
    private static final Logger LOG = LoggerFactory.getLogger(OwnLog.class);

    private final NodeSettings settings;
    private final ClusterClock clock;
    private final RaftMeters meters;
    private final ForwardedBatches forwarded;
    private final LongSupplier readyTerm;
    private final IntSupplier queued;
    private final Consumer<EntryPace> done;
    private final EntryPace pace;
    private final ClientId clientId = ClientId.randomId();
    private final AtomicLong callId = new AtomicLong();
    /** Of an entry that the log has not taken yet; empty when there is none. */
    private final ByteSink entry = new ByteSink(64 << 10);

    private int entryCommands;

    /**
     * Makes one.
     *
     * @param forwarded what other servers want in
     * @param readyTerm the term in which this server leads and is ready, or 0; 0 for ever once the server stops
     * @param queued commands of this server that wait
     * @param done is told when an entry came back
     */
    OwnLog(
            NodeSettings settings,
            ClusterClock clock,
            RaftMeters meters,
            ForwardedBatches forwarded,
            LongSupplier readyTerm,
            IntSupplier queued,
            Consumer<EntryPace> done) {
        this.settings = settings;
        this.clock = clock;
        this.meters = meters;
        this.forwarded = forwarded;
        this.readyTerm = readyTerm;
        this.queued = queued;
        this.done = done;
        pace = new EntryPace(settings.inFlightEntries(), EntryPace::systemLoad);
    }

    /** When the next entry should go. */
    long nanosToNext() {
        return pace.nanosToNext(System.nanoTime(), waiting());
    }

    /** With so many commands of this server the next entry goes at once; none is enough while one is under way. */
    int target() {
        return pace.isUnderWay() ? Integer.MAX_VALUE : Math.max(1, pace.target() - forwarded.commands());
    }

    private int waiting() {
        return queued.getAsInt() + forwarded.commands();
    }

    /**
     * Appends an entry of what other servers want in and of a batch of this one.
     *
     * @param origin of this server's batches
     * @return false when the log refused the entry though this server still leads in that term: append it again, without a batch
     */
    boolean append(RaftServer.@Nullable Division division, long term, long origin, @Nullable SentBatch own) {
        if (entry.size() == 0) {
            seal(term, origin, own);
        }
        boolean settled = submit(division, term, entry.toByteArray());
        if (settled) {
            entry.clear();
        }
        return settled;
    }

    private void seal(long term, long origin, @Nullable SentBatch own) {
        int commands = 0;
        EntryCodec.putHeader(entry, term, clock.wallMillis(), clock.clusterMillis());
        for (ForwardedBatches.Batch next = forwarded.peek(term); next != null; next = forwarded.peek(term)) {
            if (commands > 0 && entry.size() + next.bytes().length > settings.maxBatchBytes()) {
                break;
            }
            EntryCodec.putSegment(entry, next.origin(), next.firstSequence(), next.count(), next.bytes());
            commands += next.count();
            forwarded.removeFirst();
        }
        if (own != null) {
            EntryCodec.putSegment(entry, origin, own.firstSequence(), own.commands().length, own.bytes());
            commands += own.commands().length;
        }
        entryCommands = commands;
        meters.appended(commands, entry.size());
    }

    /** Returns false when the log refused the entry though this server still leads in that term. */
    private boolean submit(RaftServer.@Nullable Division known, long term, byte[] bytes) {
        if (known == null) {
            return true;
        }
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(clientId)
                .setServerId(known.getId())
                .setGroupId(known.getMemberId().getGroupId())
                .setCallId(callId.incrementAndGet())
                .setMessage(new EntryMessage(bytes))
                .setType(RaftClientRequest.writeRequestType())
                .build();
        long sentAt = System.nanoTime();
        pace.sent(sentAt, entryCommands);
        CompletableFuture<RaftClientReply> future;
        try {
            // On the leader the division takes requests on the caller's thread: no hop, no second queue.
            future = ((RaftClientAsynchronousProtocol) known).submitClientRequestAsync(request);
        } catch (IOException e) {
            future = CompletableFuture.failedFuture(e);
        }
        boolean answeredAtOnce = future.isDone();
        boolean refused = answeredAtOnce && (future.isCompletedExceptionally() || !isSuccess(future));
        future.whenComplete((reply, error) -> {
            pace.done(sentAt, System.nanoTime(), waiting());
            done.accept(pace);
        });
        if (!refused) {
            return true;
        }
        if (readyTerm.getAsLong() != term) {
            // Leadership is gone: whether the log has the entry will be seen when a newer term's entry is applied.
            return true;
        }
        LOG.atDebug().addKeyValue("term", term).log("the log refused an entry for now");
        return false;
    }

    private static boolean isSuccess(CompletableFuture<RaftClientReply> future) {
        RaftClientReply reply = future.getNow(null);
        return reply != null && reply.isSuccess();
    }

    /** The bytes of an entry on their way into Ratis. */
    private record EntryMessage(byte[] bytes) implements Message {
        @Override
        public ByteString getContent() {
            return UnsafeByteOperations.unsafeWrap(bytes);
        }
    }
}

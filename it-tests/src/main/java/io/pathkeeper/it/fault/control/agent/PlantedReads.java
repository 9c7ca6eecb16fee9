package io.pathkeeper.it.fault.control.agent;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.server.RaftServer;

/** The two wrong ways to a read index. Called on whatever thread asks for a confirmation. */
public final class PlantedReads {
    private static final ClientId CLIENT = ClientId.randomId();
    private static final AtomicLong CALLS = new AtomicLong();
    /** A read with this content asks for the read index only. */
    private static final Message INDEX_ONLY = Message.valueOf("DUMMY");

    private PlantedReads() {}

    /** Answers with the commit index at once; false when this server does not lead, and nothing was done. */
    public static boolean unconfirmed(Object routes, LongConsumer index) {
        if ((long) Innards.call(routes, "readyTerm") == 0) {
            return false;
        }
        Effect.of(PlantedFault.READS_UNCONFIRMED);
        index.accept((long) Innards.call(routes, "commitIndex"));
        return true;
    }

    /** Answers with what Ratis says; false when this server does not lead, and nothing was done. */
    public static boolean byRatis(Object routes, LongConsumer index, Runnable failed) {
        if ((long) Innards.call(routes, "readyTerm") == 0) {
            return false;
        }
        RaftServer.Division division = (RaftServer.Division) Innards.field(routes, "division");
        Object machine = Innards.field(routes, "machine");
        Effect.of(PlantedFault.RATIS_READ_INDEX);
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(CLIENT)
                .setServerId(division.getId())
                .setGroupId(division.getMemberId().getGroupId())
                .setCallId(CALLS.incrementAndGet())
                .setMessage(INDEX_ONLY)
                .setType(RaftClientRequest.readRequestType())
                .build();
        CompletableFuture<RaftClientReply> reply;
        try {
            reply = ((RaftClientAsynchronousProtocol) division).submitClientRequestAsync(request);
        } catch (IOException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        // not on Ratis's thread: whoever waits for the answer asks for the next one, which Ratis does not expect there
        reply.whenCompleteAsync((answer, error) -> {
            if (error == null && answer.isSuccess()) {
                index.accept((long) Innards.call(machine, "appliedIndex"));
            } else {
                failed.run();
            }
        });
        return true;
    }
}

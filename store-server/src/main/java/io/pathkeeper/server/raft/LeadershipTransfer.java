package io.pathkeeper.server.raft;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives leadership to another server on purpose, which costs writers a round trip instead of an election timeout. Ratis takes no
 * writes while a transfer is under way, so each attempt is short, and the followers that lag least are asked first.
 *
 * <p>One call at a time; blocks the caller.
 */
final class LeadershipTransfer {
    private static final Logger LOG = LoggerFactory.getLogger(LeadershipTransfer.class);
    private static final int ATTEMPTS = 2;
    private static final long ANSWER_MILLIS = 500;

    private final RaftServer.Division division;
    private final ToLongFunction<String> lag;
    private final Predicate<String> allowed;
    private final ClientId clientId = ClientId.randomId();
    private long callId;
    private String problem = "there is no other voter";

    /**
     * Makes it for one server.
     *
     * @param lag entries that a follower does not have yet
     * @param allowed who may be asked to lead
     */
    LeadershipTransfer(RaftServer.Division division, ToLongFunction<String> lag, Predicate<String> allowed) {
        this.division = division;
        this.lag = lag;
        this.allowed = allowed;
    }

    /**
     * Hands leadership over if this server leads and there is another voter.
     *
     * @param timeout for one attempt; two followers are tried at most
     * @return true when another server leads now
     */
    boolean handOver(Duration timeout) throws InterruptedException {
        if (!division.getInfo().isLeader()) {
            return false;
        }
        for (String follower : candidates()) {
            if (transferTo(follower, timeout)) {
                return true;
            }
            if (!division.getInfo().isLeader()) {
                return false;
            }
        }
        return false;
    }

    /**
     * Hands leadership over to one server, or to any.
     *
     * @param target its identity, empty for any
     * @param timeout for one attempt; two followers are tried at most
     * @return empty when another server leads now, else why not
     */
    String handOver(String target, Duration timeout) throws InterruptedException {
        if (target.isEmpty()) {
            return handOver(timeout) ? "" : problem;
        }
        return transferTo(target, timeout) ? "" : problem;
    }

    private List<String> candidates() {
        Collection<RaftPeer> voters = division.getRaftConf().getCurrentPeers();
        return voters.stream()
                .map(peer -> peer.getId().toString())
                .filter(id -> !id.equals(division.getId().toString()))
                .filter(allowed)
                .sorted(Comparator.comparingLong(lag).thenComparing(Comparator.naturalOrder()))
                .limit(ATTEMPTS)
                .toList();
    }

    private boolean transferTo(String follower, Duration timeout) throws InterruptedException {
        TransferLeadershipRequest request = new TransferLeadershipRequest(
                clientId,
                division.getId(),
                division.getMemberId().getGroupId(),
                ++callId,
                RaftPeerId.valueOf(follower),
                timeout.toMillis());
        String why;
        try {
            RaftClientReply reply = division.getRaftServer()
                    .transferLeadershipAsync(request)
                    .get(timeout.toMillis() + ANSWER_MILLIS, TimeUnit.MILLISECONDS);
            if (reply.isSuccess()) {
                LOG.atInfo().addKeyValue("to", follower).log("leadership was handed over");
                return true;
            }
            why = String.valueOf(reply.getException());
        } catch (IOException | ExecutionException | TimeoutException e) {
            why = e.toString();
        }
        problem = follower + " did not take over: " + why;
        LOG.atInfo()
                .addKeyValue("to", follower)
                .addKeyValue("reason", why)
                .log("leadership was not taken over by that server");
        return false;
    }
}

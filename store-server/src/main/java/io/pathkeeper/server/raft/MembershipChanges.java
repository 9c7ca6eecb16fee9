package io.pathkeeper.server.raft;

import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.MembershipChange;
import io.pathkeeper.server.store.StoreFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the members where this server leads: looks whether the change is possible and whether a majority is left, and has Ratis make it. One
 * at a time, on a thread of its own, {@code ID-membership}, which may wait.
 */
final class MembershipChanges implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MembershipChanges.class);

    /** Entries that a listener may lack when it gets a vote. */
    static final long MOST_LAG = 1_000;

    private final MembershipLeader leader;
    private final MembershipChecks checks;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final ThreadPoolExecutor thread;

    MembershipChanges(NodeSettings settings, MembershipLeader leader) {
        this.leader = leader;
        this.checks = new MembershipChecks(settings, leader);
        thread = new ThreadPoolExecutor(0, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(1), task -> {
            Thread made = new Thread(task, settings.memberId() + "-membership");
            made.setDaemon(true);
            return made;
        });
    }

    /** Begins a change, or refuses it at once when one is under way; the end is told once. */
    void begin(MembershipChange change, long deadlineNanos, Consumer<ChangeEnd> end) {
        if (!busy.compareAndSet(false, true)) {
            end.accept(new ChangeEnd.Rejected(busy()));
            return;
        }
        try {
            thread.execute(() -> {
                ChangeEnd how = run(change, deadlineNanos);
                busy.set(false);
                end.accept(how);
            });
        } catch (RejectedExecutionException e) {
            busy.set(false);
            end.accept(new ChangeEnd.Elsewhere());
        }
    }

    private ChangeEnd run(MembershipChange change, long deadlineNanos) {
        ChangeEnd how;
        try {
            Members members = leader.members();
            if (!leader.leads()) {
                how = new ChangeEnd.Elsewhere();
            } else if (members.isChanging()) {
                how = new ChangeEnd.Rejected(busy());
            } else {
                how = make(change, members, deadlineNanos);
            }
        } catch (RefusedChangeException e) {
            how = e.end();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a change of the members failed");
            how = new ChangeEnd.Failed(new StoreFailure(
                    Rejection.of(RejectReason.INTERNAL, "the change failed: " + e), StoreFailure.Outcome.UNKNOWN));
        }
        if (!(how instanceof ChangeEnd.Elsewhere)) {
            LOG.atInfo()
                    .addKeyValue("change", change)
                    .addKeyValue("end", how)
                    .addKeyValue("members", leader.members().all())
                    .log("a change of the members ended");
        }
        return how;
    }

    private static Rejection busy() {
        return Rejection.of(
                RejectReason.MEMBERSHIP_BUSY,
                "another change of the members is under way: look at them with ListMembers, and try again");
    }

    private ChangeEnd make(MembershipChange change, Members members, long deadlineNanos) {
        if (change instanceof MembershipChange.Add add) {
            return add(add, members, deadlineNanos);
        } else if (change instanceof MembershipChange.Remove remove) {
            return remove(remove.memberId(), members, deadlineNanos);
        } else if (change instanceof MembershipChange.Update update) {
            return update(update, members, deadlineNanos);
        } else if (change instanceof MembershipChange.Replace replace) {
            return replace(replace, members, deadlineNanos);
        } else if (change instanceof MembershipChange.Promote promote) {
            return promote(promote.memberId(), members, deadlineNanos);
        } else if (change instanceof MembershipChange.Demote demote) {
            return demote(demote.memberId(), members, deadlineNanos);
        }
        return transfer(change.memberId(), members);
    }

    private ChangeEnd add(MembershipChange.Add add, Members members, long deadlineNanos) {
        RaftPeer known = find(members, add.memberId());
        RaftPeer wanted = peer(add.memberId(), add.raftAddress(), add.clientAddress(), add.priority(), add.listener());
        if (known != null) {
            if (members.isListener(add.memberId()) == add.listener() && isSame(known, wanted)) {
                return new ChangeEnd.Done();
            }
            throw RefusedChangeException.of(
                    RejectReason.MEMBER_EXISTS,
                    "member " + add.memberId() + " is there already, with other addresses or another role ("
                            + Members.peer(known) + "): update, promote or replace it, or use another id",
                    "member_id",
                    add.memberId());
        }
        checks.free(members, wanted, null);
        checks.room(members);
        if (!add.listener()) {
            checks.quorumWithOneMore(members, add.memberId());
        }
        checks.reachable(members, wanted);
        checks.joins(wanted);
        return takeIn(members.voters(), members.listeners(), wanted, add.listener(), deadlineNanos);
    }

    private ChangeEnd takeIn(
            List<RaftPeer> voters, List<RaftPeer> listeners, RaftPeer peer, boolean listener, long deadlineNanos) {
        leader.expect(peer);
        return listener
                ? leader.set(voters, with(listeners, peer), deadlineNanos)
                : leader.set(with(voters, peer), listeners, deadlineNanos);
    }

    private ChangeEnd remove(String id, Members members, long deadlineNanos) {
        RaftPeer known = checks.member(members, id);
        if (members.isListener(id)) {
            return leader.set(members.voters(), without(members.listeners(), known), deadlineNanos);
        }
        checks.quorumWithout(members, id);
        if (leader.isSelf(id)) {
            return stepAside();
        }
        return leader.set(without(members.voters(), known), members.listeners(), deadlineNanos);
    }

    /** A leader does not put itself out: the next one does. */
    private ChangeEnd stepAside() {
        String problem = leader.handOver("");
        if (problem.isEmpty()) {
            return new ChangeEnd.Elsewhere();
        }
        throw RefusedChangeException.of(
                RejectReason.MEMBER_BEHIND,
                "this member leads, and no other could take over: " + problem
                        + ": try again, or transfer leadership first");
    }

    private ChangeEnd update(MembershipChange.Update update, Members members, long deadlineNanos) {
        RaftPeer known = checks.member(members, update.memberId());
        boolean listener = members.isListener(update.memberId());
        NodeSettings.Peer before = Members.peer(known);
        int priority = update.priority() == MembershipChange.Update.KEEP ? known.getPriority() : update.priority();
        RaftPeer wanted = peer(
                update.memberId(),
                update.raftAddress().isEmpty() ? before.raftAddress() : update.raftAddress(),
                update.clientAddress().isEmpty() ? before.clientAddress() : update.clientAddress(),
                priority,
                listener);
        if (isSame(known, wanted) && known.getPriority() == priority) {
            return new ChangeEnd.Done();
        }
        checks.free(members, wanted, known);
        if (!before.raftAddress().equals(wanted.getAddress()) && checks.comesBackEmpty(members, known, wanted)) {
            return takeInAgain(members, known, wanted, listener, deadlineNanos);
        }
        leader.expect(wanted);
        if (known.getPriority() == priority) {
            // Ratis sees no change where only addresses differ: the priority goes up for a moment.
            ChangeEnd up = put(
                    members,
                    RaftPeer.newBuilder(wanted).setPriority(priority + 1).build(),
                    listener,
                    deadlineNanos);
            if (!(up instanceof ChangeEnd.Done)) {
                return up;
            }
        }
        return put(leader.members(), wanted, listener, deadlineNanos);
    }

    private ChangeEnd put(Members members, RaftPeer peer, boolean listener, long deadlineNanos) {
        return listener
                ? leader.set(members.voters(), with(without(members.listeners(), peer), peer), deadlineNanos)
                : leader.set(with(without(members.voters(), peer), peer), members.listeners(), deadlineNanos);
    }

    private ChangeEnd takeInAgain(
            Members members, RaftPeer known, RaftPeer wanted, boolean listener, long deadlineNanos) {
        if (!listener) {
            checks.quorumWithout(members, known.getId().toString());
        }
        ChangeEnd out = listener
                ? leader.set(members.voters(), without(members.listeners(), known), deadlineNanos)
                : leader.set(without(members.voters(), known), members.listeners(), deadlineNanos);
        if (!(out instanceof ChangeEnd.Done)) {
            return out;
        }
        Members now = leader.members();
        return takeIn(now.voters(), now.listeners(), wanted, listener, deadlineNanos);
    }

    private ChangeEnd replace(MembershipChange.Replace replace, Members members, long deadlineNanos) {
        RaftPeer wantedAsIs = find(members, replace.newMemberId());
        RaftPeer known = find(members, replace.memberId());
        boolean listener = known != null && members.isListener(replace.memberId());
        RaftPeer wanted = peer(
                replace.newMemberId(),
                replace.raftAddress(),
                replace.clientAddress(),
                known == null ? 0 : known.getPriority(),
                listener);
        if (known == null && wantedAsIs != null && isSame(wantedAsIs, wanted)) {
            return new ChangeEnd.Done();
        }
        known = checks.member(members, replace.memberId());
        checks.free(members, wanted, known);
        if (!listener) {
            checks.quorumReplacing(members, replace.memberId());
            if (leader.isSelf(replace.memberId())) {
                return stepAside();
            }
        }
        checks.reachable(members, wanted);
        checks.joins(wanted);
        leader.expect(wanted);
        return listener
                ? leader.set(members.voters(), with(without(members.listeners(), known), wanted), deadlineNanos)
                : leader.set(with(without(members.voters(), known), wanted), members.listeners(), deadlineNanos);
    }

    private ChangeEnd promote(String id, Members members, long deadlineNanos) {
        RaftPeer known = checks.member(members, id);
        if (members.isVoter(id)) {
            return new ChangeEnd.Done();
        }
        checks.answers(id);
        long lag = leader.lag(id);
        if (lag < 0 || lag >= MOST_LAG) {
            throw RefusedChangeException.of(
                    RejectReason.MEMBER_BEHIND,
                    "member " + id + " lacks " + lag + " log entries: it gets a vote when it lacks less than "
                            + MOST_LAG,
                    "member_id",
                    id,
                    "lag",
                    Long.toString(lag),
                    "limit",
                    Long.toString(MOST_LAG));
        }
        checks.quorumWithOneMore(members, id);
        RaftPeer voter =
                RaftPeer.newBuilder(known).setStartupRole(RaftPeerRole.FOLLOWER).build();
        return leader.set(with(members.voters(), voter), without(members.listeners(), known), deadlineNanos);
    }

    private ChangeEnd demote(String id, Members members, long deadlineNanos) {
        RaftPeer known = checks.member(members, id);
        if (members.isListener(id)) {
            return new ChangeEnd.Done();
        }
        checks.quorumWithout(members, id);
        if (leader.isSelf(id)) {
            return stepAside();
        }
        RaftPeer listener =
                RaftPeer.newBuilder(known).setStartupRole(RaftPeerRole.LISTENER).build();
        return leader.set(without(members.voters(), known), with(members.listeners(), listener), deadlineNanos);
    }

    private ChangeEnd transfer(String id, Members members) {
        if (id.isEmpty()) {
            if (members.voters().size() == 1) {
                throw RefusedChangeException.of(
                        RejectReason.QUORUM_AT_RISK, "there is no other voter that could lead: add one first");
            }
        } else {
            RaftPeer target = checks.member(members, id);
            if (members.isListener(id)) {
                throw RefusedChangeException.of(
                        RejectReason.MEMBER_MISMATCH,
                        "member " + id + " is a listener and cannot lead: promote it first",
                        "member_id",
                        id);
            }
            if (leader.isSelf(id)) {
                return new ChangeEnd.Done();
            }
            checks.highestPriority(members, target);
            checks.answers(id);
        }
        String problem = leader.handOver(id);
        if (problem.isEmpty()) {
            return new ChangeEnd.Done();
        }
        throw RefusedChangeException.of(
                RejectReason.MEMBER_BEHIND, "leadership was not taken over: " + problem, "member_id", id);
    }

    private static @org.jspecify.annotations.Nullable RaftPeer find(Members members, String id) {
        return members.all().stream()
                .filter(peer -> peer.getId().toString().equals(id))
                .findFirst()
                .orElse(null);
    }

    private static boolean isSame(RaftPeer one, RaftPeer other) {
        return Members.peer(one).equals(Members.peer(other));
    }

    private static RaftPeer peer(String id, String raft, String client, int priority, boolean listener) {
        return RaftPeer.newBuilder()
                .setId(RaftPeerId.valueOf(id))
                .setAddress(raft)
                .setClientAddress(client)
                .setPriority(priority)
                .setStartupRole(listener ? RaftPeerRole.LISTENER : RaftPeerRole.FOLLOWER)
                .build();
    }

    private static List<RaftPeer> with(List<RaftPeer> peers, RaftPeer more) {
        List<RaftPeer> list = new ArrayList<>(peers);
        list.add(more);
        return list;
    }

    private static List<RaftPeer> without(List<RaftPeer> peers, RaftPeer less) {
        return peers.stream().filter(peer -> !peer.getId().equals(less.getId())).toList();
    }

    /** Time that followers have to take leadership over. */
    static Duration handOverTime(NodeSettings settings) {
        return settings.electionTimeoutMax();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

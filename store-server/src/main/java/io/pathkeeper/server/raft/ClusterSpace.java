package io.pathkeeper.server.raft;

import io.pathkeeper.server.disk.SpaceLevel;
import io.pathkeeper.server.disk.SpaceView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the disks of all voters allow. The leader asks each voter several times a second how its disk stands and tells it in the same question what it
 * refuses; a follower refuses what its leader refuses, so that no command travels for nothing.
 *
 * <p>One server with little space costs nothing: a majority stores without it. Safe for all threads.
 */
final class ClusterSpace {
    /** What is older counts as not known. The leader asks seven times in it. */
    static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);

    /** So long a leader with a full disk lets callers wait for the one that takes over. */
    static final long HAND_OVER_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final SpaceView own;
    private final String memberId;
    private final Map<String, Report> reports = new HashMap<>();
    private long term;
    private long ledSinceNanos;
    private boolean fullBefore;
    private long fullSinceNanos;
    private volatile Judged judged = new Judged(0, SpaceRefusal.NONE);
    private SpaceRefusal inherited = SpaceRefusal.NONE;
    private volatile @Nullable Told told;

    private record Report(SpaceLevel level, long nanos) {}

    private record Judged(long term, SpaceRefusal refusal) {}

    private record Told(SpaceRefusal refusal, long nanos) {}

    ClusterSpace(String memberId, SpaceView own) {
        this.memberId = memberId;
        this.own = own;
    }

    /** How this server's disk stands. */
    SpaceLevel own() {
        return own.level();
    }

    /** Another server has said how its disk stands. */
    synchronized void reported(String member, SpaceLevel level, long nowNanos) {
        reports.put(member, new Report(level, nowNanos));
    }

    /** The leader refuses this. */
    void told(SpaceRefusal refusal, long nowNanos) {
        told = new Told(refusal, nowNanos);
    }

    /**
     * Judges anew on the leader.
     *
     * @param readyTerm the term in which this server leads; 0 when it does not
     * @param voterSets sets of voters; each needs a majority
     */
    synchronized SpaceRefusal judge(long readyTerm, List<Set<String>> voterSets, long nowNanos) {
        if (readyTerm != term) {
            term = readyTerm;
            ledSinceNanos = nowNanos;
            reports.clear();
            inherited = lastTold(nowNanos);
        }
        SpaceRefusal worst = SpaceRefusal.NONE;
        if (readyTerm != 0) {
            for (Set<String> voters : voterSets) {
                SpaceRefusal one = judge(voters, nowNanos);
                worst = one.compareTo(worst) > 0 ? one : worst;
            }
            boolean full = own.level() == SpaceLevel.FULL;
            if (full && !fullBefore) {
                fullSinceNanos = nowNanos;
            }
            fullBefore = full;
            // callers wait, as nothing is written here, and whoever leads next does what they want
            if (full && (nowNanos - fullSinceNanos > HAND_OVER_NANOS || !canHandOver(voterSets, nowNanos))) {
                worst = SpaceRefusal.ALL;
            }
            told = new Told(worst, nowNanos); // for the time behind a hand-over, before the new leader has told
        }
        judged = new Judged(readyTerm, worst);
        return worst;
    }

    /** Servers that are silent store nothing either, but they are no reason by themselves: that is a matter of the quorum. */
    private SpaceRefusal judge(Set<String> voters, long nowNanos) {
        int well = 0;
        int able = 0;
        boolean allKnown = true;
        boolean low = false;
        boolean full = false;
        for (String voter : voters) {
            Report report = voter.equals(memberId) ? new Report(own.level(), nowNanos) : reports.get(voter);
            if (report == null || nowNanos - report.nanos() > FRESH_NANOS) {
                boolean unasked = report == null && nowNanos - ledSinceNanos <= FRESH_NANOS;
                well += unasked ? 1 : 0;
                able += unasked ? 1 : 0;
                allKnown &= !unasked;
                continue;
            }
            well += report.level() == SpaceLevel.ENOUGH ? 1 : 0;
            able += report.level() != SpaceLevel.FULL ? 1 : 0;
            low |= report.level() != SpaceLevel.ENOUGH;
            full |= report.level() == SpaceLevel.FULL;
        }
        if (full && able * 2 <= voters.size()) {
            return SpaceRefusal.ALL;
        }
        if (low && well * 2 <= voters.size()) {
            return SpaceRefusal.GROWTH;
        }
        // a new leader goes on with what the one before it refused until it has heard of everybody
        return allKnown ? SpaceRefusal.NONE : inherited;
    }

    private SpaceRefusal lastTold(long nowNanos) {
        Told last = told;
        return last != null && nowNanos - last.nanos() <= FRESH_NANOS ? last.refusal() : SpaceRefusal.NONE;
    }

    /** Whether a majority has said lately that it could store the first entry of a new leader. */
    synchronized boolean canChangeLeader(List<Set<String>> voterSets, long nowNanos) {
        return voterSets.stream().allMatch(voters -> {
            long able = voters.stream()
                    .filter(voter -> voter.equals(memberId) ? own.level() != SpaceLevel.FULL : isAble(voter, nowNanos))
                    .count();
            return able * 2 > voters.size();
        });
    }

    /** Whether there is somebody with enough space who could lead; false on a server that does not. */
    synchronized boolean canHandOver(List<Set<String>> voterSets, long nowNanos) {
        return canChangeLeader(voterSets, nowNanos)
                && voterSets.stream()
                        .flatMap(Set::stream)
                        .anyMatch(voter -> !voter.equals(memberId) && isWell(voter, nowNanos));
    }

    private boolean isAble(String voter, long nowNanos) {
        Report report = reports.get(voter);
        return report != null && report.level() != SpaceLevel.FULL && nowNanos - report.nanos() <= FRESH_NANOS;
    }

    /** Whether this voter has said lately that it has enough space. */
    synchronized boolean isWell(String member, long nowNanos) {
        Report report = reports.get(member);
        return report != null && report.level() == SpaceLevel.ENOUGH && nowNanos - report.nanos() <= FRESH_NANOS;
    }

    /** Whether nothing is refused whatever way commands take; asked for every command. */
    boolean refusesNothing() {
        Told last = told;
        return judged.refusal() == SpaceRefusal.NONE && (last == null || last.refusal() == SpaceRefusal.NONE);
    }

    /**
     * What is refused now by a server whose commands take this way. One that knows no leader goes on with what the last one told: a leader that was deposed
     * a moment ago may still be asking the others, and would tell them that all is well.
     */
    SpaceRefusal now(RatisProposer.Route route, long nowNanos) {
        Judged last = judged;
        boolean leads = route.kind() == RatisProposer.Route.Kind.LEADER;
        return leads && last.term() == route.term() ? last.refusal() : lastTold(nowNanos);
    }
}

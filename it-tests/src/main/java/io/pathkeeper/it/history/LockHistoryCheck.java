package io.pathkeeper.it.history;

import io.pathkeeper.it.history.LockHistory.Entry;
import io.pathkeeper.it.history.LockHistory.Look;
import io.pathkeeper.it.history.LockHistory.Mode;
import io.pathkeeper.it.history.LockHistory.Write;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checks a {@link LockHistory}. A grant counts as held only for as long as the history proves it: until its acknowledged release, or the last write
 * that was done under it. So a client that never learnt what became of its release is no violation.
 */
final class LockHistoryCheck {
    private static final int MAX_VIOLATIONS = 50;

    private record Held(Entry grant, long from, long until) {}

    private final LockHistory history;
    private final List<Entry> grants;
    private final List<String> violations = new ArrayList<>();
    /** By token, the grant with this token or a lower one that came last. */
    private final TreeMap<Long, Entry> lastComer = new TreeMap<>();
    /** By token, the revision of the last write under it. */
    private final Map<Long, Long> lastWrite = new HashMap<>();

    LockHistoryCheck(LockHistory history) {
        this.history = history;
        this.grants = new ArrayList<>(history.grants);
        grants.sort(Comparator.comparingLong(Entry::token).thenComparingLong(Entry::queuedRevision));
        Entry last = null;
        for (Entry grant : grants) {
            last = last == null || grant.queuedRevision() > last.queuedRevision() ? grant : last;
            lastComer.put(grant.token(), last);
        }
        history.writes.forEach(write -> lastWrite.merge(write.token(), write.revision(), Math::max));
    }

    List<String> violations() {
        tokensIncrease();
        grantsGoToTheLiving();
        grantsAreInTheOrderOfArrival();
        holdersAreCompatible();
        writesAreDoneByTheHolder();
        refusalsAreRight();
        looksAreRight();
        return violations;
    }

    /** Successive exclusive holders have increasing tokens, and one revision grants to one of them. */
    private void tokensIncrease() {
        Set<Long> exclusive = new HashSet<>();
        for (Entry grant : grants) {
            if (grant.mode() == Mode.EXCLUSIVE && !exclusive.add(grant.token())) {
                violated("token used twice: " + grant.name());
            }
            if (grant.token() <= 0 || grant.queuedRevision() > grant.token()) {
                violated("token below the revision of its arrival " + grant.queuedRevision() + ": " + grant.name());
            }
        }
    }

    private void grantsGoToTheLiving() {
        for (Entry grant : grants) {
            long end = endOfSession(grant.session());
            if (end <= grant.token()) {
                violated("granted to the dead: " + grant.name() + ", its session ended at revision " + end);
            }
        }
    }

    private void grantsAreInTheOrderOfArrival() {
        long newest = 0;
        for (Entry grant : grants) {
            if (grant.queuedRevision() == 0) {
                continue;
            }
            if (grant.queuedRevision() < newest) {
                violated("overtaken: " + grant.name() + " came at revision " + grant.queuedRevision()
                        + " and was granted behind one that came at " + newest);
            }
            newest = Math.max(newest, grant.queuedRevision());
        }
    }

    private void holdersAreCompatible() {
        List<Held> holding = new ArrayList<>();
        for (Entry grant : grants) {
            Held held = new Held(grant, grant.token(), provenUntil(grant));
            holding.removeIf(other -> other.until() <= held.from());
            for (Held other : holding) {
                if (excludes(grant, other.grant())) {
                    violated("two holders at revision " + held.from() + ": "
                            + other.grant().name() + " until " + other.until() + " and " + grant.name());
                }
            }
            holding.add(held);
            long permits = holding.stream().mapToLong(h -> h.grant().permits()).sum();
            if (permits > history.maxPermits) {
                violated(permits + " of " + history.maxPermits + " permits held at revision " + held.from());
            }
        }
    }

    private void writesAreDoneByTheHolder() {
        Map<Long, Entry> byToken = new HashMap<>();
        grants.forEach(grant -> byToken.put(grant.token(), grant));
        for (Write write : history.writes) {
            Entry grant = byToken.get(write.token());
            if (grant == null) {
                violated("write at revision " + write.revision() + " under token " + write.token()
                        + ", which nobody was given");
                continue;
            }
            long end = Math.min(released(grant), endOfSession(grant.session()));
            if (write.revision() <= grant.token() || write.revision() >= end) {
                violated("write at revision " + write.revision() + " outside of the grant: " + grant.name() + " until "
                        + end);
            }
        }
    }

    /** Who releases a grant with success behind a refused write held it when the write was refused. */
    private void refusalsAreRight() {
        Set<Long> refused = new HashSet<>(history.refusals);
        for (Entry grant : grants) {
            if (refused.contains(grant.token()) && released(grant) != Long.MAX_VALUE) {
                violated("write refused though the lock was held until revision " + released(grant) + ": "
                        + grant.name());
            }
        }
    }

    private void looksAreRight() {
        for (Look look : history.looks) {
            compatible(look);
            long newest = 0;
            for (Entry waiter : look.waiters()) {
                if (waiter.queuedRevision() < newest) {
                    violated("queue out of order at revision " + look.revision() + ": " + waiter.name());
                }
                newest = waiter.queuedRevision();
            }
            if (!look.waiters().isEmpty()) {
                overtaken(look, look.waiters().get(0)); // whoever overtook another one overtook the first, too
            }
            for (List<Entry> entries : List.of(look.holders(), look.waiters())) {
                for (Entry entry : entries) {
                    if (endOfSession(entry.session()) <= look.revision()) {
                        violated("the dead are still there at revision " + look.revision() + ": " + entry.name());
                    }
                }
            }
        }
    }

    private void compatible(Look look) {
        List<Entry> holders = look.holders();
        for (int i = 0; i < holders.size(); i++) {
            for (int j = i + 1; j < holders.size(); j++) {
                if (excludes(holders.get(i), holders.get(j))) {
                    violated("two holders seen at revision " + look.revision() + ": "
                            + holders.get(i).name() + " and " + holders.get(j).name());
                }
            }
        }
        long permits = holders.stream().mapToLong(Entry::permits).sum();
        if (permits > history.maxPermits) {
            violated(permits + " of " + history.maxPermits + " permits seen held at revision " + look.revision());
        }
    }

    /** Of the grants up to the look the one that came last shows whether there is any that overtook. */
    private void overtaken(Look look, Entry waiter) {
        Map.Entry<Long, Entry> upToLook = lastComer.floorEntry(look.revision());
        if (upToLook != null) {
            Entry grant = upToLook.getValue();
            if (grant.queuedRevision() > waiter.queuedRevision()) {
                violated("overtaken: " + waiter.name() + ", which came at revision " + waiter.queuedRevision()
                        + ", waited at " + look.revision() + " while " + grant.name() + " was granted, which came at "
                        + grant.queuedRevision());
            }
        }
    }

    private static boolean excludes(Entry one, Entry other) {
        return one.mode() == Mode.EXCLUSIVE || other.mode() == Mode.EXCLUSIVE || one.mode() != other.mode();
    }

    /** The first revision at which it is not proven that a grant still held. */
    private long provenUntil(Entry grant) {
        long released = released(grant);
        if (released != Long.MAX_VALUE) {
            return released;
        }
        return Math.max(grant.token(), lastWrite.getOrDefault(grant.token(), 0L)) + 1;
    }

    private long released(Entry grant) {
        Map<String, Long> ofToken = history.releases.get(grant.token());
        return ofToken == null ? Long.MAX_VALUE : ofToken.getOrDefault(grant.holder(), Long.MAX_VALUE);
    }

    private long endOfSession(long session) {
        return history.sessionEnds.getOrDefault(session, Long.MAX_VALUE);
    }

    private void violated(String sentence) {
        if (violations.size() < MAX_VIOLATIONS) {
            violations.add(sentence);
        }
    }
}

package io.pathkeeper.it.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Ephemeral znodes of sessions and how an observer saw them go: all that a session leaves must go in one revision and one batch of events.
 * Safe to record from any thread.
 */
public final class SessionEndings {
    private record Batch(long revision, List<String> paths) {}

    private final Map<String, Long> owners = new HashMap<>();
    private final Map<Long, Set<String>> owned = new TreeMap<>();
    private final List<Batch> batches = new ArrayList<>();
    private final Set<String> deleted = new HashSet<>();
    private final List<String> usedBehindEnd = new ArrayList<>();
    private int usedBehindEndCount;
    private final Set<String> told = new HashSet<>();
    private boolean missed;

    /** Records that an ephemeral znode of a session may be there from now on. */
    public synchronized void creating(long session, String path) {
        owners.put(path, session);
    }

    /** Records an ephemeral znode of a session that was created. */
    public synchronized void created(long session, String path) {
        owners.put(path, session);
        owned.computeIfAbsent(session, id -> new TreeSet<>()).add(path);
    }

    /** Records the paths that one batch of events tells to be deleted at a revision. */
    public synchronized void deleted(long revision, List<String> paths) {
        batches.add(new Batch(revision, List.copyOf(paths)));
        deleted.addAll(paths);
    }

    /**
     * Records what a server answered to a use of a session that was over before the use began.
     *
     * @param use what was tried, and where
     * @param reason of the refusal; empty when it was done, or refused for none
     */
    public synchronized void usedBehindEnd(long session, String use, String reason) {
        usedBehindEndCount++;
        if (!reason.equals("SESSION_EXPIRED")) {
            usedBehindEnd.add("session " + session + " was over, and " + use + " was "
                    + (reason.isEmpty() ? "not refused with a reason" : "refused with " + reason));
        }
    }

    /** How often a session that was over was used. */
    public synchronized int usedBehindEndCount() {
        return usedBehindEndCount;
    }

    /** Records a znode that the observer was told of. */
    public synchronized void told(String path) {
        told.add(path);
    }

    /** Records that the observer missed changes; these znodes, of which it had been told, are gone, and others may have come and gone. */
    public synchronized void missed(Collection<String> gone) {
        missed = true;
        deleted.addAll(gone);
    }

    /** Whether a znode that was created went, or came and went while the observer missed changes. */
    private boolean isGone(String path) {
        return deleted.contains(path) || (missed && !told.contains(path));
    }

    /** Number of sessions of which something was deleted. */
    public synchronized int endedCount() {
        return (int) deleted.stream().map(owners::get).distinct().count();
    }

    /** Returns whether everything of a session was deleted. */
    public synchronized boolean hasEnded(long session) {
        return owned.getOrDefault(session, Set.of()).stream().allMatch(this::isGone);
    }

    /** Returns whether everything of all sessions was deleted. */
    public synchronized boolean isComplete() {
        return owned.values().stream().flatMap(Set::stream).allMatch(this::isGone);
    }

    /** Returns a sentence for every session whose znodes did not go together; sessions that have all their znodes are well, too. */
    public synchronized List<String> violations() {
        List<String> violations = new ArrayList<>(usedBehindEnd);
        Map<Long, List<Batch>> ends = new TreeMap<>();
        Set<String> seen = new HashSet<>();
        for (Batch batch : batches) {
            Set<Long> sessions = new TreeSet<>();
            for (String path : batch.paths()) {
                Long session = owners.get(path);
                if (session == null) {
                    violations.add(path + " was deleted at revision " + batch.revision() + " but never created");
                } else if (!seen.add(path)) {
                    violations.add(path + " was deleted twice at revision " + batch.revision());
                } else {
                    sessions.add(session);
                }
            }
            sessions.forEach(session ->
                    ends.computeIfAbsent(session, id -> new ArrayList<>()).add(batch));
        }
        ends.forEach((session, ofSession) -> check(session, ofSession, violations));
        return violations;
    }

    private void check(long session, List<Batch> ends, List<String> violations) {
        Set<Long> revisions = new TreeSet<>();
        ends.forEach(batch -> revisions.add(batch.revision()));
        if (revisions.size() != 1) {
            violations.add("what session " + session + " left went at revisions " + revisions);
        } else if (ends.size() != 1) {
            violations.add("what session " + session + " left went in " + ends.size() + " batches");
        }
        Set<String> left = new TreeSet<>(owned.getOrDefault(session, Set.of()));
        left.removeIf(this::isGone);
        if (!left.isEmpty()) {
            violations.add("session " + session + " ended at revision " + revisions + " and left " + left);
        }
    }
}

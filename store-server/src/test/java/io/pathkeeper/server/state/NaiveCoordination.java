package io.pathkeeper.server.state;

import io.pathkeeper.server.coordination.CoordinationChange;
import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.coordination.LockMode;
import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.session.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The reference for sessions and locks: plain maps and lists, everything counted by looking at all of it. Results are texts. */
class NaiveCoordination {
    private static final class Lock {
        boolean election;
        long maxPermits;
        long notBefore;
        final List<LockEntry> holders = new ArrayList<>();
        final List<LockEntry> waiters = new ArrayList<>();

        boolean isIdle() {
            return holders.isEmpty() && waiters.isEmpty();
        }
    }

    private final StateLimits.Coordination limits;
    final TreeMap<Long, Session> sessions = new TreeMap<>();
    private final TreeMap<String, Lock> locks = new TreeMap<>(NaiveStore::treeOrder);
    long nextSession = 1;
    private long revision;
    private long cluster;
    private boolean changed;
    private List<String> events = new ArrayList<>();

    NaiveCoordination(StateLimits limits) {
        this.limits = limits.coordination();
    }

    /** A command begins behind this revision. */
    void begin(long newRevision, long newCluster) {
        revision = newRevision;
        cluster = newCluster;
        changed = false;
        events = new ArrayList<>();
    }

    boolean changed() {
        return changed;
    }

    List<String> events() {
        return events;
    }

    private void event(String text) {
        changed = true;
        events.add(text);
    }

    void check(SessionKey key) throws NaiveStore.Refused {
        Session session = sessions.get(key.id());
        if (session == null) {
            boolean was = key.id() > 0 && key.id() < nextSession;
            throw new NaiveStore.Refused(was ? RejectReason.SESSION_EXPIRED : RejectReason.SESSION_NOT_FOUND);
        }
        if (!Arrays.equals(session.secret(), key.secret())) {
            throw new NaiveStore.Refused(RejectReason.SESSION_SECRET_WRONG);
        }
    }

    void check(Guard guard) throws NaiveStore.Refused {
        if (guard instanceof Guard.SessionOpen open) {
            check(open.session());
        } else if (guard instanceof Guard.LockHeld held) {
            Lock lock = locks.get(held.path().toString());
            if (lock == null || lock.holders.stream().noneMatch(entry -> entry.token() == held.token())) {
                throw new NaiveStore.Refused(RejectReason.LOCK_NOT_HELD);
            }
        }
    }

    String open(Command.CreateSession create, long wall) throws NaiveStore.Refused {
        if (create.timeoutMillis() < 1_000 || create.timeoutMillis() > 300_000) {
            throw new NaiveStore.Refused(RejectReason.ARGUMENT_INVALID);
        }
        if (sessions.size() >= limits.maxSessions()) {
            throw new NaiveStore.Refused(RejectReason.QUOTA_EXCEEDED);
        }
        Session session = new Session(
                nextSession++,
                create.secret(),
                create.timeoutMillis(),
                create.clientIdentity(),
                create.labels(),
                create.address(),
                revision + 1,
                wall);
        sessions.put(session.id(), session);
        event("opened " + session);
        return "opened " + session + " revision=" + (revision + 1);
    }

    /** Begins the end of a session. */
    void ending(long id, boolean expired) {
        event("ended " + id + " " + expired);
    }

    /** Takes all locks and places of a session, and the session. */
    void end(long id, boolean expired) {
        for (String path : new ArrayList<>(locks.keySet())) {
            Lock lock = locks.get(path);
            boolean touched = false;
            for (LockEntry entry : new ArrayList<>(lock.holders)) {
                if (entry.sessionId() == id) {
                    lock.holders.remove(entry);
                    event(text(path, lock.election, "RELEASED", entry));
                    if (expired && entry.lockDelayMillis() > 0) {
                        lock.notBefore = Math.max(lock.notBefore, cluster + entry.lockDelayMillis());
                    }
                    touched = true;
                }
            }
            for (LockEntry entry : new ArrayList<>(lock.waiters)) {
                if (entry.sessionId() == id) {
                    lock.waiters.remove(entry);
                    event(text(path, lock.election, "LEFT", entry));
                    touched = true;
                }
            }
            if (touched) {
                grant(path, lock);
            }
        }
        sessions.remove(id);
    }

    private boolean fits(Lock lock, LockEntry wish) {
        long held = lock.holders.stream().mapToLong(LockEntry::permits).sum();
        return switch (wish.mode()) {
            case EXCLUSIVE -> lock.holders.isEmpty();
            case SHARED -> lock.holders.stream().allMatch(entry -> entry.mode() == LockMode.SHARED);
            case PERMITS -> held + wish.permits() <= lock.maxPermits;
        };
    }

    /** Which waiter is next. */
    protected int next(List<LockEntry> waiters) {
        return 0;
    }

    private void grant(String path, Lock lock) {
        while (!lock.waiters.isEmpty()
                && cluster >= lock.notBefore
                && fits(lock, lock.waiters.get(next(lock.waiters)))) {
            LockEntry entry = lock.waiters.remove(next(lock.waiters)).granted(revision + 1);
            lock.holders.add(entry);
            lock.notBefore = 0;
            event(text(path, lock.election, "GRANTED", entry));
        }
        if (lock.isIdle() && lock.notBefore == 0) {
            locks.remove(path);
        }
    }

    String acquire(Command.Acquire a) throws NaiveStore.Refused {
        boolean permitsFit = a.mode() == LockMode.PERMITS
                ? a.maxPermits() >= 1 && a.permits() >= 1 && a.permits() <= a.maxPermits()
                : a.permits() == 0 && a.maxPermits() == 0;
        boolean valueFits = a.election() == a.value().length > 0;
        if (!permitsFit || !valueFits || (a.election() && a.mode() != LockMode.EXCLUSIVE)) {
            throw new NaiveStore.Refused(RejectReason.ARGUMENT_INVALID);
        }
        check(a.session());
        String path = a.path().toString();
        Lock lock = locks.get(path);
        if (lock == null || lock.isIdle()) {
            Lock fresh = new Lock();
            fresh.election = a.election();
            fresh.maxPermits = a.maxPermits();
            fresh.notBefore = lock == null ? 0 : lock.notBefore;
            lock = fresh;
        } else if (lock.election != a.election() || lock.maxPermits != a.maxPermits()) {
            throw new NaiveStore.Refused(RejectReason.LOCK_MODE_MISMATCH);
        }
        for (List<LockEntry> list : List.of(lock.holders, lock.waiters)) {
            for (LockEntry entry : list) {
                if (entry.belongsTo(a.session().id(), a.holderId())) {
                    if (entry.mode() != a.mode() || entry.permits() != a.permits()) {
                        throw new NaiveStore.Refused(RejectReason.LOCK_MODE_MISMATCH);
                    }
                    boolean waits = list == lock.waiters;
                    return acquired(entry, waits ? list.indexOf(entry) : 0, waits ? lock.holders : List.of(), revision);
                }
            }
        }
        return acquireNew(a, path, lock);
    }

    private String acquireNew(Command.Acquire a, String path, Lock lock) throws NaiveStore.Refused {
        LockEntry wish = new LockEntry(
                a.session().id(),
                a.holderId(),
                a.mode(),
                a.permits(),
                0,
                revision + 1,
                revision + 1,
                a.lockDelayMillis(),
                a.note(),
                a.value());
        boolean waits = !lock.waiters.isEmpty() || cluster < lock.notBefore || !fits(lock, wish);
        if (waits && !a.queue()) {
            return acquired(null, lock.waiters.size(), lock.holders, revision);
        }
        long all = locks.values().stream()
                .mapToLong(each -> each.holders.size() + each.waiters.size())
                .sum();
        if ((waits && lock.waiters.size() >= limits.maxWaiters())
                || entries(a.session().id()) >= limits.maxLocksPerSession()
                || all >= limits.maxLockEntries()) {
            throw new NaiveStore.Refused(RejectReason.QUOTA_EXCEEDED);
        }
        checkValues(a.value().length);
        locks.put(path, lock);
        lock.waiters.add(wish);
        int place = events.size();
        grant(path, lock);
        changed = true;
        for (LockEntry entry : lock.holders) {
            if (entry.belongsTo(wish.sessionId(), wish.holderId())) {
                return acquired(entry, 0, List.of(), revision + 1);
            }
        }
        events.add(place, text(path, lock.election, "QUEUED", wish));
        return acquired(wish, lock.waiters.indexOf(wish), lock.holders, revision + 1);
    }

    private void checkValues(int more) throws NaiveStore.Refused {
        long all = locks.values().stream()
                .flatMap(each -> Stream.concat(each.holders.stream(), each.waiters.stream()))
                .mapToLong(entry -> entry.value().length)
                .sum();
        if (more > 0 && all + more > limits.maxProclaimedBytes()) {
            throw new NaiveStore.Refused(RejectReason.QUOTA_EXCEEDED);
        }
    }

    String release(Command.Release release) throws NaiveStore.Refused {
        check(release.session());
        String path = release.path().toString();
        Lock lock = locks.get(path);
        if (lock == null || lock.isIdle()) {
            throw new NaiveStore.Refused(RejectReason.LOCK_NOT_HELD);
        }
        if (lock.election != release.election()) {
            throw new NaiveStore.Refused(RejectReason.LOCK_MODE_MISMATCH);
        }
        for (List<LockEntry> list : List.of(lock.holders, lock.waiters)) {
            for (LockEntry entry : list) {
                boolean right = release.token() == 0 || (entry.token() == release.token() && list == lock.holders);
                if (entry.belongsTo(release.session().id(), release.holderId()) && right) {
                    list.remove(entry);
                    event(text(path, lock.election, list == lock.holders ? "RELEASED" : "LEFT", entry));
                    grant(path, lock);
                    return "released revision=" + (revision + 1);
                }
            }
        }
        throw new NaiveStore.Refused(RejectReason.LOCK_NOT_HELD);
    }

    String proclaim(Command.Proclaim proclaim) throws NaiveStore.Refused {
        check(proclaim.session());
        String path = proclaim.path().toString();
        Lock lock = locks.get(path);
        if (lock != null && !lock.isIdle() && !lock.election) {
            throw new NaiveStore.Refused(RejectReason.LOCK_MODE_MISMATCH);
        }
        for (int i = 0; lock != null && i < lock.holders.size(); i++) {
            LockEntry entry = lock.holders.get(i);
            if (entry.belongsTo(proclaim.session().id(), proclaim.candidateId()) && entry.token() == proclaim.term()) {
                checkValues(proclaim.value().length - entry.value().length);
                LockEntry after = entry.proclaimed(proclaim.value(), revision + 1);
                lock.holders.set(i, after);
                event(text(path, true, "PROCLAIMED", after));
                return "proclaimed revision=" + (revision + 1);
            }
        }
        throw new NaiveStore.Refused(RejectReason.LOCK_NOT_HELD);
    }

    void tick(int limit) {
        for (int i = 0; i < limit; i++) {
            String due = null;
            for (String path : locks.keySet()) {
                long end = locks.get(path).notBefore;
                if (end > 0 && end <= cluster && (due == null || end < locks.get(due).notBefore)) {
                    due = path;
                }
            }
            if (due == null) {
                return;
            }
            changed = true;
            locks.get(due).notBefore = 0;
            grant(due, locks.get(due));
        }
    }

    long entries(long session) {
        long count = 0;
        for (Lock lock : locks.values()) {
            count += lock.holders.stream().filter(e -> e.sessionId() == session).count();
            count += lock.waiters.stream().filter(e -> e.sessionId() == session).count();
        }
        return count;
    }

    /** A token that is held now, or one that is not. */
    long someToken(String path, int otherwise) {
        Lock lock = locks.get(path);
        return lock == null || lock.holders.isEmpty()
                ? otherwise
                : lock.holders.get(0).token();
    }

    long earliestDelay() {
        return locks.values().stream()
                .mapToLong(lock -> lock.notBefore)
                .filter(end -> end > 0)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    List<String> lockTexts() {
        List<String> texts = new ArrayList<>();
        locks.forEach((path, lock) -> texts.add(path + " " + lock.election + " " + lock.maxPermits + " "
                + texts(lock.holders) + " " + texts(lock.waiters) + " " + lock.notBefore));
        return texts;
    }

    static String text(LockState lock) {
        return lock.path() + " " + lock.election() + " " + lock.maxPermits() + " " + texts(lock.holders()) + " "
                + texts(lock.waiters()) + " " + lock.notBeforeMillis();
    }

    static String text(CoordinationChange change) {
        if (change instanceof CoordinationChange.SessionOpened opened) {
            return "opened " + opened.session();
        } else if (change instanceof CoordinationChange.SessionEnded ended) {
            return "ended " + ended.sessionId() + " " + ended.expired();
        }
        CoordinationChange.LockChanged lock = (CoordinationChange.LockChanged) change;
        return text(lock.path().toString(), lock.election(), lock.kind().name(), lock.entry());
    }

    private static String text(String path, boolean election, String kind, LockEntry entry) {
        return kind + " " + path + " " + election + " " + text(entry);
    }

    static String acquired(LockEntry entry, int position, List<LockEntry> holders, long at) {
        return "acquired " + (entry == null ? "nothing" : text(entry)) + " position=" + position + " " + texts(holders)
                + " revision=" + at;
    }

    private static List<String> texts(List<LockEntry> entries) {
        return entries.stream().map(NaiveCoordination::text).toList();
    }

    private static String text(LockEntry e) {
        return e.sessionId() + "/" + e.holderId() + " " + e.mode() + " " + e.permits() + " #" + e.token() + " came "
                + e.queuedRevision() + " changed " + e.modifiedRevision() + " delay " + e.lockDelayMillis() + " "
                + e.note() + " " + Arrays.toString(e.value());
    }
}

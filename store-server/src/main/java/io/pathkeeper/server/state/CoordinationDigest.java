package io.pathkeeper.server.state;

import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.value.ValueHash;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hashes of sessions and locks; the digest is their sum, so that a change of one changes it by a difference. The order of the
 * entries of a lock follows from their revisions. Servers of different versions compare digests: a change here is a change of
 * format. Stateless.
 */
final class CoordinationDigest {
    private static final long NEXT_ID = 0x4e65787453657373L;
    private static final long SESSION = 0x53657373696f6e73L;
    private static final long LOCK = 0x4c6f636b46616374L;
    private static final long HOLDER = 0x4c6f636b486f6c64L;
    private static final long WAITER = 0x4c6f636b57616974L;

    private CoordinationDigest() {}

    /** Hash of the counter of ids; 0 when no session was ever opened. */
    static long ofNextId(long nextId) {
        return nextId == 1 ? 0 : ValueHash.mix(NEXT_ID ^ nextId);
    }

    static long of(Session session) {
        long h = ValueHash.mix(SESSION ^ session.id());
        h = ValueHash.mix(h + ValueHash.hash64(session.secret()));
        h = ValueHash.mix(h + session.timeoutMillis());
        h = ValueHash.mix(h + ofText(session.clientIdentity()));
        for (Map.Entry<String, String> label : session.labels().entrySet()) {
            h = ValueHash.mix(h + ofText(label.getKey()));
            h = ValueHash.mix(h + ofText(label.getValue()));
        }
        h = ValueHash.mix(h + ofText(session.address()));
        h = ValueHash.mix(h + session.createdRevision());
        return ValueHash.mix(h + session.createdAtMillis());
    }

    /** By how much the digest grows when one state of a lock follows another; only what differs is hashed. */
    static long difference(@Nullable LockState before, LockState after) {
        long path = ValueHash.hash64(after.path().utf8());
        long difference = ofFacts(path, after);
        if (before == null) {
            return difference
                    + difference(path ^ HOLDER, List.of(), after.holders())
                    + difference(path ^ WAITER, List.of(), after.waiters());
        }
        return difference
                - ofFacts(path, before)
                + difference(path ^ HOLDER, before.holders(), after.holders())
                + difference(path ^ WAITER, before.waiters(), after.waiters());
    }

    /** Hash of what a lock has beside its entries; 0 for one that is not kept. */
    private static long ofFacts(long path, LockState lock) {
        if (lock.isIdle() && lock.notBeforeMillis() == 0) {
            return 0;
        }
        long h = ValueHash.mix(path ^ LOCK);
        h = ValueHash.mix(h + (lock.election() ? 1 : 0));
        h = ValueHash.mix(h + lock.maxPermits());
        return ValueHash.mix(h + lock.notBeforeMillis());
    }

    /** Entries that both lists share at their begin and their end, as the same objects, are left out. */
    private static long difference(long seed, List<LockEntry> before, List<LockEntry> after) {
        int most = Math.min(before.size(), after.size());
        int from = 0;
        while (from < most && before.get(from) == after.get(from)) {
            from++;
        }
        int behind = 0;
        while (behind < most - from && before.get(before.size() - 1 - behind) == after.get(after.size() - 1 - behind)) {
            behind++;
        }
        return sum(seed, after, from, after.size() - behind) - sum(seed, before, from, before.size() - behind);
    }

    private static long sum(long seed, List<LockEntry> entries, int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += of(seed, entries.get(i));
        }
        return sum;
    }

    private static long of(long seed, LockEntry entry) {
        long h = ValueHash.mix(seed + entry.sessionId());
        h = ValueHash.mix(h + ofText(entry.holderId()));
        h = ValueHash.mix(h + entry.mode().ordinal());
        h = ValueHash.mix(h + entry.permits());
        h = ValueHash.mix(h + entry.token());
        h = ValueHash.mix(h + entry.queuedRevision());
        h = ValueHash.mix(h + entry.modifiedRevision());
        h = ValueHash.mix(h + entry.lockDelayMillis());
        h = ValueHash.mix(h + ofText(entry.note()));
        return ValueHash.mix(h + ValueHash.hash64(entry.value()));
    }

    private static long ofText(String text) {
        return ValueHash.hash64(text.getBytes(StandardCharsets.UTF_8));
    }
}

package io.pathkeeper.server.raft;

import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.StateDivergedException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Digests of this server's tree at positions of the log that all servers share: the ends of entries that hold a check. The
 * leader's next check carries its digest of the last position, and every server compares it with its own.
 *
 * <p>Through its monitor: the apply thread marks and checks, the leader's duties read the newest.
 */
final class DigestMarks {
    private static final int KEPT = 16;

    /** A digest at a revision. */
    record Mark(long revision, long digest) {}

    private final Map<Long, Long> byRevision = new LinkedHashMap<>();
    private @Nullable Mark newest;

    synchronized void mark(long revision, long digest) {
        byRevision.put(revision, digest);
        newest = new Mark(revision, digest);
        if (byRevision.size() > KEPT) {
            byRevision.remove(byRevision.keySet().iterator().next());
        }
    }

    synchronized @Nullable Mark newest() {
        return newest;
    }

    /** Throws when this server had another digest at that revision. Without a mark there, nothing can be said. */
    synchronized void check(Command.CheckDigest check) {
        Long mine = byRevision.get(check.revision());
        if (mine != null && mine != check.digest()) {
            throw new StateDivergedException(check.revision(), check.digest(), mine);
        }
    }

    /** The state was replaced. */
    synchronized void clear() {
        byRevision.clear();
        newest = null;
    }
}

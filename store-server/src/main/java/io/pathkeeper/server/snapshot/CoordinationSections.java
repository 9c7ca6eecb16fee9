package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.state.StateRestorer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the sections of sessions and of locks, record by record. Of one thread. */
final class CoordinationSections {
    private final StateRestorer restorer;
    private final CoordinationDecoder decoder;
    private boolean begun;
    private long sessionsLeft;
    private CoordinationDecoder.@Nullable LockFacts lock;
    private final List<LockEntry> entries = new ArrayList<>();

    CoordinationSections(StateRestorer restorer, CoordinationDecoder decoder) {
        this.restorer = restorer;
        this.decoder = decoder;
    }

    /** The first record has the counter of ids and the number of sessions that follow. */
    void readSession(ByteSource source) throws CorruptBytesException {
        if (!begun) {
            begun = true;
            restorer.nextSessionId(source.getVarint());
            sessionsLeft = source.getVarint();
        } else {
            sessionsLeft--;
            restorer.session(decoder.session(source));
        }
    }

    void readLock(ByteSource source) throws CorruptBytesException {
        CoordinationDecoder.LockFacts facts = lock;
        if (facts == null) {
            facts = decoder.lock(source);
            lock = facts;
        } else {
            entries.add(decoder.entry(source));
        }
        if (entries.size() == (long) facts.holders() + facts.waiters()) {
            restorer.lock(new LockState(
                    facts.path(),
                    facts.election(),
                    facts.maxPermits(),
                    List.copyOf(entries.subList(0, facts.holders())),
                    List.copyOf(entries.subList(facts.holders(), entries.size())),
                    facts.notBeforeMillis()));
            entries.clear();
            lock = null;
        }
    }

    /** What is missing at the end of the file, or null. */
    @Nullable
    String problem() {
        if (sessionsLeft != 0) {
            return "the number of sessions differs by " + sessionsLeft + " from what their section begins with";
        }
        return lock == null ? null : "the entries of the lock " + lock.path() + " are not complete";
    }
}

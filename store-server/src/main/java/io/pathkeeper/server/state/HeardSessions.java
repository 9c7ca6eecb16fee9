package io.pathkeeper.server.state;

import java.util.Arrays;

/**
 * The sessions whose clients asked for something in the entry that is being applied, whatever came of it. Not part of the replicated state:
 * a leader takes them as signs of life. Costs nothing for commands without a session. Apply thread.
 */
final class HeardSessions {
    private static final long[] NOBODY = {};

    private long[] ids = NOBODY;
    private int count;

    /** Notes a session whose secret was right; one that several commands in a row carry stands there once. */
    void add(long id) {
        if (count > 0 && ids[count - 1] == id) {
            return;
        }
        if (count == ids.length) {
            ids = Arrays.copyOf(ids, Math.max(8, 2 * count));
        }
        ids[count++] = id;
    }

    /** Begins anew. */
    void clear() {
        if (count > 0) {
            ids = NOBODY;
            count = 0;
        }
    }

    /** All since the begin. */
    long[] all() {
        return count == 0 ? NOBODY : Arrays.copyOf(ids, count);
    }
}
